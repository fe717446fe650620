import type { GrantView, StoredRow } from '../grants/grant-store.ts';
import { columnNames, type LakeView, shelfKey, type Table } from '../lake.ts';
import { holds, noPermissions, type PermissionSet, setOf } from '../permission.ts';
import { filterPlace, placeOf, selectedColumns } from '../resource.ts';
import { selects, tagsOf } from './tags.ts';

/** Columns of a table that somebody reads, in the rows that a predicate selects; without one in all rows. */
export interface Cells {
  readonly columns: readonly string[];
  readonly rows?: string;
  /** The permission that gives them, for people. */
  readonly because: string;
}

/** What somebody holds on a table: permissions, and the cells that SELECT gives. */
export interface Holding {
  readonly permissions: PermissionSet;
  readonly cells: readonly Cells[];
}

/** Holding nothing. */
export const nothing: Holding = { permissions: noPermissions, cells: [] };

const describe: PermissionSet = setOf(['DESCRIBE']);
const members: PermissionSet = setOf(['ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT']);
const select: PermissionSet = setOf(['SELECT']);

/** The rows of a principal that may bear on a table: on it, on all tables, on its filters, and by LF-Tags. */
export function rowsOnTable(grants: GrantView, principal: string, catalog: string, table: Table): readonly StoredRow[] {
  const { database, name } = table;
  const places = [
    placeOf({ kind: 'table', catalog, database, table: name }),
    placeOf({ kind: 'all-tables', catalog, database }),
    filterPlace({ catalog, database, table: name }),
    placeOf({ kind: 'lf-tag-policy', catalog, resourceType: 'TABLE', expression: [] }),
  ];
  return places.flatMap((place) => grants.held(principal, place));
}

/**
 * What rows give on a table of the owner's catalog: grants by name and by LF-Tags add up
 * (https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html). A grant under a condition gives
 * nothing here: nobody says for which session it would hold.
 */
export function holdingOf(owner: LakeView, table: Table, rows: readonly StoredRow[]): Holding {
  return union(rows.filter(({ condition }) => condition === undefined).map((row) => holdingBy(owner, table, row)));
}

/** All that several holdings give together. */
export function union(holdings: readonly Holding[]): Holding {
  return {
    permissions: holdings.reduce((set, one) => set | one.permissions, noPermissions),
    cells: holdings.flatMap(({ cells }) => cells),
  };
}

/**
 * What is both given to an account and passed on within it: columns of both, rows of both.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
 */
export function intersection(given: Holding, passedOn: Holding): Holding {
  const cells = given.cells.flatMap((one) =>
    passedOn.cells.map((other): Cells => {
      const rows = [one.rows, other.rows].filter((predicate) => predicate !== undefined);
      const [only] = rows;
      return {
        columns: one.columns.filter((name) => other.columns.includes(name)),
        because: `${one.because}; ${other.because}`,
        ...(only === undefined
          ? {}
          : { rows: rows.length === 1 ? only : rows.map((text) => `(${text})`).join(' AND ') }),
      };
    }),
  );
  return { permissions: implied(given) & implied(passedOn), cells: cells.filter(({ columns }) => columns.length > 0) };
}

/** The permissions of a holding with what they imply: any of them shows the table. */
function implied({ permissions, cells }: Holding): PermissionSet {
  const whole = holds(permissions, 'ALL') ? permissions | members : permissions;
  return whole !== noPermissions || cells.length > 0 ? whole | describe : whole;
}

function holdingBy(owner: LakeView, table: Table, row: StoredRow): Holding {
  const { resource, part, permissions, principal } = row;
  const existing = columnNames(table);
  const named = `${table.database}.${table.name}`;
  switch (resource.kind) {
    case 'table':
    case 'all-tables': {
      const on = resource.kind === 'table' ? named : `all tables of ${table.database}`;
      if (part.kind === 'columns') {
        const columns =
          part.columns.kind === 'all' ? existing : withKeys(table, selectedColumns(part.columns, existing));
        const what = part.columns.kind === 'all' ? `SELECT on ${on}` : `SELECT on columns of ${on}`;
        return reading(permissions, { columns, because: `${what} for ${principal}` });
      }
      const isAll = holds(permissions, 'ALL');
      return { permissions, cells: isAll ? [{ columns: existing, because: `ALL on ${on} for ${principal}` }] : [] };
    }
    case 'data-cells-filter': {
      const filter = owner.filters.get(shelfKey(table.database, table.name, resource.name));
      if (!filter) return nothing;
      const columns = withKeys(table, selectedColumns(filter.columns, existing));
      const rows = filter.rows === undefined ? {} : { rows: filter.rows };
      return reading(permissions, {
        columns,
        ...rows,
        because: `SELECT on filter ${filter.name} of ${named} for ${principal}`,
      });
    }
    case 'lf-tag-policy':
      return byTags(owner, table, row);
    case 'catalog':
    case 'database':
    case 'data-location':
    case 'lf-tag':
    case 'lf-tag-expression':
      return nothing;
    default:
      return resource satisfies never;
  }
}

/**
 * What a policy of LF-Tags gives: where it selects some columns only, what modifies becomes DESCRIBE.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html
 */
function byTags(owner: LakeView, table: Table, { resource, permissions, principal }: StoredRow): Holding {
  if (resource.kind !== 'lf-tag-policy') return nothing;
  const { database, name } = table;
  const { expression } = resource;
  const existing = columnNames(table);
  const columns = existing.filter((column) => selects(expression, tagsOf(owner, database, name, column)));
  const isWhole = selects(expression, tagsOf(owner, database, name)) && columns.length === existing.length;
  if (columns.length === 0 && !isWhole) return nothing;
  const isReader = holds(permissions, 'SELECT') || holds(permissions, 'ALL');
  const tags = expression.map(({ key, values }) => `${key}=${values.join('|')}`).join(', ');
  const because = `SELECT by LF-Tags ${tags} for ${principal}`;
  return {
    permissions: isWhole ? permissions : describe | (isReader ? select : noPermissions),
    cells: isReader ? [{ columns, because }] : [],
  };
}

function reading(permissions: PermissionSet, cells: Cells): Holding {
  return { permissions, cells: holds(permissions, 'SELECT') ? [cells] : [] };
}

/** Partition keys cannot be filtered out: https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html */
function withKeys(table: Table, columns: readonly string[]): readonly string[] {
  return [...new Set([...columns, ...table.partitionKeys.map(({ Name }) => Name)])];
}
