import { fold } from '../core/canonical.ts';
import { type Columns, only } from '../core/columns.ts';
import type { CatalogColumn } from '../core/lake.ts';
import { compilePattern, foldText, isGlob } from '../core/pattern.ts';
import { compareText } from '../core/problem.ts';
import type { CatalogEntry } from '../core/state.ts';
import type { ColumnChoice, DataProduct } from '../declare/files.ts';
import type { SensitivityClass } from './classes.ts';
import { exclusion } from './exclusion.ts';
import { claimsOf, type Sensitivity } from './sensitivity.ts';
import { declaredColumns, isClosed, reachesFurther } from './symbolic.ts';

/** Something that stands in the way of giving what is written: it depends on the catalog. */
export interface Obstacle {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A product as patterns see it. */
export interface ProductView {
  readonly id: string;
  readonly product: DataProduct;
  readonly entry: CatalogEntry | undefined;
  /** Set where the product files stand in for the catalog. */
  readonly isDeclared: boolean;
  readonly sensitivity: Sensitivity;
  readonly classes: readonly SensitivityClass[];
}

/** The tables that names and globs reach, sorted, and what stands in the way of some of them. */
export function reachTables(view: ProductView, patterns: readonly string[]): [readonly string[], readonly Obstacle[]] {
  const obstacles: Obstacle[] = [];
  const tables = new Set<string>();
  const candidates = patterns.some(isGlob) ? patternTables(view) : [];
  for (const pattern of patterns) {
    if (!isGlob(pattern)) {
      const name = fold(pattern);
      tables.add(name);
      const kind = view.entry?.tables.get(name)?.kind;
      // Where the database itself is gone, that is said once.
      if (kind === undefined && view.entry !== undefined && !view.isDeclared)
        obstacles.push(gone(`table ${view.product.database}.${name}`));
      if (kind === 'link') obstacles.push(isLink(view, name));
      continue;
    }
    const glob = compilePattern(pattern);
    const matched = candidates.filter((name) => glob.matches(name));
    for (const name of matched) tables.add(name);
    if (view.isDeclared) {
      if (reachesFurther(view, pattern)) tables.add(foldText(pattern));
    } else if (matched.length === 0 && view.entry !== undefined) obstacles.push(nothingMatches(view, pattern));
  }
  return [[...tables].sort(compareText), obstacles];
}

/** What a product claims, in the order of names, less the globs that reach nothing now. */
export function reachingClaims(view: ProductView): readonly string[] {
  const candidates = patternTables(view);
  const reaches = (glob: string): boolean =>
    (view.isDeclared && !isClosed(view)) || candidates.some(compilePattern(glob).matches);
  return Object.keys(view.product.tables)
    .filter((name) => !isGlob(name) || reaches(name))
    .sort(compareText);
}

/** The tables of the catalog that a glob may reach: in a product with pii only those that its file names. */
function patternTables(view: ProductView): string[] {
  const { product, entry } = view;
  const claims = claimsOf(product);
  const named = new Set(
    Object.keys(product.tables)
      .filter((name) => !isGlob(name))
      .map(fold),
  );
  if (view.isDeclared) return [...named];
  const isLimited = isClosed(view);
  return [...(entry?.tables.values() ?? [])]
    .filter((table) => table.kind !== 'link' && (isLimited ? named.has(table.name) : claims(table.name)))
    .map((table) => table.name);
}

/**
 * The columns of a table that a choice leaves, always as a list of included columns: an exclusion
 * would open every column that is added or renamed. Partition keys are always among them, because
 * Lake Formation cannot hide them (https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html).
 */
export function reachColumns(
  view: ProductView,
  table: string,
  choice: ColumnChoice,
): [Columns | undefined, readonly Obstacle[]] {
  if (view.isDeclared) {
    const columns = declaredColumns(view, table, choice);
    return [columns, columns === undefined ? [noColumns(view, table)] : []];
  }
  const live = view.entry?.tables.get(table);
  const known = live?.columns ?? [];
  const names = new Set(known.map((column) => column.name));
  const keys = known.filter((column) => column.isPartitionKey).map((column) => column.name);
  const candidates = known.filter((column) => isPatternColumn(view, table, column.name)).map((column) => column.name);
  const obstacles: Obstacle[] = [];
  let chosen: readonly string[];
  if (choice.include !== undefined) {
    const patterns = choice.include.filter(isGlob).map(compilePattern);
    const exact = exactNames(choice).filter((name) => live === undefined || names.has(name));
    chosen = [...exact, ...candidates.filter((name) => patterns.some((pattern) => pattern.matches(name)))];
  } else {
    const written = choice.exclude ?? [];
    const isOut = exclusion(view, table, written);
    chosen = candidates.filter((name) => !isOut(name));
    for (const key of keys.filter(isOut)) obstacles.push(partitionKey(view, table, key));
  }
  const columns = only([...chosen, ...keys]);
  if (chosen.length === 0 && live !== undefined) obstacles.push(noColumns(view, table));
  return [columns, obstacles];
}

/** Columns named by a choice that none of the tables has; one that only some of them have is no obstacle. */
export function missingColumns(
  view: ProductView,
  tables: readonly string[],
  choice: ColumnChoice,
): readonly Obstacle[] {
  const live = tables.flatMap((table) => view.entry?.tables.get(table) ?? []);
  if (view.isDeclared || live.length < tables.length) return [];
  const known = new Set(live.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const where = tables.map((table) => `${view.product.database}.${table}`).join(', ');
  return exactNames(choice)
    .filter((name) => !known.has(name))
    .map((name) => gone(`column ${name} of ${where}`));
}

function exactNames({ include, exclude }: ColumnChoice): readonly string[] {
  const written = include ?? exclude ?? [];
  return typeof written === 'string' ? [] : written.filter((name) => !isGlob(name)).map(fold);
}

function isPatternColumn(view: ProductView, table: string, column: string): boolean {
  if (!isClosed(view)) return true;
  const declared = view.product.tables[table];
  if (declared === null || typeof declared !== 'object') return false;
  return Object.keys(declared.columns ?? {}).some((path) => fold(path.split('.')[0] ?? path) === column);
}

function gone(what: string): Obstacle {
  return {
    code: 'NOT_IN_CATALOG',
    message: `${what} is not in the catalog`,
    hint: 'correct the name, or remove it once the data is gone for good',
  };
}

function isLink(view: ProductView, name: string): Obstacle {
  return {
    code: 'IS_RESOURCE_LINK',
    message: `${view.product.database}.${name} is a resource link; permissions belong on its target`,
  };
}

function nothingMatches(view: ProductView, pattern: string): Obstacle {
  const limited = isClosed(view);
  return {
    code: 'NOTHING_MATCHES',
    message: `no table of ${view.id} in the catalog matches ${pattern}`,
    ...(limited ? { hint: 'in a product with pii a pattern reaches only tables that the product file names' } : {}),
  };
}

/** What a view, or a table with reserved column names, does not take; a table may still be asked for otherwise. */
export function tableObstacles(
  view: ProductView,
  table: string,
  asked: { readonly permissions: readonly string[]; readonly isFiltered: boolean },
): readonly Obstacle[] {
  const live = view.entry?.tables.get(table);
  if (live === undefined) return [];
  const name = `${view.product.database}.${table}`;
  const illegal = live.kind === 'view' ? asked.permissions.filter((one) => !viewPermissions.includes(one)) : [];
  const reserved = asked.isFiltered ? live.columns.filter(isReserved) : [];
  return [
    ...(illegal.length === 0
      ? []
      : [{ code: 'IS_VIEW', message: `${name} is a view, which takes no ${illegal.join(', ')}` }]),
    ...(live.kind === 'view' && asked.isFiltered
      ? [{ code: 'IS_VIEW', message: `${name} is a view, which takes no data cells filter` }]
      : []),
    ...reserved.map((column) => ({
      code: 'RESERVED_COLUMN',
      message: `${name} has a column ${column.name}, a name that data cells filters refuse`,
    })),
  ];
}

// Source: https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html.
const viewPermissions: readonly string[] = ['SELECT', 'DESCRIBE', 'DROP'];

// Source: https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html.
const reservedColumns: ReadonlySet<string> = new Set(
  'ctid oid xmin cmin xmax cmax tableoid insertxid deletexid importoid redcatuniqueid'.split(' '),
);

function isReserved({ name }: CatalogColumn): boolean {
  return reservedColumns.has(name);
}

/** Whether a data cells filter can be made on a table. */
export function takesFilter({ entry }: ProductView, table: string): boolean {
  const live = entry?.tables.get(table);
  return live === undefined || (live.kind !== 'view' && !live.columns.some(isReserved));
}

function noColumns(view: ProductView, table: string): Obstacle {
  return { code: 'NO_COLUMNS_LEFT', message: `of ${view.product.database}.${table} no column is left to give` };
}

function partitionKey(view: ProductView, table: string, key: string): Obstacle {
  return {
    code: 'PARTITION_KEY',
    message: `Lake Formation cannot hide the partition key ${key} of ${view.product.database}.${table}`,
    hint: 'include the key, or leave the table out',
  };
}
