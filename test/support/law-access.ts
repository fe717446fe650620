import fc from 'fast-check';
import type { Access, DataProduct, PermissionName } from '../../src/declare/files.ts';

/** An access entry before it is fitted to a product. */
export interface RawEntry {
  readonly kind: 'tables' | 'tables' | 'database' | 'locations';
  readonly texts: readonly string[];
  readonly permissions: string | readonly PermissionName[];
  readonly onDatabase: readonly PermissionName[];
  readonly columns: { readonly include?: readonly string[]; readonly exclude?: string | readonly string[] } | undefined;
  readonly rows: string | undefined;
  readonly isNamed: boolean;
  readonly optionAll: 'default' | 'none' | 'all';
}

const columnNames = ['c1', 'c2', 'c3', 'c*', 'k', 'c?', 'x1'] as const;

/** Any access entry. */
export const rawEntry: fc.Arbitrary<RawEntry> = fc.record({
  kind: fc.constantFrom('tables', 'tables', 'tables', 'tables', 'tables', 'database', 'locations'),
  texts: fc.subarray(['1', '2', '_x', '9', '*', '?', '_*', '**'], { minLength: 1, maxLength: 3 }),
  permissions: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('read', 'write', 'discover', 'append', 'read') },
    {
      weight: 1,
      arbitrary: fc.subarray<PermissionName>(['SELECT', 'DESCRIBE', 'INSERT', 'DROP', 'ALTER'], { minLength: 1 }),
    },
    { weight: 3, arbitrary: fc.constant<readonly PermissionName[]>(['SELECT']) },
  ),
  onDatabase: fc.subarray<PermissionName>(['DESCRIBE', 'CREATE_TABLE', 'ALTER', 'DROP'], { minLength: 1 }),
  columns: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    {
      weight: 2,
      arbitrary: fc.subarray([...columnNames], { minLength: 1, maxLength: 3 }).map((include) => ({ include })),
    },
    {
      weight: 1,
      arbitrary: fc.subarray(['c1', 'c2', 'c3', 'c?'], { minLength: 1, maxLength: 2 }).map((exclude) => ({ exclude })),
    },
    { weight: 1, arbitrary: fc.constantFrom('pii', 'secret').map((exclude) => ({ exclude })) },
  ),
  rows: fc.constantFrom(undefined, undefined, undefined, "c1 = 'EU'", "c1 = 'US'"),
  isNamed: fc.boolean(),
  optionAll: fc.constantFrom('default', 'default', 'none', 'all'),
});

/** What an entry is fitted to. */
export interface Place {
  readonly product: DataProduct;
  readonly prefix: string;
  readonly isAlone: boolean;
  readonly ids: readonly string[];
}

const presets: Readonly<Record<string, readonly PermissionName[]>> = {
  read: ['SELECT', 'DESCRIBE'],
  write: ['SELECT', 'DESCRIBE', 'INSERT', 'DELETE', 'ALTER'],
  discover: ['DESCRIBE'],
  append: ['DESCRIBE', 'INSERT'],
};

/** The permissions of an entry, presets spelled out. */
export function permissionsIn({ permissions }: Access): readonly PermissionName[] {
  if (permissions === undefined) return ['DATA_LOCATION_ACCESS'];
  return typeof permissions === 'string' ? (presets[permissions] ?? []) : permissions;
}

const modifying: readonly PermissionName[] = ['ALTER', 'DELETE', 'DROP', 'INSERT'];
const centralAccount = '111122223333';

/** The entry as this product takes it; undefined where nothing of it is left. */
export function toAccess(raw: RawEntry, place: Place): Access | undefined {
  const bare = bareAccess(raw, place);
  if (bare === undefined) return undefined;
  const permissions = permissionsIn(bare);
  const isForeign = (id: string): boolean => id.startsWith('arn:aws:iam::') && !id.includes(centralAccount);
  const mustPassOn = (id: string): boolean => /^\d{12}$/.test(id) || id.startsWith('arn:aws:organizations');
  const isForeignAll = (id: string): boolean => isForeign(id) || id.endsWith(':IAMPrincipals');
  if (raw.optionAll === 'none' && !place.ids.some(mustPassOn)) return { ...bare, withGrantOption: [] };
  if (raw.optionAll === 'all' && !place.ids.some(isForeignAll) && permissions.length > 0)
    return { ...bare, withGrantOption: [...permissions] };
  return bare;
}

function bareAccess(
  raw: RawEntry,
  { product, prefix, ids }: Place & { readonly ids: readonly string[] },
): Access | undefined {
  if (raw.kind === 'locations') {
    if (product.locations === undefined) return undefined;
    return { locations: raw.isNamed ? [`s3://lake/${prefix}/part`] : [...product.locations] };
  }
  if (raw.kind === 'database') {
    const isInside = ids.every((id) => id.includes(centralAccount) || id.includes('identitystore'));
    const permissions = raw.onDatabase.filter((one) => one !== 'DROP' || isInside);
    return permissions.length === 0 ? undefined : { database: true, permissions };
  }
  return onTables(raw, { product, prefix });
}

