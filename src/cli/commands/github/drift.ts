import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { driftIssue } from '../../../report/issue-drift.ts';
import { planJson } from '../../../report/json.ts';
import { planMarkdown } from '../../../report/markdown.ts';
import type { Console } from '../../console.ts';
import { gitHub } from '../../hosted.ts';
import { loadMesh } from '../../load.ts';
import type { LakeOptions } from '../../options.ts';
import { prepareFor } from '../../prepare.ts';
import { github } from '../../record.ts';
import { summarise } from './apply.ts';

/** Options of `github drift`. */
interface DriftOptions extends LakeOptions {
  readonly output: string;
  readonly applyWorkflow: string;
}

/**
 * Reports drift in one issue, and starts the apply for what a schedule may do. Exit code 0: it was all read and
 * reported; 5: something could not be read, and the issue stays open.
 */
export async function driftCommand(given: DriftOptions, console: Console): Promise<number> {
  const options = { ...given, approvals: given.approvals ?? github };
  const declaration = await loadMesh(options.mesh);
  const { client, place, branch, run } = await gitHub(options, console.env);
  const { planned, names } = await prepareFor({ declaration, now: new Date() }, options, console);
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
  console.out(`Drift: ${said}.${starts ? ` ${options.applyWorkflow} started.` : ''}\n`);
  return plan.gaps.length > 0 ? 5 : 0;
}
