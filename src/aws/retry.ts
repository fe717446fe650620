import pRetry from 'p-retry';
import { LakeFailure, outOfTime } from '../core/lake.ts';
import { failureOf } from './failure.ts';

/** How often and how patiently a call is tried again. */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly retries: number;
  /** The shortest and longest wait between two tries, in milliseconds; each wait is drawn at random below a doubling bound. */
  readonly minimum: number;
  readonly maximum: number;
  /** Why nothing is tried any more, where that is so: asked before every try. */
  readonly isOver?: () => string | undefined;
}

/** Ten tries over about a minute and a half: IAM takes its time to spread a new principal. */
export const patient: RetryPolicy = { retries: 9, minimum: 250, maximum: 20_000 };

/** How long to wait before a further try, in milliseconds, as `retrying` does; the first of them is 1. */
export function waitBefore(attempt: number, { minimum, maximum }: RetryPolicy): number {
  return Math.min(maximum, (1 + Math.random()) * minimum * 2 ** (attempt - 1));
}

/** Makes one call, tried again after a passing failure; a read also after one whose outcome is unknown. */
export async function retrying<T>(
  operation: string,
  call: () => Promise<T>,
  options: { readonly policy: RetryPolicy; readonly isRead: boolean },
): Promise<T> {
  const { policy, isRead } = options;
  try {
    return await pRetry(
      async () => {
        const over = policy.isOver?.();
        if (over !== undefined) throw new LakeFailure({ operation, code: outOfTime, message: over, kind: 'final' });
        try {
          return await call();
        } catch (thrown) {
          throw failureOf(operation, thrown);
        }
      },
      {
        retries: policy.retries,
        minTimeout: policy.minimum,
        maxTimeout: policy.maximum,
        randomize: true,
        shouldRetry: ({ error }) =>
          error instanceof LakeFailure && (error.kind === 'passing' || (isRead && error.kind === 'unknown')),
      },
    );
  } catch (thrown) {
    throw failureOf(operation, thrown);
  }
}
