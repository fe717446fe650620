import { explanation } from '../core/explain.ts';
import { LakeFailure, outOfTime } from '../core/lake.ts';
import type { Gap } from '../core/state.ts';

/** Notes what could not be read. */
export type OnGap = (gap: Omit<Gap, 'lake'>) => void;

/**
 * What could not be read, with what the service said and what would help: by the known error, or where it
 * is none, what is given. What is no failure of the service is thrown again.
 */
export function unread(what: string, thrown: unknown, otherwise?: string): Pick<Gap, 'message' | 'hint'> {
  if (!(thrown instanceof LakeFailure)) throw thrown;
  const { operation, code, message } = thrown;
  const hint = code === outOfTime ? takesLong : (explanation({ code, text: message }) ?? otherwise);
  return { message: `${what}: ${operation} answered ${code}: ${message}`, ...(hint === undefined ? {} : { hint }) };
}

/** What helps with an account that is not waited for any longer. */
export const takesLong = 'give it longer with --account-timeout, or find out what keeps it';
