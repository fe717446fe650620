import { appendFileSync } from 'node:fs';
import { type Incident, incidentsOf } from '../../../approve/guardrails.ts';
import type { Approver } from '../../../core/approvals.ts';
import { ForgeFailure } from '../../../core/forge.ts';
import type { Outcome } from '../../../core/outcome.ts';
import type { Plan } from '../../../core/plan.ts';
import type { Declaration } from '../../../declare/declaration.ts';
import { driftCode } from '../../../plan/on-schedule.ts';
import { visible } from '../../../report/excerpt.ts';
import { notedIn } from '../../../report/issue.ts';
import { withheldIssue } from '../../../report/issue-drift.ts';
import { incidentIssue } from '../../../report/issue-incident.ts';
import { outcomesMarkdown } from '../../../report/markdown.ts';
import { ownersProblems } from '../../codeowners.ts';
import type { Console } from '../../console.ts';
import { emergencyHolds, provenAdministrators, unreadHolds } from '../../emergency-holds.ts';
import { guardingOf } from '../../guarding.ts';
import { gitHub, type Hosted } from '../../hosted.ts';
import { loadMesh, trustedBy } from '../../load.ts';
import { MeshProblems } from '../../mesh-problems.ts';
import { SetupProblem } from '../../options.ts';
import type { Prepares } from '../../prepare.ts';
import { github, type Recorded, recordOf } from '../../record.ts';
import { writeBack } from '../../write-back.ts';
import type { ApplyOptions } from '../apply.ts';

/** Options of `github apply`. */
export interface GitHubApplyOptions extends ApplyOptions {
  /** The workflow that this runs in: its last good run is where the new begins. */
  readonly applyWorkflow: string;
}

/** What is known before anything is planned: what guards the mesh, the holds, and what waits. */
export interface First {
  readonly options: GitHubApplyOptions;
  readonly prepares: Prepares & Required<Pick<Prepares, 'recorded'>>;
  readonly hosted: Hosted | undefined;
  readonly before: Awaited<ReturnType<typeof lookBefore>> | undefined;
  readonly incidents: readonly Incident[];
  readonly reach: ReturnType<typeof attempting>;
}

/** Looks at the files and at GitHub before main is applied; where GitHub does not answer, what needs no proof can be done even so. */
export async function lookFirst(given: GitHubApplyOptions, console: Console): Promise<First> {
  const options = { ...given, approvals: given.approvals ?? github };
  const isScheduled = reasonOf(console) === 'schedule';
  const root = trustedBy(options, console.env);
  const reach = attempting(console);
  const declaration = await loadMesh(options.mesh).catch(async (thrown: unknown) => {
    if (thrown instanceof MeshProblems) await reach.try(() => tellInvalid(thrown, options, console));
    throw thrown;
  });
  const recorded = await recordOf(options, root, console.env);
  const { record } = recorded;
  const hosted = await reach.try(() => gitHub(options, console.env));
  const administrators = await provenAdministrators(declaration, record);
  const look = { options, declaration, administrators: administrators ?? [], record, root };
  const before = hosted && (await reach.try(() => lookBefore(hosted, look)));
  const now = new Date();
  const held = { declaration, record, directory: options.mesh, administrators, now };
  const emergency = hosted === undefined ? unreadHolds : await emergencyHolds(hosted, held);
  const incidents = [...(before?.incidents ?? []), ...emergency.incidents];
  for (const { code, message, remedy } of incidents) console.err(`${code} ${visible(`${message}; ${remedy}`)}\n`);
  if (before?.forged !== undefined)
    console.err(
      `NOT_SEALED #${before.forged} is not as a run wrote it, so nobody can tell what waits, and all is tried\n`,
    );
  // Where the pending changes cannot be told apart, all are tried again.
  const pending = pendingOf(before);
  const repairs = declaration.mesh.value.repairOnSchedule === true || pending === undefined;
  const schedule = { pending: pending ?? new Set<string>(), repairs };
  const { holds, gaps } = emergency;
  const prepares = { declaration, now, recorded, holds, gaps, as: 'apply' as const, ...(isScheduled && { schedule }) };
  return { options, prepares, hosted, before, incidents, reach };
}

function pendingOf(before: First['before']): ReadonlySet<string> | undefined {
  return before === undefined ? new Set<string>() : before.pending;
}

/** What became of main's plan. */
interface Done extends Left {
  /** The exit code of a run that tells nobody. */
  readonly code: number;
}

