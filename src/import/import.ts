import { type DataCellsFilter, type Fact, type FactKey, isSameFact, keyOf } from '../core/fact.ts';
import { groupBy } from '../core/group.ts';
import { toPrincipal } from '../core/principal.ts';
import { isFlaggedPii } from '../core/sensitivity.ts';
import type { CatalogEntry, Observed } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Person } from '../declare/files.ts';
import { standing } from './beside.ts';
import { creatorsOf } from './creators.ts';
import type { Edit, NewFile } from './file.ts';
import { type Left, leave } from './left.ts';
import type { OldSubscription } from './old-table.ts';
import type { Database } from './placing.ts';
import { notAccess, recall, type Unkept } from './records.ts';
import { type GrantSeen, type Ground, type Right, type Sorted, toRights } from './rights.ts';
import { sift } from './sift.ts';
import { writeUp } from './write-up.ts';

/** What an import is made from. */
export interface Importing {
  readonly observed: Observed;
  /** The databases that were chosen. */
  readonly databases: readonly string[];
  /** Whether they were named: then each becomes a product, also where nothing is granted on it. */
  readonly areNamed: boolean;
  /** The mesh that is there already. */
  readonly existing: Declaration | undefined;
  /** What that mesh asks for. */
  readonly declared: ReadonlyMap<FactKey, Fact>;
  /** The name of a new mesh. */
  readonly name: string;
  readonly administrators: readonly Person[] | undefined;
  /** The older mesh's table of subscriptions. */
  readonly subscriptions: readonly OldSubscription[];
  /** Also writes what that table calls active and the lake does not hold, so that the next plan grants it. */
  readonly writesMissing: boolean;
}

/** What comes of an import. */
export interface Imported {
  /** New files, in the order of their paths. */
  readonly files: readonly NewFile[];
  /** What belongs into files that are there already. */
  readonly edits: readonly Edit[];
  /** What is live and becomes no line of a mesh file. */
  readonly left: readonly Left[];
  /** How many grants concern databases that were not chosen. */
  readonly elsewhere: number;
  /** Subscriptions of the older table that are not, or not wholly, access now. */
  readonly unkept: readonly Unkept[];
}

/** Mesh files that declare what a lake grants, as far as mesh files can say it. */
export function importLake(importing: Importing): Imported {
  const { observed, existing, declared } = importing;
  const [central = ''] = observed.lake.split('/');
  const unread = new Set([...observed.catalog.unread, ...observed.gaps.flatMap(({ database }) => database ?? [])]);
  const sifted = sift({ observed, central, chosen: new Set(importing.databases), unread, existing });
  const filters = filtersByDatabase(observed);
  const left: Left[] = [...sifted.left];
  const keep = ({ rights, left: found }: Sorted): readonly Right[] => {
    left.push(...found);
    return rights;
  };
  const { active, unkept } = activeOf(importing);
  const databases = importing.databases.flatMap((name): Database[] => {
    const entry = observed.catalog.databases.get(name);
    const ground = { central, entry, filters: filters.get(name) ?? new Map<string, DataCellsFilter>() };
    const byPrincipal = groupBy(sifted.databases.get(name) ?? [], ({ fact }) => fact.principal);
    // Where only one of two can be said, the one that is said already stays.
    const isSaid = ({ key }: GrantSeen): boolean => declared.has(key);
    const live = [...byPrincipal.values()].flatMap((facts) => {
      const rights = keep(toRights([...facts.filter(isSaid), ...facts.filter((one) => !isSaid(one))], ground));
      return keep(standing(rights, ground.filters));
    });
    const rights = keep(undeclared(live, declared));
    const recalled = entry === undefined ? undefined : recall(active.get(name) ?? [], entry, live, central);
    unkept.push(...(recalled?.unkept ?? []));
    const isWanted = importing.areNamed || live.length > 0 || saysSomething(entry) || active.has(name);
    if (entry === undefined || entry.database.target !== undefined || unread.has(name) || !isWanted) return [];
    if (!/^[a-z0-9_][a-z0-9_-]{0,254}$/.test(name)) {
      for (const { facts } of rights) left.push(...leave('BAD_NAME', facts));
      return [];
    }
    const missing = importing.writesMissing ? addable(recalled?.missing ?? [], { live, ...ground }, importing) : [];
    const owner = ownerOf(entry, active.get(name) ?? []) ?? central;
    return [{ entry, rights: [...rights, ...missing], owner, notes: recalled?.notes ?? new Map() }];
  });
  const nowhere = { central, entry: undefined, filters: new Map<string, DataCellsFilter>() };
  const apart = (facts: readonly GrantSeen[]): readonly Right[] =>
    keep(undeclared(keep(toRights(facts, nowhere)), declared));
  const written = writeUp({
    importing,
    central,
    filters,
    databases,
    locations: apart(sifted.locations),
    creators: keep(creatorsOf(apart(sifted.catalog), sifted.catalog, existing)),
  });
  left.push(...written.left);
  return { files: written.files, edits: written.edits, left, elsewhere: sifted.elsewhere, unkept };
}

