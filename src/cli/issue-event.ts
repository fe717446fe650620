import { readFileSync } from 'node:fs';
import type { Approver } from '../core/approvals.ts';
import type { Console } from './console.ts';
import { SetupProblem } from './options.ts';

/** An issue as somebody has just written it. */
export interface IssueEvent {
  readonly number: number;
  readonly author: Approver;
  /** Whether the author is a member or collaborator, or somebody whom the repository does not know. */
  readonly isKnown: boolean;
  readonly body: string;
  readonly defaultBranch: string;
}

/**
 * Reads the event of a run (GITHUB_EVENT_PATH); answers why it is none to act on. Only what the author wrote counts:
 * whoever may triage can edit the text of an issue, and would ask in the name of its author.
 * Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues.
 */
export function issueEvent({ env }: Console): IssueEvent | string {
  const file = env['GITHUB_EVENT_PATH'] ?? '';
  const event = fieldsIn(read(file));
  const [issue, sender, repository] = [
    fieldsIn(event['issue']),
    fieldsIn(event['sender']),
    fieldsIn(event['repository']),
  ];
  const { number, body, state } = issue;
  const { login, id, type } = fieldsIn(issue['user']);
  const defaultBranch = repository['default_branch'];
  if (typeof number !== 'number' || typeof defaultBranch !== 'string')
    throw new SetupProblem('NO_EVENT', `${file} tells of no issue`, 'run it in a workflow that an issues event starts');
  if (issue['pull_request'] !== undefined) return 'this is a pull request';
  if (state !== 'open') return 'the issue is closed';
  if (typeof login !== 'string' || typeof id !== 'number' || type !== 'User') return 'no person opened the issue';
  const { action } = event;
  const isWritten = action === 'opened' || (action === 'edited' && fieldsIn(event['changes'])['body'] !== undefined);
  if (!isWritten)
    return `its text was not written now, for the issue was ${typeof action === 'string' ? action : 'touched'}`;
  if (sender['id'] !== id) return `somebody else than ${login}, who opened it, wrote it`;
  const isKnown = ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(String(issue['author_association']));
  return { number, author: { login, id }, isKnown, body: typeof body === 'string' ? body : '', defaultBranch };
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new SetupProblem(
      'NO_EVENT',
      `GITHUB_EVENT_PATH "${file}" cannot be read (${why})`,
      'run it in a workflow that an issues event starts',
    );
  }
}

function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
