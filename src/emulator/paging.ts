import type { Call } from './call.ts';
import { strike } from './call.ts';
import { invalidInput, ServiceFailure } from './failure.ts';
import { hashed } from './random.ts';
import type { Source } from './store/source.ts';

/** The paging members of a request, and what the token belongs to. */
export interface PageRequest {
  readonly NextToken?: string;
  readonly MaxResults?: number;
  /** What the listing was asked for: a token is good for the same question only. */
  readonly question: string;
}

/** One page of a listing. */
export interface Page<R> {
  readonly items: readonly R[];
  readonly token: { readonly NextToken?: string };
}

interface Cursor {
  readonly source: number;
  readonly position: number;
  readonly page: number;
  readonly wasEmpty: boolean;
}

interface Token extends Cursor {
  readonly question: number;
  readonly expires: number;
}

const start: Cursor = { source: 0, position: 0, page: 0, wasEmpty: false };

/**
 * The page that a token points at. It may hold less than asked for, or nothing, and still carry a token: callers that
 * stop at such a page lose rows on AWS too (https://github.com/boto/boto3/issues/3425,
 * https://github.com/aws/aws-sdk-js/issues/4583). Where pages are cut depends on the listing alone, so that a run can
 * be repeated.
 */
export function pageOf<T, R>(
  call: Call,
  sources: readonly Source<T>[],
  options: { readonly request: PageRequest; readonly keep: (item: T) => R | undefined },
): Page<R> {
  const { request, keep } = options;
  const cursor = request.NextToken === undefined ? start : readToken(call, request.NextToken, request.question);
  const size = request.MaxResults ?? call.switches.defaultPageSize;
  const left = sources.slice(cursor.source).reduce((sum, { length }) => sum + length, 0) - cursor.position;
  const limit = cutSize(call, cursor, { size, left, question: request.question });
  const items: R[] = [];
  let { source, position } = cursor;
  for (; source < sources.length; source += 1, position = 0) {
    const walked = sources[source];
    for (; walked && position < walked.length && items.length < limit; position += 1) {
      const item = walked.at(position);
      const kept = item === undefined ? undefined : keep(item);
      if (kept !== undefined) items.push(kept);
    }
    if (walked && position < walked.length) break;
  }
  const isDone = sources.slice(source).every((rest, index) => rest.length <= (index === 0 ? position : 0));
  if (isDone && limit > 0) return { items, token: {} };
  const next: Cursor = { source, position, page: cursor.page + 1, wasEmpty: limit === 0 };
  return { items, token: { NextToken: writeToken(call, next, request.question) } };
}

/** How many rows this page may hold; 0 never twice in a row, so that every listing ends. */
function cutSize(
  call: Call,
  cursor: Cursor,
  { size, left, question }: { readonly size: number; readonly left: number; readonly question: string },
): number {
  // Half of what is left, so that a small lake comes in several pages too.
  const fewer = Math.max(1, Math.min(Math.floor(size / 2), Math.ceil(left / 2)));
  if (!cursor.wasEmpty && strike(call, ['empty-pages'])) return 0;
  if (strike(call, ['short-pages'])) return fewer;
  const { pageCuts } = call.switches;
  if (pageCuts === 'none') return size;
  const chance = hashed(call.world.seed, call.operation, question, cursor.page, cursor.position);
  const [emptyBelow, shortBelow] = pageCuts === 'wild' ? [0.3, 0.8] : [0.06, 0.3];
  if (chance < emptyBelow) return cursor.wasEmpty ? size : 0;
  return chance < shortBelow ? fewer : size;
}

/** Tokens carry an expiry, as the sample in the AWS CLI's examples does; how long AWS's are good is not published. */
function writeToken(call: Call, cursor: Cursor, question: string): string {
  const token: Token = { ...cursor, question: hashed(question), expires: call.at + call.switches.tokenSeconds * 1000 };
  return Buffer.from(JSON.stringify(token)).toString('base64');
}

function readToken(call: Call, text: string, question: string): Cursor {
  const token = parseToken(text);
  if (!token || token.question !== hashed(question)) throw badToken(call, 'Invalid pagination token.');
  if (token.expires <= call.at) throw badToken(call, 'The pagination token has expired.');
  return token;
}

function badToken({ service }: Call, text: string): ServiceFailure {
  return service === 'ram' ? new ServiceFailure('InvalidNextTokenException', text) : invalidInput(text);
}

function parseToken(text: string): Token | undefined {
  try {
    const value = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Token;
    const isToken = [value.source, value.position, value.page].every((one) => Number.isInteger(one) && one >= 0);
    return isToken ? value : undefined;
  } catch {
    return undefined;
  }
}
