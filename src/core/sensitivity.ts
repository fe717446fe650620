/** What a product, table or column says of its sensitivity: nothing, a class, or fields. */
export type Classified = null | string | { readonly pii?: boolean; readonly class?: string };

/** A table's sensitivity with that of its columns. */
export type ClassifiedTable =
  | null
  | string
  | ({ readonly columns?: Readonly<Record<string, Classified>> } & Exclude<Classified, null | string>);

/** A product's sensitivity with that of its tables. */
export interface ClassifiedProduct {
  readonly pii?: boolean;
  readonly class?: string;
  readonly tables: Readonly<Record<string, ClassifiedTable>>;
}

/** The class that stands for personal data in every mesh. */
export const piiClass = 'pii';

/** The texts of `pii_flag` that say no; a text that nobody can read, such as `tru`, may have meant yes. */
const negative: ReadonlySet<string> = new Set(['', 'false', 'no', '0']);

/** Whether the catalog's parameters flag personal data, in any case, with or without spaces. */
export function isFlaggedPii(parameters: Readonly<Record<string, string>> | undefined): boolean {
  return !negative.has(parameters?.pii_flag?.trim().toLowerCase() ?? '');
}

/** The class that a node itself declares. */
export function ownClass(node: Classified): string | undefined {
  if (node === null || typeof node === 'string') return node ?? undefined;
  return node.class ?? (node.pii === true ? piiClass : undefined);
}

/** How strict each class is, as mesh.yaml orders them; pii is the least strict where it is not listed. */
export function strictness(classes: readonly { readonly name: string }[]): ReadonlyMap<string, number> {
  const names = classes.map((one) => one.name);
  const all = names.includes(piiClass) ? names : [piiClass, ...names];
  return new Map(all.map((name, index) => [name, index]));
}

/** The stricter of two classes. */
export function stricter(
  a: string | undefined,
  b: string | undefined,
  order: ReadonlyMap<string, number>,
): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (order.get(a) ?? 0) >= (order.get(b) ?? 0) ? a : b;
}

/** Whether anything in the product is declared sensitive, by whatever class. */
export function isSensitive(product: ClassifiedProduct): boolean {
  if (ownClass(product) !== undefined) return true;
  return Object.values(product.tables).some(
    (table) =>
      ownClass(table) !== undefined ||
      Object.values(columnsOf(table) ?? {}).some((column) => ownClass(column) !== undefined),
  );
}

/** The columns that a table lists, if it lists any. */
export function columnsOf(table: ClassifiedTable | undefined): Readonly<Record<string, Classified>> | undefined {
  return table === null || table === undefined || typeof table === 'string' ? undefined : table.columns;
}

/** The strictest class that the product declares for a whole table. */
export function tableClass(
  product: ClassifiedProduct,
  table: string,
  order: ReadonlyMap<string, number>,
): string | undefined {
  const node = Object.hasOwn(product.tables, table) ? product.tables[table] : undefined;
  return stricter(ownClass(product), node === undefined ? undefined : ownClass(node), order);
}

/** The strictest class of each top-level column that a table lists, undefined where it is not sensitive. */
export function columnClasses(
  product: ClassifiedProduct,
  table: string,
  order: ReadonlyMap<string, number>,
): ReadonlyMap<string, string | undefined> | undefined {
  const listed = Object.hasOwn(product.tables, table) ? columnsOf(product.tables[table]) : undefined;
  if (listed === undefined) return undefined;
  const base = tableClass(product, table, order);
  const classes = new Map<string, string | undefined>();
  for (const [name, node] of Object.entries(listed)) {
    // A nested field is part of its column, which is what Lake Formation grants.
    const top = name.split('.')[0] ?? name;
    classes.set(top, stricter(classes.get(top) ?? base, ownClass(node), order));
  }
  return classes;
}
