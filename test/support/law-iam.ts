import type { DataProduct } from '../../src/declare/files.ts';
import type { JournalEntry } from '../../src/emulator/journal.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';
import { type CellPlace, type Cells, cellKey, cellPlace, type Extent, extentIn } from './law-cells.ts';
import { central } from './law-place.ts';

/** Who is opted in to what, by `optInKey`. */
export type OptIns = ReadonlySet<string>;

/** Where somebody is opted in: a database, all its tables, or one of them. */
type OptInPlace = Pick<CellPlace, 'principal' | 'kind' | 'database' | 'table'>;

/** The name of an opt-in, which is that of the DESCRIBE which the same principal might hold in the same place. */
export function optInKey({ principal, kind, database, table }: OptInPlace): string {
  return cellKey({ principal, kind, database, table, permission: 'DESCRIBE', option: false });
}

/**
 * What permissions on a product with hybrid access opt their holders in to: the same table, database or all tables. DESCRIBE
 * on the database comes along with tables, and opts nobody in. Across accounts all tables take the database, too:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/notes-hybrid.html.
 */
export function optInsFor(
  product: DataProduct,
  gifts: readonly { readonly place: CellPlace }[],
  on: { readonly isDatabaseAsked: boolean; readonly isAcross: boolean },
): readonly string[] {
  if (product.iamAllowedPrincipals !== 'hybrid') return [];
  return gifts.flatMap(({ place }): readonly string[] => {
    const { principal, database, table } = place;
    const onDatabase = optInKey({ principal, kind: 'database', database });
    switch (place.kind) {
      case 'database':
        return on.isDatabaseAsked ? [onDatabase] : [];
      case 'all-tables':
        return [
          optInKey({ principal, kind: 'all-tables', database }),
          ...(on.isAcross || isElsewhere(principal) ? [onDatabase] : []),
        ];
      case 'table':
      case 'data-cells-filter':
        return [optInKey({ principal, kind: 'table', database, table })];
      default:
        return [];
    }
  });
}

/** Whether a principal is another account's, an account, or an organization. */
export function isElsewhere(principal: string): boolean {
  const account = /^(?:arn:aws:(?:iam|sts)::)?(\d{12})/.exec(principal)?.[1];
  return account === undefined ? principal.startsWith('arn:aws:organizations') : account !== central;
}

/** The opt-ins of a lake. */
export function optInsIn({ optIns }: Pick<Snapshot, 'optIns'>): OptIns {
  return new Set(optIns.map(({ principal, resource }) => keyOf(principal, resource as ApiResource)));
}

/** What a call did to opt-ins. */
export interface OptInChange {
  readonly verb: 'create' | 'delete';
  readonly key: string;
}

/** What a call of the journal did to opt-ins. */
export function optInChanges({ changes, request }: Pick<JournalEntry, 'changes' | 'request'>): readonly OptInChange[] {
  return changes.flatMap(({ verb, what }) => {
    if (!('kind' in what) || what.kind !== 'opt-in' || (verb !== 'create' && verb !== 'delete')) return [];
    const { Principal, Resource } = request as {
      readonly Principal: { readonly DataLakePrincipalIdentifier: string };
      readonly Resource: ApiResource;
    };
    return [{ verb, key: keyOf(Principal.DataLakePrincipalIdentifier, Resource) }];
  });
}

/** The opt-ins after a call. */
export function optInsAfter(before: OptIns, changes: readonly OptInChange[]): OptIns {
  if (changes.length === 0) return before;
  const now = new Set(before);
  for (const { verb, key } of changes) {
    if (verb === 'create') now.add(key);
    else now.delete(key);
  }
  return now;
}

interface ApiResource {
  readonly Database?: { readonly CatalogId?: string; readonly Name: string };
  readonly Table?: {
    readonly CatalogId?: string;
    readonly DatabaseName: string;
    readonly Name?: string;
    readonly TableWildcard?: unknown;
  };
}

function keyOf(principal: string, { Database, Table }: ApiResource): string {
  if (Database !== undefined) return optInKey({ principal, kind: 'database', database: Database.Name });
  const { DatabaseName: database = '', Name: table } = Table ?? {};
  // All tables read back with the name ALL_TABLES.
  return table === undefined || Table?.TableWildcard !== undefined
    ? optInKey({ principal, kind: 'all-tables', database })
    : optInKey({ principal, kind: 'table', database, table });
}

/** Whether two places are on one table, or on one database itself: what somebody is opted in to, and what is granted there. */
export function isOptInOf(optIn: string, { principal, kind, database, table }: CellPlace): boolean {
  const own = cellPlace(optIn);
  if (own.principal !== principal || own.database !== database) return false;
  return kind === 'data-cells-filter'
    ? own.kind === 'table' && own.table === table
    : own.kind === kind && own.table === table;
}

/** A lake at one moment. */
export interface Moment {
  readonly cells: Cells;
  readonly optIns: OptIns;
}

/** What of a run tells whether somebody is cut off, or let in, on the way. */
export interface Way {
  readonly start: Moment;
  readonly moments: readonly Moment[];
  /** What proven files ask for, cell by cell. */
  readonly proven: ReadonlyMap<string, Extent>;
}

