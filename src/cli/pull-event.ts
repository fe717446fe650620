import { readFileSync } from 'node:fs';
import type { Approver } from '../core/approvals.ts';
import type { Console } from './console.ts';
import { SetupProblem } from './options.ts';

/** What GitHub tells a workflow of the pull request that it runs for. */
export interface PullEvent {
  readonly number: number;
  readonly base: string;
  readonly head: string;
  /** Who opened it; undefined for an app, which can approve and ask for nothing. */
  readonly author: Approver | undefined;
  /** Whether it comes from another repository, whose runs get a token that only reads. */
  readonly isFork: boolean;
}

/**
 * Reads the event of a run (GITHUB_EVENT_PATH); throws a `SetupProblem` where it is not that of a pull request.
 * Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request.
 */
export function pullEvent({ env }: Console): PullEvent {
  const file = env['GITHUB_EVENT_PATH'] ?? '';
  if (file === '') throw noEvent('GITHUB_EVENT_PATH is not set');
  const pull = fieldsIn(fieldsIn(readEvent(file))['pull_request']);
  const [base, head, user] = [fieldsIn(pull['base']), fieldsIn(pull['head']), fieldsIn(pull['user'])];
  const { number } = pull;
  const [from, to] = [base['sha'], head['sha']];
  if (typeof number !== 'number' || !isCommit(from) || !isCommit(to)) throw noEvent(`${file} tells of no pull request`);
  const { login, id, type } = user;
  const isPerson = typeof login === 'string' && typeof id === 'number' && type === 'User';
  return {
    number,
    base: from,
    head: to,
    author: isPerson ? { login, id } : undefined,
    isFork: fieldsIn(head['repo'])['id'] !== fieldsIn(base['repo'])['id'],
  };
}

function readEvent(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw noEvent(`${file} cannot be read (${thrown instanceof Error ? thrown.message : String(thrown)})`);
  }
}

function noEvent(message: string): SetupProblem {
  return new SetupProblem('NO_EVENT', message, 'run it in a workflow that a pull_request event starts');
}

function isCommit(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value);
}

function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
