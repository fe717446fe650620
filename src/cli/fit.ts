import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Approvals } from '../core/approvals.ts';
import type { Plan } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';
import type { Observed } from '../core/state.ts';
import type { TextFile } from '../core/text-file.ts';
import { declare } from '../declare/declare.ts';
import { largestFile, type MeshFile } from '../declare/mesh-files.ts';
import type { NewFile } from '../import/file.ts';
import { type Left, leave } from '../import/left.ts';
import { render } from '../import/render.ts';
import { planSeen } from '../reconcile.ts';
import type { Adopting } from './adopt.ts';
import { MeshProblems } from './mesh-problems.ts';
import { SetupProblem } from './options.ts';

/** New files that fit the mesh and the lake, with the plan that shows it, and what the others would have said. */
export interface Fitting {
  readonly files: readonly TextFile[];
  readonly plan: Plan;
  readonly unfit: readonly Left[];
}

/**
 * Declares and plans the mesh as it will be, all of it trusted, against what was read. A subscription
 * that the mesh files refuse, or that would change the lake, is left out: people may have written beside
 * it what no rule of the import foresees.
 */
export async function fitting(adopting: Adopting, observed: Observed, files: readonly NewFile[]): Promise<Fitting> {
  const { existing, directory, now, writesMissing } = adopting;
  const place = (path: string): string => posix.join(directory, path);
  const unfit: Left[] = [];
  let texts = files.map((file) => ({ file, path: file.path, text: render(file) }));
  const leaveOut = (places: Iterable<string | undefined>): boolean => {
    const wrong = new Set(places);
    const out = texts.filter(({ file, path }) => file.rights !== undefined && wrong.has(place(path)));
    texts = texts.filter((one) => !out.includes(one));
    for (const { file } of out) unfit.push(...(file.rights ?? []).flatMap(({ facts }) => leave('NOT_FAITHFUL', facts)));
    return out.length > 0;
  };
  for (;;) {
    const large = texts.filter(({ text }) => Buffer.byteLength(text) > largestFile).map(({ path }) => place(path));
    const [first] = large;
    if (first !== undefined && !leaveOut(large))
      throw new SetupProblem(
        'TOO_LARGE',
        `${first} would be larger than 1 MiB`,
        'choose other databases with --database',
      );
    const added = texts.map(({ path, text }): MeshFile => ({ path, text, blob: blobOf(text), file: place(path) }));
    const all = [...(existing?.files.files ?? []), ...added].sort((a, b) => compareText(a.path, b.path));
    const result = declare({ directory, files: all, problems: [] });
    if (!result.ok) {
      if (leaveOut(result.problems.map((problem) => problem.place?.file))) continue;
      throw new MeshProblems(result.problems);
    }
    const run = { declaration: result.declaration, approvals: [trusting], commit: null, now };
    const { plan } = await planSeen(run, { observed, others: [] });
    const unwanted = writesMissing ? [] : plan.changes.filter(({ reason }) => reason !== 'not desired');
    const asked = [...unwanted, ...plan.withheld.map(({ change }) => change)].flatMap(({ because }) => because);
    if (leaveOut([...asked, ...plan.problems].map((one) => one.place.file))) continue;
    return { files: texts.map(({ path, text }) => ({ path, text })), plan, unfit };
  }
}

function blobOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

const trusting: Approvals = {
  approvalsOf: async (versions) => new Map(versions.map(({ path }) => [path, { kind: 'trusted', by: 'import' }])),
};
