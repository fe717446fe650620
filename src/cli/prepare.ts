import type { Hurried, Lake } from '../core/lake.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { PlacedHold } from '../desire/safety.ts';
import { type Planned, plan, type Run } from '../reconcile.ts';
import { type ChangedOptions, changesOf } from './changed.ts';
import type { Console } from './console.ts';
import { holdsFile } from './holds-file.ts';
import { checkedOut, loadApprovals, loadMesh, loadPast, loadRecord, principalNames } from './load.ts';
import { loadHistory } from './load-history.ts';
import type { LakeOptions } from './options.ts';
import { progressOn } from './progress.ts';
import type { Recorded } from './record.ts';

/** A plan that was made, and what is needed to show it or to carry it out. */
export interface Prepared {
  readonly planned: Planned;
  readonly lake: Lake;
  /** The lakes of consumers that the run may enter. */
  readonly consumers: readonly (Lake & Hurried)[];
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

/** Connects to the lake of a mesh that was read, and plans. */
export async function prepareFor(
  { declaration, now, schedule, recorded: known, holds: more = [], gaps, as = 'observe', ...before }: Prepares,
  options: LakeOptions & ChangedOptions,
  console: Console,
): Promise<Prepared> {
  const checkout = before.checkout ?? (await checkedOut(options.mesh));
  const approvals = before.approvals ?? (await loadApprovals(options, console.env));
  const recorded = known ?? (await loadRecord(options, console.env));
  const past = await loadPast(options, console.env);
  const history = await loadHistory(options.mesh);
  const own = options.holds === undefined ? [] : await holdsFile(options.holds, declaration);
  const holds = [...own, ...more];
  const changes = await changesOf(options, declaration);
  // Loaded only now, so that what is wrong with the files is told at once.
  const { connect } = await import('./connect.ts');
  const lake = await connect(declaration, options);
  const run = [console.env['GITHUB_RUN_ID'] ?? 'by-hand', checkout.commit?.slice(0, 12) ?? 'no-commit'];
  const { consumerLakes } = await import('./consumers.ts');
  // What changed files touch is read of the central lake alone.
  const consumers = changes === undefined ? await consumerLakes({ declaration, history, as, run }, options) : [];
  const progress = progressOn(console, options.quiet);
  try {
    const planned = await plan(
      {
        declaration,
        approvals,
        ...(recorded && { record: recorded.record }),
        ...(past && { past }),
        ...checkout,
        history,
        ...(changes && { changes }),
        ...(schedule && { schedule }),
        ...(gaps && { gaps }),
        holds,
        now,
        onProgress: (rows, pages) => progress.show(`reading permissions: ${rows} rows, ${pages} pages`),
      },
      lake,
      consumers,
    );
    await recorded?.save();
    return { planned, lake, consumers, names: principalNames(declaration) };
  } finally {
    progress.end();
  }
}
