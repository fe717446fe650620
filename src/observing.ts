import type { Hurried, LakeReader, TableName } from './core/lake.ts';
import type { Part } from './core/part.ts';
import type { ChangedFiles } from './core/plan.ts';
import type { Scope } from './core/scope.ts';
import { areBeyond } from './core/sharing.ts';
import type { Observed } from './core/state.ts';
import type { Declaration } from './declare/declaration.ts';
import type { History } from './declare/recall.ts';
import { importedHybrid, importedLimited, touchedPart, type Version, wholePart } from './desire/part.ts';
import { scopeOf } from './desire/scope.ts';
import { observeInTime } from './observe/imports.ts';
import { type Limited, limitedIn, readLimited } from './observe/limited.ts';
import { observe } from './observe/observe.ts';

/** What says how much of the lakes is read. */
export interface Observing {
  readonly declaration: Declaration;
  /** What the first-parent history said; without it what is declared now is all that is managed. */
  readonly history?: History;
  /** The changed files that the plan is confined to. */
  readonly changes?: Changes;
  readonly onProgress?: (rows: number, pages: number) => void;
}

/** Changed files, with the versions that they had: products and subscriptions as they were. */
export interface Changes extends ChangedFiles {
  readonly before: Version;
}

/** What was observed of the lakes of a mesh. */
export interface Seen {
  /** The central lake. */
  readonly observed: Observed;
  /** The consumers' lakes. */
  readonly others: readonly Observed[];
}

/** Observes the central lake, as far as the mesh has to do with it. */
export async function observeCentral(run: Observing, reader: LakeReader, { ever } = scopeIn(run)): Promise<Observed> {
  const part = partOf(run);
  return observe(reader, {
    // Also what only the history names: it may have to go, and its creators are protected.
    part: part ?? wholePart(ever),
    isPartOnly: part !== undefined,
    isShared: part === undefined && areBeyond(run.declaration.mesh.value.central.account, ever.principals),
    ...(run.onProgress && { onProgress: run.onProgress }),
  });
}

/**
 * Observes the lakes of consumers, and waits for none of them longer than it may. Which tables have data cells filters the
 * central lake tells: as it is observed beside, or else when it is asked, which it is only where rows or columns are limited.
 */
export function observeConsumers(
  run: Observing,
  lakes: readonly (LakeReader & Hurried)[],
  central: LakeReader | Promise<Observed>,
): Promise<readonly Observed[]> {
  const scope = scopeIn(run);
  const limits = new Map(lakes.map(({ lake }) => [lake, importedLimited(scope, lake)]));
  const databases = new Set([...limits.values()].flatMap((limited) => [...limited.keys()]));
  let told: Promise<Limited> | undefined;
  const tell = (): Promise<Limited> => {
    told ??= central instanceof Promise ? central.then(limitedIn) : readLimited(central, [...databases]);
    return told;
  };
  const observed = lakes.map((lake) => {
    const limited = limits.get(lake.lake);
    const isLimited = ({ database, table }: TableName): boolean => limited?.get(database)?.(table) === true;
    return observeInTime(lake, {
      hybrid: importedHybrid(scope, lake.lake),
      limited: async () => (limited === undefined || limited.size === 0 ? [] : (await tell())?.filter(isLimited)),
    });
  });
  return Promise.all(observed);
}

/** The scope of what is declared, and of what its history declared. */
export function scopeIn({ declaration, history }: Observing): Scope {
  return scopeOf(declaration, history?.commits);
}

/** The part of the lake that a run is confined to; undefined where it is about the whole mesh. */
export function partOf({ declaration, changes }: Observing): Part | undefined {
  if (changes === undefined || changes.whole !== undefined) return undefined;
  const files = new Set(changes.files);
  return touchedPart([changes.before, declaration], (path) => files.has(path));
}
