import { dayOf } from '../../../core/day.ts';
import type { Problem } from '../../../core/problem.ts';
import type { Declaration } from '../../../declare/declaration.ts';
import { clientOf } from '../../../github/client.ts';
import { keepComment, ownUser } from '../../../github/comments.ts';
import { forgeFailure } from '../../../github/failure.ts';
import { proposeFile } from '../../../github/propose-file.ts';
import { type GitHub, openPull, type PullRequest, pullsFrom, retitle } from '../../../github/pulls.ts';
import { type IntakeAnswer, intakeComment, intakeMarker } from '../../../report/intake.ts';
import { requestMarkdown, requestTitle, type ShownRequest } from '../../../report/request.ts';
import { flagsIn, questions } from '../../../request/issue-form.ts';
import type { Wanted } from '../../../request/wanted.ts';
import type { Console } from '../../console.ts';
import { type IssueEvent, issueEvent } from '../../issue-event.ts';
import { MeshProblems } from '../../mesh-problems.ts';
import { type CommonOptions, SetupProblem } from '../../options.ts';
import { settings } from '../../record.ts';
import { type Base, localBase } from '../../request/base.ts';
import { wantedBy } from '../../request/flags.ts';
import { newFileLink, siteOf } from '../../request/link.ts';
import { declaredWith, type FileEdit, newFile } from '../../request/request-file.ts';
import { existing, shownOf } from '../request.ts';

/** How many requests to GitHub one issue may take. */
const mostRequests = 60;

/** Makes a pull request of an issue that was made with the form, and answers the issue in one comment. */
export async function intakeCommand(options: CommonOptions, console: Console): Promise<number> {
  const event = issueEvent(console);
  if (typeof event === 'string') return told(`Nothing to do: ${event}.`, console);
  const form = flagsIn(event.body);
  if (Object.keys(form.flags).length === 0)
    return told('Nothing to do: the issue was not made with the form.', console);
  const base = await localBase({ mesh: options.mesh, remote: 'origin' });
  const reach = settings({ requestBudget: mostRequests }, console.env);
  const [owner = '', repo = ''] = reach.repository.split('/');
  const place = { owner, repo };
  // A run that is started again has the text of its time, which its author may have corrected since.
  if (!(await isStillSo(clientOf(reach), { ...place, issue_number: event.number }, event.body)))
    return told('Nothing to do: the issue was closed, or says something else by now.', console);
  const appToken = console.env['MESHGATE_APP_TOKEN'] ?? '';
  const app = appToken === '' ? undefined : { client: clientOf({ ...reach, token: appToken }), ...place };
  const found = await readForm(form, event, base);
  try {
    const answer = await answerTo({ event, base, found, app }, console);
    const comment = { place, issue: event.number, marker: intakeMarker, body: intakeComment(answer), otherwise: '' };
    const kept = await keepComment(clientOf(reach), comment);
    return told(`${summaryOf(answer)}; comment: ${kept}.`, console);
  } catch (thrown) {
    const { message, remedy } = forgeFailure(thrown, 'the repository');
    throw new SetupProblem('GITHUB', message, remedy);
  }
}

async function isStillSo(
  client: ReturnType<typeof clientOf>,
  issue: { readonly owner: string; readonly repo: string; readonly issue_number: number },
  body: string,
): Promise<boolean> {
  try {
    const { data } = await client.rest.issues.get(issue);
    return data.state === 'open' && (data.body ?? '') === body;
  } catch (thrown) {
    const { message, remedy } = forgeFailure(thrown, 'the issue');
    throw new SetupProblem('GITHUB', message, remedy);
  }
}

/** What the form asks for as a file, or every reason why it cannot be. */
type Found = { readonly problems: readonly Problem[] } | { readonly edit: FileEdit; readonly shown: ShownRequest };

async function readForm(
  { flags, problems }: ReturnType<typeof flagsIn>,
  event: IssueEvent,
  base: Base,
): Promise<Found> {
  const now = new Date();
  const today = dayOf(now);
  const { declaration } = base;
  const read = wantedBy(flags, { declaration, today, called: labelOf });
  const edit = read.wanted === undefined ? undefined : newFile(read.wanted);
  const declared = edit === undefined ? undefined : declaredWith(base, edit);
  const all = [
    ...problems,
    ...read.problems,
    ...(read.wanted === undefined ? [] : strangers(event, read.wanted, declaration)),
    ...existing(base, edit),
    ...(declared?.problems ?? []),
  ];
  if (edit === undefined || declared?.declaration === undefined || all.length > 0) return { problems: all };
  try {
    return { edit, shown: await shownOf({ kind: 'access', base, edit, after: declared.declaration, now }) };
  } catch (thrown) {
    if (thrown instanceof MeshProblems) return { problems: thrown.problems };
    throw thrown;
  }
}