/** The rights that no mesh file asks for; what one asks for otherwise is left to the plan. */
function undeclared(rights: readonly Right[], declared: Importing['declared']): Sorted {
  const kept: Right[] = [];
  const left: Left[] = [];
  for (const right of rights) {
    const asked = right.facts.filter(({ key }) => declared.has(key));
    const isSaid = asked.every(({ key, fact }) => isSameFact(declared.get(key) ?? fact, fact));
    if (asked.length === 0) kept.push(right);
    else if (!isSaid || asked.length < right.facts.length) left.push(...leave('DECLARED_OTHERWISE', right.facts));
  }
  return { rights: kept, left };
}

function filtersByDatabase({ facts }: Observed): ReadonlyMap<string, ReadonlyMap<string, DataCellsFilter>> {
  const filters = [...facts.values()].flatMap(({ fact }) => (fact.kind === 'data-cells-filter' ? [fact] : []));
  return new Map(
    [...groupBy(filters, ({ database }) => database)].map(([database, own]) => [
      database,
      new Map(own.map((filter) => [`${filter.table} ${filter.name}`, filter])),
    ]),
  );
}

/** The active subscriptions of the older table by database, and those that are no access. */
function activeOf({ subscriptions, databases, observed }: Importing): {
  readonly active: ReadonlyMap<string, readonly OldSubscription[]>;
  readonly unkept: Unkept[];
} {
  const administrators = new Set(observed.settings.administrators.map((one) => toPrincipal(one).id));
  const why = (one: OldSubscription): string | undefined => {
    if (administrators.has(toPrincipal(one.subscriber).id)) return 'the subscriber is a data lake administrator';
    const reason = notAccess(one);
    if (reason !== undefined || databases.includes(one.database ?? '')) return reason;
    return `the database ${one.database} is not in the catalog, or was not chosen`;
  };
  const unkept = subscriptions.flatMap((one): readonly Unkept[] => {
    const message = why(one);
    return message === undefined ? [] : [{ id: one.id, subscriber: one.subscriber, status: one.status, message }];
  });
  const active = groupBy(
    subscriptions.filter((one) => why(one) === undefined),
    ({ database }) => database ?? '',
  );
  return { active, unkept };
}

/** Of the rights that the lake lacks those that can stand beside what is live, and that no mesh file asks for. */
function addable(
  missing: readonly Right[],
  { live, filters }: { readonly live: readonly Right[]; readonly filters: Ground['filters'] },
  { declared, observed }: Importing,
): readonly Right[] {
  const isNew = ({ principal, resource, permission }: Right): boolean =>
    !declared.has(
      keyOf({ kind: 'grant', lake: observed.lake, principal: principal.id, resource, permission, grantOption: false }),
    );
  return [...groupBy(missing.filter(isNew), ({ principal }) => principal.id)].flatMap(([id, own]) => {
    const beside = live.filter(({ principal }) => principal.id === id);
    return standing([...beside, ...own], filters).rights.length === beside.length + own.length ? own : [];
  });
}

/** The account that the database names as its owner, or the older table does; undefined where they do not say. */
function ownerOf({ database }: CatalogEntry, subscriptions: readonly OldSubscription[]): string | undefined {
  const written = database.parameters['data_owner']?.trim() ?? '';
  if (/^\d{12}$/.test(written)) return written;
  const owners = new Set(subscriptions.flatMap(({ owner }) => owner ?? []));
  const [owner] = owners;
  return owners.size === 1 && owner !== undefined && /^\d{12}$/.test(owner) ? owner : undefined;
}

/** Whether somebody has said in the catalog whose the data is, or that it is personal. */
function saysSomething(entry: CatalogEntry | undefined): boolean {
  if (entry === undefined) return false;
  return entry.database.parameters['data_owner'] !== undefined || isFlaggedPii(entry.database.parameters);
}