function onTables(raw: RawEntry, { product, prefix }: Pick<Place, 'product' | 'prefix'>): Access | undefined {
  const isFuture = product.allowFuture === true;
  const names = Object.keys(product.tables).filter((name) => !isWild(name));
  const globs = Object.keys(product.tables).filter(isWild);
  if (raw.texts.includes('**') && isFuture) return { tables: ['*'], permissions: raw.permissions };
  const tables = raw.texts
    .filter((text) => text !== '**')
    .map((text) => `${prefix}${text}`)
    .filter((text) =>
      isWild(text)
        ? names.some(matcher(text))
        : isFuture || names.includes(text) || globs.some((glob) => matcher(glob)(text)),
    );
  if (tables.length === 0) return undefined;
  const bare: Access = { tables, permissions: raw.permissions };
  const permissions = permissionsIn(bare);
  if (!permissions.includes('SELECT')) return bare;
  const isLegal =
    raw.columns !== undefined &&
    !permissions.some((one) => modifying.includes(one)) &&
    leavesSome(raw.columns, tables, product);
  const columns = isLegal ? raw.columns : undefined;
  const limits = {
    ...(columns === undefined ? {} : { columns }),
    ...(raw.rows === undefined ? {} : { rows: raw.rows }),
  };
  const content = JSON.stringify(limits).replaceAll(/[^a-z0-9]+/g, '-');
  const filter = raw.rows === undefined || !raw.isNamed ? {} : { filter: `f${content}`.slice(0, 60) };
  return { ...bare, ...limits, ...filter };
}

function leavesSome(choice: NonNullable<RawEntry['columns']>, texts: readonly string[], product: DataProduct): boolean {
  const listed = (table: string): Readonly<Record<string, unknown>> | undefined => {
    const value = product.tables[table];
    return value === null || value === undefined || typeof value === 'string' ? undefined : value.columns;
  };
  const names = Object.keys(product.tables).filter((name) => !isWild(name));
  const reached = (text: string): string[] => (isWild(text) ? names.filter(matcher(text)) : [text]);
  const tops = (table: string): string[] => [
    ...new Set(Object.keys(listed(table) ?? {}).map((path) => path.split('.')[0] ?? path)),
  ];
  const tables = texts.flatMap(reached);
  const isOpen = tables.some((table) => listed(table) === undefined);
  const all = tables.flatMap(tops);
  const texts2 = choice.include ?? (typeof choice.exclude === 'string' ? [] : (choice.exclude ?? []));
  if (!isOpen && texts2.some((text) => !all.some(matcher(text)))) return false;
  const keeps = (table: string, column: string): boolean => {
    if (choice.include !== undefined) return choice.include.some((text) => matcher(text)(column));
    if (typeof choice.exclude !== 'string') return !(choice.exclude ?? []).some((text) => matcher(text)(column));
    return !isOfClass(product, { table, column, name: choice.exclude });
  };
  const leaves = (table: string): boolean =>
    listed(table) === undefined
      ? typeof choice.exclude !== 'string'
      : tops(table).some((column) => keeps(table, column));
  return texts.every((text) => reached(text).some(leaves));
}

/** Whether the product file gives a column this class or a stricter one. */
export function isOfClass(
  product: DataProduct,
  on: { readonly table: string; readonly column: string; readonly name: string },
): boolean {
  const value = product.tables[on.table];
  const columns = value !== null && typeof value === 'object' ? (value.columns ?? {}) : {};
  const own = Object.entries(columns).flatMap(([path, node]) => (path.split('.')[0] === on.column ? [node] : []));
  const classes = [product, value, ...own].flatMap((node) => {
    if (node === null || node === undefined) return [];
    if (typeof node === 'string') return [node];
    return node.class ?? (node.pii === true ? ['pii'] : []);
  });
  return classes.includes('secret') || (on.name === 'pii' && classes.includes('pii'));
}

/** What a principal holds on a product, as far as a second entry could contradict it. */
export interface Holding {
  readonly product: string;
  readonly ids: readonly string[];
  readonly access: Access;
}

/** Whether two entries may stand in one mesh: the same is said once, and limits do not contradict each other. */
export function fits(a: Holding, b: Holding): boolean {
  if (a.product !== b.product) return true;
  const isShared = a.ids.some((id) => b.ids.includes(id));
  const [one, other] = [a.access, b.access];
  if (kindOf(one) !== kindOf(other)) return true;
  if (kindOf(one) === 'tables' && !(one.tables ?? []).some((x) => (other.tables ?? []).some((y) => overlap(x, y))))
    return true;
  if (kindOf(one) === 'locations' && !(one.locations ?? []).some((x) => (other.locations ?? []).includes(x)))
    return true;
  if (one.filter !== undefined && one.filter === other.filter && contentOf(one) !== contentOf(other)) return false;
  if (!isShared) return true;
  const common = permissionsIn(one).filter((permission) => permissionsIn(other).includes(permission));
  if (common.includes('SELECT') && formOf(one) !== formOf(other)) return false;
  const clashes = (x: Access, y: Access): boolean =>
    x.columns !== undefined &&
    permissionsIn(x).includes('SELECT') &&
    permissionsIn(y).some((permission) => modifying.includes(permission));
  if (clashes(one, other) || clashes(other, one)) return false;
  return common.every(
    (permission) => permission === 'SELECT' && formOf(one) === 'rows' && contentOf(one) !== contentOf(other),
  );
}

function kindOf(access: Access): string {
  return access.tables !== undefined ? 'tables' : access.database === true ? 'database' : 'locations';
}

function formOf(access: Access): string {
  return access.rows !== undefined ? 'rows' : access.columns !== undefined ? 'columns' : 'all';
}

function contentOf({ rows, columns }: Access): string {
  return JSON.stringify([rows ?? null, columns ?? null]);
}

function overlap(a: string, b: string): boolean {
  if (isWild(a) && isWild(b)) return true;
  return isWild(a) ? matcher(a)(b) : matcher(b)(a);
}

/** Whether a text is a glob. */
export function isWild(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/** The names that a glob means. */
export function matcher(glob: string): (name: string) => boolean {
  const source = glob
    .replaceAll(/[.^$+()[\]{}|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const compiled = new RegExp(`^${source}$`);
  return (name) => compiled.test(name);
}
