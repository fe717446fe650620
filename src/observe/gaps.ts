import { LakeFailure } from '../core/lake.ts';
import type { Gap } from '../core/state.ts';

/** Notes what could not be read. */
export type OnGap = (gap: Omit<Gap, 'lake'>) => void;

/** What the service said; what is no failure of the service is thrown again. */
export function textOf(thrown: unknown): string {
  if (!(thrown instanceof LakeFailure)) throw thrown;
  return `${thrown.operation} answered ${thrown.code}: ${thrown.message}`;
}
