import { type DataCellsFilter, keyOf, type ResourceLink } from '../core/fact.ts';
import { type CatalogDatabase, LakeFailure, type LakeReader, type Sharing } from '../core/lake.ts';
import type { Change } from '../core/plan.ts';
import type { Resource } from '../core/resource.ts';
import { receivers, resourceOf } from '../core/sharing.ts';
import type { Gap, Observed } from '../core/state.ts';
import { madeAnew } from '../core/touched.ts';
import { addFact, addRow, type Facts, filterGrants, openedByIam } from './facts.ts';
import { listFilters } from './filters.ts';
import type { OnGap } from './gaps.ts';
import { listOptIns } from './opt-ins.ts';
import { listable, listedUnder, listOn } from './permissions.ts';
import { addBroken, readSharing } from './sharing.ts';

/**
 * Reads again what changes have touched, resource by resource where that takes fewer calls than a
 * sweep, and answers what is observed now. What cannot be read again is a gap.
 */
export async function reread(reader: LakeReader, observed: Observed, changes: readonly Change[]): Promise<Observed> {
  const touched = touchedResources(changes);
  const gaps: Gap[] = [];
  const gap: OnGap = (found) => void gaps.push({ lake: reader.lake, ...found });
  let { sharing } = observed;
  const facts: Facts = new Map(observed.facts);
  try {
    const { sweepPages = Number.POSITIVE_INFINITY } = observed;
    // Links first, for what is on one that is gone is not asked for; all else as late as may be, since reads lag.
    await readLinks(reader, { changes, facts, inCatalog: observed.catalog.databases.size });
    for (const under of linksGone(changes, facts)) {
      // Lake Formation lists nothing on what is not there, and refuses to be asked.
      touched.delete(under);
      for (const [key, { fact }] of facts)
        if (fact.kind === 'grant' && listedUnder(fact.resource) === under) facts.delete(key);
    }
    if (touched.size > Math.max(1, sweepPages))
      await sweepAgain(reader, { facts, touched, filtered: filteredIn(facts, changes) });
    else await readResources(reader, { facts, touched });
    await readObjects(
      reader,
      changes.filter((change) => !isOnLink(change)),
      facts,
    );
    if (isShared(changes, reader)) {
      const again = (): Promise<Sharing | undefined> => readSharing(reader, gap);
      sharing = await again();
      if (sharing !== undefined) {
        await addBroken(facts, { lake: reader.lake, databases: observed.catalog.databases }, { sharing, again });
        addMended(facts, changes);
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof LakeFailure)) throw thrown;
    const message = `reading back: ${thrown.operation} answered ${thrown.code}: ${thrown.message}`;
    gap({ code: 'NOT_READ_BACK', message, blocks: 'all' });
  }
  return {
    ...observed,
    facts,
    gaps: [...observed.gaps, ...gaps],
    openedByIam: openedByIam(facts),
    filterGrants: filterGrants(facts),
    ...(sharing && { sharing }),
  };
}

/** The most that a page of GetDatabases holds. */
const databasesPerPage = 100;

/** Whether it is to be looked what RAM makes of changes: of what is mended, and of what is given to other accounts. */
function isShared(changes: readonly Change[], { lake }: LakeReader): boolean {
  const receiverOf = receivers(lake.split('/')[0] ?? '');
  return changes.some(
    ({ after }) =>
      after?.kind === 'association' || (after?.kind === 'grant' && receiverOf(after.principal) !== undefined),
  );
}

/** Associations that are no longer broken: of no others it is said that they are not. */
function addMended(facts: Facts, changes: readonly Change[]): void {
  for (const { key, after } of changes) if (after?.kind === 'association' && !facts.has(key)) addFact(facts, after);
}

type Touched = ReadonlyMap<string, Resource>;

/** The resources to ask for; a table's answer also holds the grants on its data cells filters. */
function touchedResources(changes: readonly Change[]): Map<string, Resource> {
  const resources = new Map<string, Resource>();
  for (const change of changes) {
    const resource = resourceIn(change);
    if (resource !== undefined) resources.set(listedUnder(resource), listable(resource));
  }
  return resources;
}

function resourceIn(change: Change): Resource | undefined {
  const fact = change.after ?? change.before;
  if (fact?.kind === 'association') return resourceOf(fact);
  return fact?.kind === 'grant' ? fact.resource : madeAnew(change);
}

function isOnLink({ after, before }: Change): boolean {
  return (after ?? before)?.kind === 'resource-link';
}

/** The resource links that changes were about and that are gone, as what is on them is listed. */
function linksGone(changes: readonly Change[], facts: Facts): readonly string[] {
  return changes.flatMap(({ key, before }) =>
    before?.kind === 'resource-link' && !facts.has(key)
      ? [listedUnder({ kind: 'database', catalog: before.catalog, database: before.database })]
      : [],
  );
}

