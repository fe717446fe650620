import type { Bearer, Issue, PullRequest, Repo, User, World } from './world.ts';

/** JSON of any shape; the contract judges it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };

/** A request to one operation of GitHub's description, after routing. */
export interface Call {
  readonly world: World;
  readonly operation: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: the contract has judged it against GitHub's description
  readonly body: Readonly<Record<string, any>>;
  readonly bearer: Bearer;
  readonly user: User;
}

/** A call on a repository that the caller may see. */
export interface RepoCall extends Call {
  readonly repo: Repo;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that says no, thrown from anywhere. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(status: number, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    const documentation_url = 'https://docs.github.com/rest';
    // 422, 405 and 409 leave out `status` in GitHub's description.
    this.answer = { status, body: { message, ...more, documentation_url, status: String(status) } };
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** 422 with GitHub's list of what is wrong with which field. */
export function invalid(resource: string, field: string, code: string, message?: string): Refusal {
  const error = { resource, field, code, ...(message === undefined ? {} : { message }) };
  return new Refusal(422, 'Validation Failed', { errors: [error] });
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export const noContent: Answer = { status: 204 };

/** What an operation needs of its caller, and what it does. */
export interface Operation {
  /** The permission of a workflow's or app's token; none where any token will do. */
  readonly scope?: `${string}:${'read' | 'write'}`;
  /** The least role of a person in the repository; none where no repository is named. */
  readonly role?: 'read' | 'triage' | 'write' | 'admin';
  readonly run: (call: RepoCall) => Answer;
}

export type Operations = Readonly<Record<string, Operation>>;

/** The issue or pull request that the path names. */
export function issueOf({ repo, path }: RepoCall): Issue {
  const number = Number(path['issue_number'] ?? path['pull_number']);
  const found = repo.issues.find((issue) => issue.number === number);
  if (!found) throw notFound();
  return found;
}

/** The pull request that the path names. */
export function pullOf(call: RepoCall): PullRequest {
  const found = issueOf(call);
  if (found.pull === undefined) throw notFound();
  return found as PullRequest;
}

/** The rows of one page, with the headers that lead to the others. */
export function page<Row, Shown>(call: Call, rows: readonly Row[], render: (row: Row) => Shown): Answer {
  const { shown, headers } = slice(call, rows);
  return { status: 200, body: shown.map(render), headers };
}

/** The same inside an object that says how many there are. */
export function countedPage<Row, Shown>(
  call: Call,
  { name, rows, render }: { name: string; rows: readonly Row[]; render: (row: Row) => Shown },
): Answer {
  const { shown, headers } = slice(call, rows);
  return { status: 200, body: { total_count: rows.length, [name]: shown.map(render) }, headers };
}

const paging = { usual: 30, most: 100 };

function slice<Row>(call: Call, rows: readonly Row[]): { shown: readonly Row[]; headers: Record<string, string> } {
  const size = Math.min(Number(call.query['per_page'] ?? paging.usual) || paging.usual, paging.most);
  const number = Math.max(Number(call.query['page'] ?? 1) || 1, 1);
  const last = Math.max(Math.ceil(rows.length / size), 1);
  const link = (page: number, rel: string) => `<${pageUrl(call, page)}>; rel="${rel}"`;
  const links = [
    ...(number > 1 ? [link(Math.min(number - 1, last), 'prev')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
    ...(number > 1 ? [link(1, 'first')] : []),
  ];
  const shown = rows.slice((number - 1) * size, number * size);
  return { shown, headers: links.length === 0 ? {} : { link: links.join(', ') } };
}

function pageUrl({ world, query, path }: Call, number: number): string {
  const parameters = new URLSearchParams({ ...query, page: String(number) });
  return `${world.url}${path['']}?${parameters}`;
}
