import { once } from 'node:events';
import { isAmong, names as mentioned } from '../approve/prove.ts';
import type { Approver } from '../core/approvals.ts';
import { quoted } from '../core/aws-command.ts';
import { digest } from '../core/digest.ts';
import type { Hold } from '../core/hold.ts';
import type { Plan } from '../core/plan.ts';
import { declare } from '../declare/declare.ts';
import type { HoldScope } from '../declare/files.ts';
import { scopeText } from '../desire/safety.ts';
import { ownUser } from '../github/comments.ts';
import { proposeFile } from '../github/propose-file.ts';
import type { GitHub, PullRequest } from '../github/pulls.ts';
import { holdMarkdown, holdTitle } from '../report/hold.ts';
import type { Console } from './console.ts';
import { holdEdit } from './hold-edit.ts';
import { edited } from './mesh-edit.ts';
import { MeshProblems } from './mesh-problems.ts';
import { SetupProblem } from './options.ts';
import { paceOf } from './record.ts';
import { localBase, remoteBase } from './request/base.ts';
import { gitHubAt, tokenOf } from './request/connection.ts';
import { newPullLink, type Site, siteOf } from './request/link.ts';
import { addressOf, asking, opened, openFrom } from './request/propose.ts';

/** A hold that is to become a pull request. */
export interface HoldToPropose {
  readonly scope: HoldScope;
  /** As it stands in the working tree. */
  readonly hold: Pick<Hold, 'scope' | 'reason' | 'until'>;
  /** What it cuts. */
  readonly plan: Pick<Plan, 'changes'>;
  readonly names: ReadonlyMap<string, string>;
  readonly now: Date;
}

/** What became of the pull request of a hold. */
export interface ProposedHold {
  /** What was done. */
  readonly done: readonly string[];
  /** What remains to be done, so that the cut stays cut. */
  readonly remains: readonly string[];
  /** Why there is none, where it was tried. */
  readonly failure?: unknown;
}

interface Where {
  readonly mesh: string;
  readonly remote: string;
}

/** How long a cut waits for GitHub, in paces: twenty seconds. */
const patience = 20;

/**
 * Opens the pull request that adds a hold to the newest mesh.yaml of the default branch, or finds it open. It never
 * throws and ends in time, for a cut waits for nobody: what went wrong is told, and what is to be done by hand.
 */
export async function proposeHold(wanted: HoldToPropose, where: Where, { env }: Console): Promise<ProposedHold> {
  if (tokenOf(env) === undefined) return { done: [], remains: await byHand(wanted, where, env) };
  try {
    const limit = patience * paceOf(env);
    const signal = AbortSignal.timeout(limit);
    const github = gitHubAt(siteOf(env, await addressOf(where.mesh, where.remote)), env, signal);
    return await Promise.race([opening(wanted, { where, github, signal }), past(signal, limit)]);
  } catch (thrown) {
    return {
      done: [],
      remains: ['Run the same command again.', ...(await byHand(wanted, where, env))],
      failure: thrown,
    };
  }
}

async function past(signal: AbortSignal, limit: number): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new SetupProblem('GITHUB', `GitHub has not answered within ${limit / 1000} seconds`);
}

interface Reached {
  readonly where: Where;
  readonly github: GitHub;
  readonly signal: AbortSignal;
}

/** Each step looks first whether it was made before, so that a run that was killed anywhere is finished by the next one. */
async function opening(wanted: HoldToPropose, { where, github, signal }: Reached): Promise<ProposedHold> {
  const { scope, hold, now } = wanted;
  const base = await remoteBase(where, { directory: where.mesh, signal });
  const edit = holdEdit(base, { scope, reason: hold.reason, until: hold.until }, now);
  if (edit === undefined) return { done: [`${base.label} holds this already`], remains: [] };
  const after = declare(edited(base.files, edit));
  if (!after.ok) throw new MeshProblems(after.problems);
  const title = holdTitle(wanted);
  const pull = {
    branch: branchOf(scope, await asking(() => ownUser(github.client))),
    base: base.branch,
    title,
    body: holdMarkdown(wanted),
  };
  // Made by GitHub for whom the token belongs to, the commit is the word of whoever opens the pull request.
  const file = { branch: pull.branch, base: base.branch, parent: base.remote.head, path: `${base.prefix}mesh.yaml` };
  await asking(() => proposeFile(github, { ...file, text: edit.text, message: title }));
  const there = await openFrom(github, pull.branch);
  const made = there ?? (await opened(github, pull));
  const { administrators } = base.declaration.mesh.value;
  const done = [`${there === undefined ? 'Opened' : 'Open already:'} ${made.url}`];
  return { done, remains: [stays(made, administrators)] };
}

function stays({ author, url }: PullRequest, administrators: readonly Approver[]): string {
  if (author !== undefined && isAmong(author, administrators))
    return `The hold counts in the apply workflow from now on, for @${author.login} is an administrator of the mesh. Have ${url} approved and merged.`;
  return `The next apply gives back what was cut, until ${url} is merged: a hold counts at once only where an administrator opened its pull request. Have one run the same command: ${mentioned(administrators)}.`;
}

/** The branch of a hold: one for each scope and person, for a hold that waits counts as the word of whoever pushed it. */
function branchOf(scope: HoldScope, by?: Approver): string {
  const who = by === undefined ? '' : `${by.login.replaceAll(/[^A-Za-z0-9_-]/g, '')}-`;
  return `request/hold-${who}${digest(scopeText(scope)).slice(0, 8)}`;
}

/** What `proposeHold` would do, for whoever only wants to see it. */
export function wouldAsk(wanted: Pick<HoldToPropose, 'hold'>, { env }: Console): readonly string[] {
  const title = holdTitle(wanted);
  return tokenOf(env) === undefined
    ? ['', `Before it cuts it would open no pull request, for there is no token for GitHub: ${title}`]
    : ['', `Before it cuts it would open the pull request: ${title}`];
}

/** What opens the pull request by hand. */
async function byHand(wanted: HoldToPropose, { mesh, remote }: Where, env: Console['env']): Promise<readonly string[]> {
  const file = `${mesh}/mesh.yaml`;
  const soon = `The hold is in ${file} of this working tree alone. Commit it and merge it soon: the next apply from main gives back what it does not know of.`;
  const site = await siteAt({ mesh, remote }, env);
  if (site === undefined) return [soon];
  const base = await localBase({ mesh, remote }).then(
    ({ branch }) => branch,
    () => 'main',
  );
  const branch = branchOf(wanted.scope);
  const title = holdTitle(wanted);
  const commands = [
    ['git', 'switch', '--create', branch],
    ['git', 'commit', '--message', title, file],
    ['git', 'push', '--set-upstream', remote, branch],
  ];
  const body = holdMarkdown(wanted);
  return [
    soon,
    ...commands.map((words) => `  ${words.map(quoted).join(' ')}`),
    `  ${newPullLink(site, { base, branch, title, body })}`,
  ];
}

/** The repository on GitHub; undefined where nothing tells which that is. */
async function siteAt({ mesh, remote }: Where, env: Console['env']): Promise<Site | undefined> {
  const address = await addressOf(mesh, remote);
  try {
    return address === undefined ? undefined : siteOf(env, address);
  } catch (thrown) {
    if (thrown instanceof SetupProblem) return undefined;
    throw thrown;
  }
}
