import type { FileHistory } from '../core/file-history.ts';
import type { Forge } from '../core/forge.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Change, Plan } from '../core/plan.ts';
import { outcomeComment } from '../report/comment-outcome.ts';
import type { Hosted } from './hosted.ts';

/** What a run did, and where it came from. */
export interface Doings {
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  readonly names: ReadonlyMap<string, string>;
  readonly history: FileHistory;
  readonly forge: Forge;
  /** The commit of the last good run; undefined where there was none. */
  readonly since: string | undefined;
  /** The changes that waited from an earlier run; undefined where nobody can tell them apart. */
  readonly pending: ReadonlySet<string> | undefined;
}

/** How many pull requests one run reports to; a later run takes up nothing of this, for the issue and the summary have it all. */
const mostPulls = 50;

/** Tells every pull request what became of what it asked for, and answers how many were told. */
export async function writeBack({ client, place, run }: Hosted, doings: Doings): Promise<number> {
  const { plan, outcomes, names } = doings;
  const told = await pullsOf(doings);
  const { keepComment } = await import('../github/comments.ts');
  const { commentMarker } = await import('../report/comment.ts');
  for (const [issue, { changes, files }] of [...told].slice(0, mostPulls)) {
    const own = outcomes.filter(({ change, status }) => status !== 'withheld' && changes.has(change.id));
    const body = outcomeComment({
      commit: plan.commit ?? '',
      asOf: plan.asOf,
      outcomes: own,
      withheld: plan.withheld.filter(({ change }) => changes.has(change.id)),
      byHand: leftTo(plan, own, files),
      names,
      ...(run === undefined ? {} : { run }),
    });
    await keepComment(client, { place, issue, marker: commentMarker, body, otherwise: body });
  }
  return Math.min(told.size, mostPulls);
}

/** What people do by hand for the subscriptions that were given something, and for those of these files that take something. */
function leftTo({ byHand }: Plan, outcomes: readonly Outcome[], files: ReadonlySet<string>): Plan['byHand'] {
  const given = new Set(
    outcomes.flatMap(({ status, change: { after, because } }) =>
      after !== undefined && (status === 'applied' || status === 'already')
        ? because.map((one) => one.subscription)
        : [],
    ),
  );
  return byHand.flatMap(({ steps, ...place }) => {
    const own = steps.filter(({ subscriptions, takes }) =>
      subscriptions.some((one) => (takes === true ? files.has(`subscriptions/${one}.yaml`) : given.has(one))),
    );
    return own.length === 0 ? [] : [{ ...place, steps: own }];
  });
}

/** What a pull request caused. */
interface Told {
  readonly changes: ReadonlySet<string>;
  /** The paths of the mesh files that it brought, changed or removed. */
  readonly files: ReadonlySet<string>;
}

/** By pull request, what it caused: of what is new since the last good run, and of what waited. */
async function pullsOf(doings: Doings): Promise<ReadonlyMap<number, Told>> {
  const { plan, outcomes, history, since } = doings;
  const from = since === undefined ? history.commits.length - 2 : history.commits.indexOf(since);
  const places = [...history.versions.values()].flatMap((versions) => versions.map(({ at }) => at));
  const fresh = [...new Set(places.filter((at) => at > from))].sort((a, b) => a - b);
  const changes = [...outcomes.map(({ change }) => change), ...plan.withheld.map(({ change }) => change)];
  const byPull = new Map<number, { readonly changes: Set<string>; readonly files: Set<string> }>();
  const add = async (at: number, ids: readonly string[], paths: readonly string[]): Promise<void> => {
    const commit = history.commits[at];
    if (commit === undefined) return;
    for (const { number, isMerged } of await doings.forge.pullsOf(commit)) {
      if (!isMerged) continue;
      const known = byPull.get(number) ?? { changes: new Set<string>(), files: new Set<string>() };
      for (const id of ids) known.changes.add(id);
      for (const path of paths) known.files.add(path);
      byPull.set(number, known);
    }
  };
  // The newest first: where there are too many, those are told whose people are waiting.
  for (const at of fresh.toReversed().slice(0, mostPulls)) {
    const touched = [...history.versions].filter(([, versions]) => versions.some((version) => version.at === at));
    await add(
      at,
      [],
      touched.map(([path]) => path),
    );
  }
  for (const change of changes) {
    const at = causeOf(change, history) ?? fresh.at(-1);
    if (at !== undefined && (at > from || doings.pending?.has(change.id) !== false)) await add(at, [change.id], []);
  }
  return byPull;
}

/** Where in the history the newest of the files stands that ask for a change; undefined where no file asks. */
function causeOf({ because }: Change, { versions, prefix }: FileHistory): number | undefined {
  const places = because.flatMap(({ place: { file } }) => {
    const path = file.startsWith(prefix) ? file.slice(prefix.length) : file;
    return versions.get(path)?.at(-1)?.at ?? [];
  });
  return places.length === 0 ? undefined : Math.max(...places);
}