/** Who is unknown to the repository asks only for an account that they own. */
function strangers(
  { author, isKnown }: IssueEvent,
  { consumer }: Wanted,
  { accounts }: Declaration,
): readonly Problem[] {
  const owners = accounts.get(consumer)?.value.owners ?? [];
  if (isKnown || owners.some(({ id }) => id === author.id)) return [];
  const hint = `have one of them ask: ${owners.map(({ login }) => login).join(', ')}`;
  return [{ code: 'NOT_AN_OWNER', message: `${author.login} is no owner of the account ${consumer}`, hint }];
}

function labelOf(flag: string): string {
  const label = Object.entries(questions).find(([, question]) => question.flag === flag)?.[0];
  return label === undefined ? flag : `"${label}"`;
}

interface Setting {
  readonly event: IssueEvent;
  readonly base: Base;
  readonly found: Found;
  /** The app that opens pull requests, where there is one. */
  readonly app: GitHub | undefined;
}

async function answerTo({ event, base, found, app }: Setting, console: Console): Promise<IntakeAnswer> {
  // The judge of approvals takes the author of the issue after which the app named the branch for who asks.
  const branch = `meshgate/issue-${event.number}`;
  const { own, taken } = app === undefined ? { own: [] } : await pullsOf(app, branch);
  const open = own.find(({ state }) => state === 'open');
  const [closed] = own;
  if (open === undefined && closed !== undefined) return { kind: 'done', number: closed.number };
  if ('problems' in found) return { kind: 'problems', problems: found.problems };
  if (taken !== undefined) return { kind: 'taken', number: taken.number };
  const { edit } = found;
  const path = base.prefix + edit.path;
  const text = edit.after ?? '';
  const site = siteOf(console.env, undefined);
  if (app === undefined) {
    const link = newFileLink(site, { branch: event.defaultBranch, path, text });
    const empty = newFileLink(site, { branch: event.defaultBranch, path, text: '' });
    return { kind: 'link', link: link ?? empty ?? '', isWhole: link !== undefined };
  }
  const shown: ShownRequest = { ...found.shown, record: recordOf(event) };
  const [title, body] = [requestTitle(shown), requestMarkdown(shown)];
  await proposeFile(app, { branch, base: event.defaultBranch, path, text, message: title });
  if (open !== undefined) {
    await retitle(app, open.number, { title, body });
    return { kind: 'pull', number: open.number, isNew: false };
  }
  const { number } = await openPull(app, { branch, base: event.defaultBranch, title, body });
  return { kind: 'pull', number, isNew: true };
}

/** The app's pull requests from a branch; and an open one of somebody else, who may have made a branch of that name: GitHub takes no second. */
async function pullsOf(app: GitHub, branch: string) {
  const { id } = await ownUser(app.client);
  const pulls = await pullsFrom(app, branch);
  const isOwn = ({ author }: PullRequest): boolean => author?.id === id;
  return { own: pulls.filter(isOwn), taken: pulls.find((pull) => pull.state === 'open' && !isOwn(pull)) };
}

/** Who asked, in the pull request that the app opens; the merge closes the issue. */
function recordOf({ number, author }: IssueEvent): string {
  return `Closes #${number}\n<!-- meshgate:asked issue=${number} id=${author.id} -->`;
}

function summaryOf(answer: IntakeAnswer): string {
  if (answer.kind === 'problems') return `${answer.problems.map(({ code }) => code).join(', ')}: nothing was asked for`;
  if (answer.kind === 'link') return 'No app is set, so the issue was answered with a link';
  if (answer.kind === 'taken') return `#${answer.number} of somebody else is open from its branch`;
  return answer.kind === 'done' ? `#${answer.number} is closed already` : `#${answer.number} asks for it`;
}

function told(text: string, console: Console): number {
  console.out(`${text}\n`);
  return 0;
}