/** Tells what was done where it was asked for, and answers with the exit code. */
export async function tell(
  { hosted, before, incidents, reach, prepares }: First,
  { plan: whole, outcomes, names, code }: Done,
  console: Console,
): Promise<number> {
  const { record } = prepares.recorded;
  summarise(outcomesMarkdown(whole, outcomes, names), console);
  if (hosted !== undefined) {
    const plan = { ...whole, withheld: whole.withheld.filter((one) => one.code !== driftCode) };
    const doings = { plan, outcomes, names, history: record.history, forge: record.forge };
    const said = await reach.try(() => keepIncidents(hosted, before && incidents));
    const left = await reach.try(() => keepWithheld(hosted, doings));
    const since = before?.since;
    const told = await reach.try(() => writeBack(hosted, { ...doings, since, pending: pendingOf(before) }));
    console.out(
      `Incidents: ${said ?? 'not told'}. Withheld: ${left ?? 'not told'}. Told ${told ?? 0} pull requests.\n`,
    );
  }
  if (reach.failures > 0 || code === 5) return 5;
  return incidents.length > 0 || code === 3 ? 3 : 0;
}

interface Before {
  readonly options: GitHubApplyOptions;
  readonly declaration: Declaration;
  readonly administrators: readonly Approver[];
  readonly record: Recorded['record'];
  readonly root: string | undefined;
}

/** What GitHub says before anything is done: what guards the mesh, where the last good run was, what waits. */
async function lookBefore(hosted: Hosted, { options, declaration, administrators, record, root }: Before) {
  const { client, place, branch } = hosted;
  const { lastGoodRun } = await import('../../../github/guarding.ts');
  const { openIssue } = await import('../../../github/issues.ts');
  const { commits, isShallow } = record.history;
  const good = await lastGoodRun(client, { ...place, branch, workflow: options.applyWorkflow, commits });
  const trusted = commits.slice(0, record.root + 1);
  const owners = await ownersProblems(options.mesh, declaration);
  const asked = { good, owners, isShallow, hasTrustRoot: root !== undefined, trusted, administrators };
  const sealed = hosted.sealing && { sealing: hosted.sealing };
  const waiting = await openIssue(client, { place, kind: 'withheld', ...sealed });
  return {
    incidents: incidentsOf(await guardingOf(hosted, asked)),
    since: good?.commit,
    pending: waiting === undefined ? new Set<string>() : pendingIn(waiting),
    forged: waiting?.text === undefined ? waiting?.number : undefined,
  };
}

/** The changes that wait by an issue; undefined where nobody can tell them apart. */
function pendingIn({ text }: { readonly text: string | undefined }): ReadonlySet<string> | undefined {
  return text === undefined ? undefined : notedIn(text);
}

async function keepIncidents({ client, place, run, sealing }: Hosted, incidents: readonly Incident[] | undefined) {
  if (incidents === undefined) return undefined;
  const { keepIssue } = await import('../../../github/issues.ts');
  const closing = 'All that guards the mesh is as it should be again.';
  const issue = incidentIssue(incidents, run);
  return keepIssue(client, { place, kind: 'incident', issue, closing, ...(sealing && { sealing }) });
}

/** What nobody can read stops all, holds and expiry too, so it is said where people look. */
async function tellInvalid({ problems }: MeshProblems, options: GitHubApplyOptions, console: Console): Promise<void> {
  const hosted = await gitHub(options, console.env);
  const places = problems.flatMap(({ place, code }) =>
    place === undefined ? code : `${place.file}:${place.line} ${code}`,
  );
  const incident = {
    code: 'INVALID_FILES',
    message: `nothing is given, taken, ended or held, for the mesh files of ${hosted.branch} are not valid: ${places.slice(0, 3).join(', ')}`,
    remedy: 'correct them, or revert what brought them; meshgate validate shows all that is wrong',
  };
  await keepIncidents(hosted, [incident]);
}

interface Left {
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  readonly names: ReadonlyMap<string, string>;
}

async function keepWithheld({ client, place, run, sealing }: Hosted, { plan, outcomes, names }: Left): Promise<string> {
  const { keepIssue } = await import('../../../github/issues.ts');
  const issue = withheldIssue(plan, { names, outcomes, ...(run === undefined ? {} : { run }) });
  return keepIssue(client, {
    ...{ place, kind: 'withheld', issue, closing: 'Everything was done.' },
    ...(sealing && { sealing }),
  });
}

/** Asks GitHub for what a run can do without; what goes wrong is told, and counted. */
function attempting(console: Console) {
  const reach = {
    failures: 0,
    try: async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await ask();
      } catch (thrown) {
        if (!(thrown instanceof ForgeFailure)) throw thrown;
        reach.failures += 1;
        console.err(`GITHUB ${visible(`${thrown.message}; ${thrown.remedy}`)}\n`);
        return undefined;
      }
    },
  };
  return reach;
}

function reasonOf({ env }: Console): string {
  const reason = env['MESHGATE_REASON'] || 'dispatch';
  if (['merge', 'dispatch', 'schedule'].includes(reason)) return reason;
  throw new SetupProblem('BAD_OPTION', `MESHGATE_REASON ${reason} is no reason`, 'write merge, dispatch or schedule');
}

/** The summary of the job, where there is one. */
export function summarise(text: string, { env }: Console): void {
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file !== '') appendFileSync(file, text);
}
