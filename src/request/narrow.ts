import { type Presets, resolvePermissions } from '../core/access.ts';
import { compilePattern, isGlob, matchesAny } from '../core/pattern.ts';
import { columnClasses, columnsOf, strictness } from '../core/sensitivity.ts';
import type { Access, ColumnChoice, DataProduct, PermissionName, Subscription } from '../declare/files.ts';

/** What a subscription is to lose. */
export interface Drops {
  readonly tables: readonly string[];
  readonly columns: readonly string[];
  readonly permissions: readonly string[];
  readonly principals: readonly string[];
}

/** Why something cannot be dropped. */
export interface NarrowFault {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** What the drops are understood against. */
export interface Terms {
  readonly product: DataProduct;
  readonly presets: Presets;
  readonly classes: readonly { readonly name: string }[];
}

/** A list with holes where items go, so that the file can be edited in place. */
type Holed<T> = readonly (T | undefined)[];

/** An access entry in which lists have holes. */
type HoledEntry = {
  readonly [K in keyof Access]: Access[K] extends readonly (infer T)[] | undefined ? Holed<T> : unknown;
};

/** What the file says afterwards, with holes where something goes; or every reason why it cannot. */
export type Narrowed =
  | { readonly value: Readonly<Record<string, unknown>>; readonly faults: readonly [] }
  | { readonly faults: readonly NarrowFault[] };

/** Takes tables, columns, permissions and principals out of a subscription; the rest of it stays as it is written. */
export function narrow(subscription: Subscription, drops: Drops, terms: Terms): Narrowed {
  const faults: NarrowFault[] = [];
  const met = new Set<string>();
  const context = { drops, terms, faults, met };
  const access = subscription.access.map((entry) => narrowed(entry, context));
  const principals = holed(subscription.principals, drops.principals, (one) => met.add(`principal ${one}`));
  const readers = readersLeft(subscription, access, context);
  for (const [kind, names] of [
    ['table', drops.tables],
    ['column', drops.columns],
    ['permission', drops.permissions],
    ['principal', drops.principals],
  ] as const)
    for (const name of names)
      if (!met.has(`${kind} ${name}`))
        faults.push({ code: 'NOT_ASKED', message: `the subscription asks nothing of the ${kind} ${name}` });
  if (faults.length === 0 && (access.every(isGone) || principals?.every(isGone) === true))
    faults.push({ code: 'NOTHING_LEFT', message: 'nothing would be left of it', hint: 'end it: meshgate request end' });
  if (faults.length > 0) return { faults };
  const { import: brought } = subscription;
  return {
    value: {
      ...subscription,
      access,
      ...(principals === undefined ? {} : { principals }),
      ...(brought?.grants === undefined ? {} : { import: { ...brought, grants: readers } }),
    },
    faults: [],
  };
}

/** Who reads through the link of what is left: nobody gets what the account itself does not; undefined where nobody does. */
function readersLeft(
  { import: brought }: Subscription,
  access: readonly (HoledEntry | undefined)[],
  { drops, terms, met }: Context,
): readonly unknown[] | undefined {
  const left = access.flatMap((entry) => (entry === undefined ? [] : passable(entry, terms)));
  const grants = brought?.grants?.map(({ principals, permissions, ...rest }) => {
    const people = holed(principals, drops.principals, (one) => met.add(`principal ${one}`)) ?? [];
    const rights = permissions.map((one) => (left.includes(one) ? one : undefined));
    return people.every(isGone) || rights.every(isGone)
      ? undefined
      : { ...rest, principals: people, permissions: rights };
  });
  return grants?.every(isGone) === true ? undefined : grants;
}

/** What an entry gives the account to pass on. */
function passable({ tables, database, locations, permissions, withGrantOption }: HoledEntry, { presets }: Terms) {
  const kind =
    locations !== undefined ? 'locations' : database === true && tables === undefined ? 'database' : 'tables';
  const written =
    typeof permissions === 'string' ? permissions : (permissions as Holed<PermissionName>).flatMap((one) => one ?? []);
  const given = resolvePermissions({ kind, permissions: written }, presets) ?? [];
  return withGrantOption === undefined
    ? given
    : given.filter((one) => (withGrantOption as Holed<string>).includes(one));
}

interface Context {
  readonly drops: Drops;
  readonly terms: Terms;
  readonly faults: NarrowFault[];
  /** What was found to drop, by kind and name. */
  readonly met: Set<string>;
}

function narrowed(entry: Access, context: Context): HoledEntry | undefined {
  const tables = withoutTables(entry, context);
  if (tables?.every(isGone) === true) return undefined;
  const { permissions, withGrantOption, isGone: isEmpty, losesSelect } = withoutPermissions(entry, context);
  if (isEmpty) return undefined;
  const rest = { ...entry, ...(tables && { tables }), ...permissions, ...(withGrantOption && { withGrantOption }) };
  // Without SELECT there is nothing that columns or rows could limit.
  if (losesSelect) return { ...rest, columns: undefined, rows: undefined, filter: undefined } as HoledEntry;
  const left = (tables ?? []).filter((table) => table !== undefined);
  const columns = withoutColumns({ ...entry, tables: left }, context);
  return columns === undefined ? rest : { ...rest, columns };
}

function withoutTables({ tables }: Access, { drops, faults, met }: Context): Holed<string> | undefined {
  if (tables === undefined) return undefined;
  for (const table of drops.tables.filter((one) => !isGlob(one))) {
    const pattern = tables.find((one) => isGlob(one) && compilePattern(one).matches(table));
    if (pattern === undefined) continue;
    met.add(`table ${table}`);
    const hint = 'name the tables that stay instead of the pattern, in the file';
    faults.push({ code: 'BY_PATTERN', message: `the table ${table} is given by the pattern ${pattern}`, hint });
  }
  return holed(tables, drops.tables, (one) => met.add(`table ${one}`));
}

function withoutPermissions(entry: Access, { drops, terms, met }: Context) {
  const kind = entry.locations !== undefined ? 'locations' : entry.database === true ? 'database' : 'tables';
  const all = resolvePermissions({ kind, permissions: entry.permissions }, terms.presets) ?? [];
  const kept = holed(all, drops.permissions, (one) => met.add(`permission ${one}`)) ?? all;
  const changes = kept.some(isGone);
  // A list keeps its places, a preset becomes the list of what is left of it.
  const written = typeof entry.permissions === 'string' ? kept.filter((one) => !isGone(one)) : kept;
  return {
    permissions: changes ? { permissions: written } : {},
    withGrantOption: changes ? holed(entry.withGrantOption, drops.permissions) : undefined,
    isGone: all.length > 0 && kept.every(isGone),
    losesSelect: all.includes('SELECT') && !kept.includes('SELECT'),
  };
}

/** The choice of columns without those dropped; undefined where none of them is in it. */
function withoutColumns(entry: Access, context: Context): object | undefined {
  const { drops, terms, faults, met } = context;
  if (drops.columns.length === 0 || entry.tables === undefined || !reads(entry, terms)) return undefined;
  const choice = entry.columns ?? { exclude: [] };
  const here = drops.columns.filter((column) => has(entry.tables ?? [], column, terms.product));
  if (choice.include !== undefined) {
    for (const column of here) {
      const pattern = choice.include.find((one) => isGlob(one) && compilePattern(one).matches(column));
      if (pattern === undefined) continue;
      met.add(`column ${column}`);
      const hint = 'name the columns that stay instead of the pattern, in the file';
      faults.push({ code: 'BY_PATTERN', message: `the column ${column} is given by the pattern ${pattern}`, hint });
    }
    const include = holed(choice.include, drops.columns, (one) => met.add(`column ${one}`));
    return include?.some(isGone) === true ? { include } : undefined;
  }
  for (const column of here) met.add(`column ${column}`);
  const exclude = typeof choice.exclude === 'string' ? undefined : (choice.exclude ?? []);
  if (exclude === undefined) return included(entry, here, context);
  const isOut = matchesAny(exclude);
  const more = here.filter((column) => !isOut(column));
  if (more.length > 0 && entry.tables.includes('*'))
    faults.push({
      code: 'BY_PATTERN',
      message: `the columns ${more.join(', ')} are given on all tables at once`,
      hint: 'name the tables, in the file',
    });
  return more.length === 0 ? undefined : { exclude: [...exclude, ...more] };
}

/** A choice that leaves out a class and more columns: written out, since a file cannot say both. */
function included(
  { tables = [], columns }: Access,
  here: readonly string[],
  context: Context,
): ColumnChoice | undefined {
  const { terms, faults } = context;
  if (here.length === 0) return undefined;
  const order = strictness(terms.classes);
  const limit = order.get(String(columns?.exclude)) ?? 0;
  const isOpen = (kind: string | undefined): boolean => kind === undefined || (order.get(kind) ?? 0) < limit;
  const lists = tables.map((table) => columnClasses(terms.product, table, order));
  const named = lists.flatMap((list) => [...(list ?? [])]);
  const open = new Set(named.filter(([, kind]) => isOpen(kind)).map(([name]) => name));
  const clash = named.find(([name, kind]) => open.has(name) && !isOpen(kind))?.[0];
  if (clash !== undefined || lists.some((list) => list === undefined)) {
    const message = `the columns are given by what class they have not, so that ${here.join(', ')} cannot be taken out by itself`;
    faults.push({ code: 'BY_CLASS', message, hint: 'name the columns that stay, in the file' });
    return undefined;
  }
  const left = [...open].filter((name) => !here.includes(name));
  if (left.length === open.size) return undefined;
  return { include: left };
}

function reads({ permissions, locations }: Access, { presets }: Terms): boolean {
  if (locations !== undefined) return false;
  return resolvePermissions({ kind: 'tables', permissions }, presets)?.includes('SELECT') === true;
}

/** Whether one of the tables has the column, or may have it because the product file does not list its columns. */
function has(tables: readonly string[], column: string, { tables: known }: DataProduct): boolean {
  return tables.some((table) => {
    const listed = columnsOf(Object.hasOwn(known, table) ? known[table] : undefined);
    return (
      listed === undefined ||
      Object.keys(listed).some((path) => path.split('.')[0]?.toLowerCase() === column.toLowerCase())
    );
  });
}

/** The list with holes where the dropped items were. */
function holed<T extends string>(
  list: readonly T[] | undefined,
  dropped: readonly string[],
  found: (one: string) => void = () => undefined,
): Holed<T> | undefined {
  return list?.map((item) => {
    const drop = dropped.find((one) => one.toLowerCase() === item.toLowerCase());
    if (drop === undefined) return item;
    found(drop);
    return undefined;
  });
}

function isGone(value: unknown): boolean {
  return value === undefined;
}