/** Somebody who reads a table through IAM before a run and is to read it after, and at a moment does not. */
export interface CutOff {
  readonly principal: string;
  /** Whether only some columns or rows are asked for: then IAM_ALLOWED_PRINCIPALS goes first, and the plan says so. */
  readonly isLimited: boolean;
  readonly text: string;
}

/**
 * Whom of the central account's own IAM_ALLOWED_PRINCIPALS, or an opt-in, cuts off on the way: permissions come before
 * their holder is opted in, and before that goes what those have who come in through IAM alone.
 */
export function cutOff({ start, moments, proven }: Way): readonly CutOff[] {
  const due = new Map<string, { readonly place: CellPlace; readonly isWhole: boolean }>();
  for (const [key, extent] of proven) {
    const place = cellPlace(key);
    const { principal, kind, database, table, permission, option, condition } = place;
    if (extent.size === 0 || option || permission !== 'SELECT' || condition !== undefined || isElsewhere(principal))
      continue;
    if (kind !== 'table' && kind !== 'data-cells-filter') continue;
    const name = `${principal} ${database}.${table}`;
    const isWhole = kind === 'table' && extent.has('*');
    due.set(name, { place, isWhole: isWhole || due.get(name)?.isWhole === true });
  }
  return [...due].flatMap(([name, { place, isWhole }]): readonly CutOff[] => {
    if (!isLeft(start, place)) return [];
    const at = moments.findIndex((moment) => !reads(moment, place));
    const moment = moments[at];
    if (moment === undefined) return [];
    const isLimited = !isWhole && isOpen(start, place) && !isOpen(moment, place);
    return [{ principal: place.principal, isLimited, text: `cut off ${name} after ${at + 1} changes` }];
  });
}

/** Whom of those who are opted in IAM lets in on the way, though neither before nor after. */
export function letIn({ start, moments }: Way): readonly string[] {
  const end = moments.at(-1) ?? start;
  const tables = [...start.cells.keys(), ...start.optIns].map(cellPlace).filter(({ table }) => table !== undefined);
  return [...start.optIns].map(cellPlace).flatMap(({ principal, kind, database, table }) => {
    if (kind === 'database' || isElsewhere(principal)) return [];
    const on = new Set(tables.flatMap((one) => (one.database === database && one.table ? [one.table] : [])));
    return [...(table === undefined ? on : [table])].flatMap((name) => {
      const place = { principal, database, table: name };
      const at = isLeft(start, place) || isLeft(end, place) ? -1 : moments.findIndex((moment) => isLeft(moment, place));
      return at < 0 ? [] : [`let ${principal} in to ${database}.${name} through IAM after ${at + 1} changes`];
    });
  });
}

/** What somebody is opted in for too early: what proven files ask there, and is held in the end, is not yet. */
export function tooEarly({ start, moments, proven }: Way, mayFollow: (place: CellPlace) => boolean): readonly string[] {
  const end = moments.at(-1) ?? start;
  return moments.flatMap(({ cells, optIns }, index) => {
    const before = (moments[index - 1] ?? start).optIns;
    if (optIns === before) return [];
    return [...optIns].flatMap((key) => {
      if (before.has(key)) return [];
      const late = [...proven].filter(([cell, extent]) => {
        const place = cellPlace(cell);
        if (extent.size === 0 || !isOptInOf(key, place) || mayFollow(place)) return false;
        return extentIn(cells, cell).size === 0 && extentIn(end.cells, cell).size > 0;
      });
      return late.map(([cell]) => `opted in ${key} before ${cell}`);
    });
  });
}

type Table = Pick<CellPlace, 'principal' | 'database' | 'table'>;

function reads(moment: Moment, table: Table): boolean {
  return isLeft(moment, table) || isHeld(moment, table);
}

/** Whether IAM alone decides for somebody. */
function isLeft(moment: Moment, table: Table): boolean {
  return isOpen(moment, table) && !isIn(moment, table);
}

function isOpen(moment: Moment, { database, table }: Table): boolean {
  return isHeld(moment, { principal: 'IAM_ALLOWED_PRINCIPALS', database, table });
}

function isHeld({ cells }: Moment, { principal, database, table }: Table): boolean {
  const known = readers.get(cells) ?? readersIn(cells);
  readers.set(cells, known);
  return known.has(`${principal} ${database}.${table}`) || known.has(`${principal} ${database}.*`);
}

const readers = new WeakMap<Cells, ReadonlySet<string>>();

function readersIn(cells: Cells): ReadonlySet<string> {
  return new Set(
    [...cells.keys()].map(cellPlace).flatMap(({ principal, kind, database, table, permission }) => {
      if (permission !== 'SELECT' && permission !== 'ALL') return [];
      if (kind === 'all-tables') return [`${principal} ${database}.*`];
      return kind === 'table' || kind === 'data-cells-filter' ? [`${principal} ${database}.${table}`] : [];
    }),
  );
}

function isIn({ optIns }: Moment, { principal, database, table }: Table): boolean {
  return (
    optIns.has(optInKey({ principal, kind: 'table', database, table })) ||
    optIns.has(optInKey({ principal, kind: 'all-tables', database }))
  );
}
