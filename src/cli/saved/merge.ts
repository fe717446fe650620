import { compareText } from '../../core/problem.ts';
import type { Observed } from '../../core/state.ts';
import { unreadLake } from '../../observe/imports.ts';
import type { Seen } from '../../observing.ts';
import { type Planned, planSeen, type Run } from '../../reconcile.ts';
import type { Console } from '../console.ts';
import { principalNames } from '../load.ts';
import { type LakeOptions, SetupProblem } from '../options.ts';
import { type Prepares, runFor } from '../prepare.ts';
import { lakesOf } from './accounts.ts';
import { filesIn, load, type SavedPart, save } from './file.ts';
import { mustFit, other, stampOf } from './stamp.ts';

/** All that was observed in parts, and when the oldest of them was begun. */
interface Merged {
  readonly seen: Seen;
  readonly at: string;
}

/** How a plan of parts is made. */
interface Merging {
  readonly options: LakeOptions;
  readonly console: Console;
}

/** Plans from what was observed in parts. */
export async function prepareMerged(paths: readonly string[], prepares: Prepares, { options, console }: Merging) {
  const { run, save: keep } = await runFor(prepares, options, console);
  const { seen, at } = await merge(paths, run, console);
  const planned = await planSeen(run, seen);
  await keep();
  return { run, planned, at, names: principalNames(run.declaration) };
}

/** Puts together what was observed in parts: the lake of an account that is in none of them was not read. */
async function merge(paths: readonly string[], run: Run, console: Console): Promise<Merged> {
  const now = stampOf(run, console);
  const parts: SavedPart[] = [];
  for (const file of await filesIn(paths, 'part')) {
    const part = await load(file, 'part', console.env);
    mustFit(file, part, now);
    parts.push(part);
  }
  if (parts.length === 0)
    throw new SetupProblem(
      'SAVED_FILE',
      `${paths.join(', ')}: no file *.part is there`,
      'save it with plan --accounts',
    );
  const read = parts.flatMap(({ lakes }) => lakes);
  const { account, region } = run.declaration.mesh.value.central;
  const central = `${account}/${region}`;
  const entered = lakesOf(run);
  const of = (lake: string): Observed | undefined => {
    const found = read.filter((one) => one.lake === lake);
    if (found.length > 1) throw other(`lake ${lake} is in ${found.length} parts, and nobody can tell which is right`);
    return found[0];
  };
  const observed = of(central);
  if (observed === undefined)
    throw other(`no part has read ${central}, the central lake, without which nothing can be planned`);
  const stranger = read.find(({ lake }) => lake !== central && !entered.includes(lake));
  if (stranger !== undefined) throw other(`a part has read ${stranger.lake}, which a run from here would not enter`);
  const through = new Map(read.map((one) => [regionOf(one.lake), one]));
  for (const { lake, endpoint } of read) {
    const same = through.get(regionOf(lake));
    if (same !== undefined && same.endpoint !== endpoint)
      throw other(`${lake} was read through ${endpoint}, and ${same.lake} through ${same.endpoint}`);
  }
  const others = entered.map((lake) => {
    const { endpoint = 'an endpoint that is not known' } = through.get(regionOf(lake)) ?? {};
    return of(lake) ?? unreadLake({ lake, endpoint }, unread(lake));
  });
  return { seen: { observed, others }, at: parts.map(({ at }) => at).sort(compareText)[0] ?? '' };
}

function regionOf(lake: string): string {
  return lake.slice(lake.indexOf('/') + 1);
}

function unread(lake: string): Omit<Observed['gaps'][number], 'lake'> {
  const hint = 'see why its part failed, or add the account to --accounts of one';
  return { code: 'NO_LAKE', message: `lake of account ${lake} was read by no part`, hint, blocks: 'all' };
}

/** Saves a plan with what it was made of. */
export async function savePlan(
  file: string,
  { run, planned, at }: { readonly run: Run; readonly planned: Planned; readonly at: string },
  console: Console,
): Promise<void> {
  const { holds, gaps, schedule, now } = run;
  const { observed, others, trusted, plan } = planned;
  const given = { ...{ now, trusted }, ...(holds && { holds }), ...(gaps && { gaps }), ...(schedule && { schedule }) };
  await save(file, 'plan', { ...stampOf(run, console), at, seen: { observed, others }, given, plan }, console.env);
}