async function readResources(
  reader: LakeReader,
  { facts, touched }: { facts: Facts; touched: Touched },
): Promise<void> {
  const fresh: Facts = new Map();
  for (const resource of touched.values())
    for await (const page of listOn(reader, resource)) for (const row of page.rows) addRow(fresh, reader.lake, row);
  for (const [key, { fact }] of facts)
    if (fact.kind === 'grant' && touched.has(listedUnder(fact.resource))) facts.delete(key);
  for (const [key, fact] of fresh) facts.set(key, fact);
}

/** The tables with data cells filters, or with grants on such, as permissions on them are listed. */
function filteredIn(facts: Facts, changes: readonly Change[]): ReadonlySet<string> {
  const known = [...[...facts.values()].map(({ fact }) => fact), ...changes.flatMap((one) => one.after ?? [])];
  return new Set(
    known.flatMap((fact) => {
      if (fact.kind === 'data-cells-filter') return [listedUnder({ ...fact, filter: fact.name })];
      return fact.kind === 'grant' && fact.resource.kind === 'data-cells-filter' ? [listedUnder(fact.resource)] : [];
    }),
  );
}

/** A sweep may leave out grants on data cells filters, so tables that have a filter are asked for besides. */
async function sweepAgain(
  reader: LakeReader,
  { facts, touched, filtered }: { facts: Facts; touched: Touched; filtered: ReadonlySet<string> },
): Promise<void> {
  const fresh: Facts = new Map();
  for await (const page of reader.permissions()) for (const row of page.rows) addRow(fresh, reader.lake, row);
  for (const [key, { fact }] of facts) {
    if (fact.kind !== 'grant') continue;
    if (!filtered.has(listedUnder(fact.resource))) facts.delete(key);
  }
  for (const [key, fact] of fresh) facts.set(key, fact);
  const apart = [...touched].filter(([under]) => filtered.has(under));
  await readResources(reader, { facts, touched: new Map(apart) });
}

/** The links, one by one, or all at once where that takes fewer calls. */
async function readLinks(
  reader: LakeReader,
  { changes, facts, inCatalog }: { readonly changes: readonly Change[]; facts: Facts; readonly inCatalog: number },
): Promise<void> {
  const links = changes.flatMap(({ after, before }) => {
    const fact = after ?? before;
    return fact?.kind === 'resource-link' ? [fact] : [];
  });
  if (links.length === 0) return;
  const names = [...facts.values()].filter(({ fact }) => fact.kind === 'resource-link').length + inCatalog;
  const isFew = links.length <= Math.max(1, names / databasesPerPage);
  const asked = isFew ? await askDatabases(reader, links) : undefined;
  const live = asked ?? new Map<string, CatalogDatabase | undefined>();
  if (asked === undefined) for await (const page of reader.databases()) for (const one of page) live.set(one.name, one);
  for (const link of links) {
    facts.delete(keyOf(link));
    const target = live.get(link.database)?.target;
    if (target !== undefined) addFact(facts, { ...link, target });
  }
}

/** The databases of these names; undefined where Glue denies to tell, as it may of one that is not there: only a list says that. */
async function askDatabases(
  reader: LakeReader,
  links: readonly ResourceLink[],
): Promise<Map<string, CatalogDatabase | undefined> | undefined> {
  const live = new Map<string, CatalogDatabase | undefined>();
  try {
    for (const { database } of links) live.set(database, await reader.database(database));
    return live;
  } catch (thrown) {
    if (thrown instanceof LakeFailure && thrown.code === 'AccessDeniedException') return undefined;
    throw thrown;
  }
}

async function readObjects(reader: LakeReader, changes: readonly Change[], facts: Facts): Promise<void> {
  const objects = changes.flatMap(({ after, before }) => after ?? before ?? []);
  const databases = new Map<string, CatalogDatabase | undefined>();
  const filters = new Map<string, readonly DataCellsFilter[]>();
  let accepted: ReadonlySet<string> | undefined;
  let optedIn: ReadonlySet<string> | undefined;
  for (const fact of objects) {
    // Both are read by resource, and what RAM makes of them at the end.
    if (fact.kind === 'grant' || fact.kind === 'association') continue;
    const key = keyOf(fact);
    facts.delete(key);
    if (fact.kind === 'catalog-parameter') {
      const { database, name } = fact;
      if (!databases.has(database)) databases.set(database, await reader.database(database));
      const value = databases.get(database)?.parameters[name];
      if (value !== undefined) addFact(facts, { ...fact, value });
      continue;
    }
    if (fact.kind === 'acceptance') {
      accepted ??= new Set((await reader.accepted()).map(keyOf));
      if (accepted.has(key)) addFact(facts, fact);
      continue;
    }
    if (fact.kind === 'opt-in') {
      optedIn ??= new Set((await listOptIns(reader)).map(keyOf));
      if (optedIn.has(key)) addFact(facts, fact);
      continue;
    }
    if (fact.kind === 'resource-link') continue;
    const table = `${fact.database} ${fact.table}`;
    const listed = filters.get(table) ?? (await listFilters(reader, fact)) ?? [];
    filters.set(table, listed);
    for (const filter of listed) if (keyOf(filter) === key) addFact(facts, filter);
  }
}
