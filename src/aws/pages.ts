import { LakeFailure } from '../core/lake.ts';
import { type RetryPolicy, retrying } from './retry.ts';

/** A listing that comes in pages. */
export interface Listing<T> {
  readonly operation: string;
  readonly policy: RetryPolicy;
  readonly ask: (token: string | undefined) => Promise<T>;
  readonly tokenOf: (page: T) => string | undefined;
}

/** The pages of a listing, one after the other. Only the token tells the end: pages may be short or empty. */
export async function* pagesOf<T>({ operation, policy, ask, tokenOf }: Listing<T>): AsyncGenerator<T> {
  let token: string | undefined;
  do {
    const page = await retrying(operation, () => ask(token), { policy, isRead: true });
    yield page;
    token = nextToken(operation, tokenOf(page), token);
  } while (token !== undefined);
}

/** The token of the next page; a token that comes back unchanged would never end. */
export function nextToken(operation: string, next: string | undefined, last: string | undefined): string | undefined {
  if (next === undefined || next === '') return undefined;
  if (next === last)
    throw new LakeFailure({
      operation,
      code: 'RepeatedToken',
      message: 'the service sent the same page token twice',
      kind: 'final',
    });
  return next;
}
