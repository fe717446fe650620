import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stalledOf } from '../../../approve/stalled.ts';
import { visible } from '../../../report/excerpt.ts';
import { driftIssue } from '../../../report/issue-drift.ts';
import { stalledIssue } from '../../../report/issue-stalled.ts';
import { planJson } from '../../../report/json.ts';
import { planMarkdown } from '../../../report/markdown.ts';
import type { Console } from '../../console.ts';
import { emergencyHolds, provenAdministrators } from '../../emergency-holds.ts';
import { gitHub, type Hosted } from '../../hosted.ts';
import { loadMesh, trustedBy } from '../../load.ts';
import type { LakeOptions } from '../../options.ts';
import { prepareFor } from '../../prepare.ts';
import { github, recordOf } from '../../record.ts';
import { summarise } from './main-run.ts';

/** Options of `github drift`. */
interface DriftOptions extends LakeOptions {
  readonly output: string;
  readonly applyWorkflow: string;
}

/**
 * Reports drift in one issue, and starts the apply for what a schedule may do. Exit code 0: it was all read and
 * reported; 3: what should have been applied for a day was not; 5: something could not be read, and the issue stays open.
 */
export async function driftCommand(given: DriftOptions, console: Console): Promise<number> {
  const options = { ...given, approvals: given.approvals ?? github };
  const declaration = await loadMesh(options.mesh);
  const recorded = await recordOf(options, trustedBy(options, console.env), console.env);
  const hosted = await gitHub(options, console.env);
  const { client, place, branch, run } = hosted;
  const { record } = recorded;
  const now = new Date();
  const administrators = await provenAdministrators(declaration, record);
  const held = { declaration, record, directory: options.mesh, administrators, now };
  const { holds, gaps, incidents } = await emergencyHolds(hosted, held);
  for (const { code, message, remedy } of incidents) console.err(`${code} ${visible(`${message}; ${remedy}`)}\n`);
  const { planned, names } = await prepareFor({ declaration, now, recorded, holds, gaps }, options, console);
  const { plan } = planned;
  const { keepIssue, openIssue } = await import('../../../github/issues.ts');
  const issue = driftIssue(plan, { names, ...(run === undefined ? {} : { run }) });
  const said = await keepIssue(client, {
    place,
    kind: 'drift',
    issue,
    closing: 'The lake is as the mesh files say, and all of it was read.',
  });
  mkdirSync(dirname(options.output), { recursive: true });
  writeFileSync(options.output, planJson(plan));
  summarise(planMarkdown(plan, names, 'Drift'), console);
  const waits = (await openIssue(client, { place, kind: 'withheld' })) !== undefined;
  const isDue = plan.changes.some(({ reason }) => reason === 'expired' || reason === 'held');
  const repairs = declaration.mesh.value.repairOnSchedule === true && plan.changes.length > 0;
  const starts = waits || isDue || repairs;
  if (starts) {
    const { dispatch } = await import('../../../github/merge.ts');
    await dispatch(client, { ...place, branch, workflow: options.applyWorkflow, reason: 'schedule' });
  }
  const stalled = await keepStalled(hosted, { commits: record.history.commits, workflow: options.applyWorkflow, now });
  const started = starts ? ` ${options.applyWorkflow} started.` : '';
  console.out(`Drift: ${said}.${started}${stalled === 'none' ? '' : ` Stalled: ${stalled}.`}\n`);
  if (plan.gaps.length > 0) return 5;
  return stalled === 'none' || stalled.endsWith('closed') ? 0 : 3;
}

interface Applying {
  /** The commits of the branch. */
  readonly commits: readonly string[];
  readonly workflow: string;
  readonly now: Date;
}

/** Tells whether what should have been applied was not, by what nobody can write who may only write to branches. */
async function keepStalled(
  { client, place, branch, run }: Hosted,
  { commits, workflow, now }: Applying,
): Promise<string> {
  const { activityOf, lastGoodRun, unendedRuns } = await import('../../../github/guarding.ts');
  const { keepIssue } = await import('../../../github/issues.ts');
  const asked = { ...place, branch, workflow, commits };
  const good = (await lastGoodRun(client, asked))?.at;
  const moves = (await activityOf(client, { ...place, branch, since: good })).map(({ at }) => at);
  const stalled = stalledOf({ good, moves, runs: await unendedRuns(client, asked) }, now);
  const issue = stalledIssue(stalled, { workflow, branch, run });
  return keepIssue(client, { place, kind: 'stalled', issue, closing: `A run of ${workflow} has ended well.` });
}
