import type { Hurried, Lake } from '../core/lake.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { PlacedHold } from '../desire/safety.ts';
import { type Planned, plan, type Run } from '../reconcile.ts';
import { type ChangedOptions, changesOf } from './changed.ts';
import type { Console } from './console.ts';
import { formerSubscriptions } from './former.ts';
import { holdsFile } from './holds-file.ts';
import { checkedOut, loadApprovals, loadMesh, loadPast, loadRecord, principalNames } from './load.ts';
import { loadHistory } from './load-history.ts';
import type { LakeOptions } from './options.ts';
import { progressOn } from './progress.ts';
import type { Recorded } from './record.ts';

/** The lakes of a mesh. */
export interface Lakes {
  readonly lake: Lake;
  /** The lakes of consumers that the run may enter. */
  readonly consumers: readonly (Lake & Hurried)[];
}

/** A plan that was made, and what is needed to show it or to carry it out. */
export interface Prepared extends Lakes {
  readonly run: Run;
  readonly planned: Planned;
  readonly names: ReadonlyMap<string, string>;
}

/** A mesh that was read, and for when and why it is planned. */
export interface Prepares {
  readonly declaration: Declaration;
  readonly now: Date;
  /** What the run may do, where nobody asked for it. */
  readonly schedule?: Run['schedule'];
  /** Holds that count beside those of mesh.yaml and of `--holds`. */
  readonly holds?: readonly PlacedHold[];
  /** What could not be read beside the lake. */
  readonly gaps?: Run['gaps'];
  /** What git and GitHub tell of approvals, where it was asked for before. */
  readonly recorded?: Recorded;
  /** The commit that is checked out, and who approves, where they were looked at before. */
  readonly checkout?: Pick<Run, 'commit' | 'uncommitted'>;
  readonly approvals?: Run['approvals'];
  /** The role that is taken on in consumers' accounts; the one that reads by default. */
  readonly as?: 'observe' | 'apply';
}

/** Reads the mesh, connects to its lake and plans. */
export async function prepare(
  options: LakeOptions & ChangedOptions,
  console: Console,
  more: Pick<Prepares, 'now' | 'as'>,
): Promise<Prepared> {
  return prepareFor({ declaration: await loadMesh(options.mesh), ...more }, options, console);
}

/** Connects to the lakes of a mesh that was read, and plans. */
export async function prepareFor(
  prepares: Prepares,
  options: LakeOptions & ChangedOptions,
  console: Console,
): Promise<Prepared> {
  const { run, save } = await runFor(prepares, options, console);
  const lakes = await lakesFor(run, { ...prepares, options, console });
  const planned = await withProgress(options, console, (onProgress) =>
    plan({ ...run, onProgress }, lakes.lake, lakes.consumers),
  );
  await save();
  return { run, planned, ...lakes, names: principalNames(prepares.declaration) };
}

/** What a plan is made of beside the lakes: the files, their history, and who approves them; with what is to be done after. */
export async function runFor(
  { declaration, now, schedule, recorded: known, holds: more = [], gaps, ...before }: Prepares,
  options: LakeOptions & ChangedOptions,
  console: Console,
): Promise<{ readonly run: Run; readonly save: () => Promise<void> }> {
  const checkout = before.checkout ?? (await checkedOut(options.mesh));
  const approvals = before.approvals ?? (await loadApprovals(options, console.env));
  const recorded = known ?? (await loadRecord(options, console.env));
  const past = await loadPast(options, console.env);
  const history = await loadHistory(options.mesh);
  const own = options.holds === undefined ? [] : await holdsFile(options.holds, declaration);
  const changes = await changesOf(options, declaration);
  const former = await formerSubscriptions(options.mesh, declaration, history);
  const run = {
    declaration,
    approvals,
    ...(recorded && { record: recorded.record }),
    ...(past && { past }),
    ...checkout,
    history,
    former,
    ...(changes && { changes }),
    ...(schedule && { schedule }),
    ...(gaps && { gaps }),
    holds: [...own, ...more],
    now,
  };
  return { run, save: async () => recorded?.save() };
}

/** How lakes are reached, and which. */
interface Reaching extends Pick<Prepares, 'as'> {
  readonly options: LakeOptions;
  readonly console: Console;
  /** The accounts whose own lakes are entered, where it is not all of them. */
  readonly only?: ReadonlySet<string>;
}

/** Connects to the lakes of a run; loaded only now, so that what is wrong with the files is told at once. */
export async function lakesFor(
  { declaration, history, commit, changes }: Run,
  { as = 'observe', options, console, only }: Reaching,
): Promise<Lakes> {
  const { connect } = await import('./connect.ts');
  const lake = await connect(declaration, options);
  const { consumerLakes } = await import('./consumers.ts');
  const run = [console.env['GITHUB_RUN_ID'] ?? 'by-hand', commit?.slice(0, 12) ?? 'no-commit'];
  const entering = { declaration, history: history ?? { commits: [] }, as, run, ...(only && { only }) };
  // What changed files touch is read of the central lake alone.
  return { lake, consumers: changes === undefined ? await consumerLakes(entering, options) : [] };
}

/** Reads with a display of how much was read. */
export async function withProgress<T>(
  { quiet }: LakeOptions,
  console: Console,
  read: (onProgress: NonNullable<Run['onProgress']>) => Promise<T>,
): Promise<T> {
  const progress = progressOn(console, quiet);
  try {
    return await read((rows, pages) => progress.show(`reading permissions: ${rows} rows, ${pages} pages`));
  } finally {
    progress.end();
  }
}
