import type { Permission } from '../../core/permission.ts';
import type { Problem } from '../../core/problem.ts';
import { columnClasses, ownClass, strictness, tableClass } from '../../core/sensitivity.ts';
import type { Entry, Joined } from '../entries.ts';
import type { DataProduct } from '../files.ts';
import { chosenColumns, reachedTables } from '../selection.ts';

type Order = ReadonlyMap<string, number>;
type Limits = ReadonlyMap<string, readonly Permission[]>;

/** What a class limits is given no further than the class allows. */
export function checkClassPermissions({ mesh, entries }: Joined): readonly Problem[] {
  const classes = mesh?.value.classes ?? [];
  const limits: Limits = new Map(
    classes.flatMap((one) => (one.permissions === undefined ? [] : [[one.name, one.permissions] as const])),
  );
  if (limits.size === 0) return [];
  const order = strictness(classes);
  return entries.flatMap((entry) => checkEntry(entry, limits, order));
}

function checkEntry(entry: Entry, limits: Limits, order: Order): readonly Problem[] {
  const { product, permissions, at } = entry;
  if (product === undefined || permissions === undefined) return [];
  for (const permission of permissions) {
    for (const [name, where] of touched(entry, { product: product.value, permission, order })) {
      const allowed = limits.get(name);
      if (allowed === undefined || allowed.includes(permission)) continue;
      const message = `${permission} cannot be given on ${where}, which is of class "${name}"`;
      return [
        { code: 'CLASS_PERMISSION', message, hint: `the class allows ${allowed.join(', ')}`, place: at('permissions') },
      ];
    }
  }
  return [];
}

interface Touch {
  readonly product: DataProduct;
  readonly permission: Permission;
  readonly order: Order;
}

/** The classes that a permission of an entry touches as declared, each with what it was found on. */
export function touched(entry: Entry, { product, permission, order }: Touch): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const note = (name: string | undefined, where: string): void => {
    if (name !== undefined && !found.has(name)) found.set(name, where);
  };
  note(ownClass(product), `the product "${entry.productName}"`);
  const choice = permission === 'SELECT' ? entry.access.columns : undefined;
  for (const table of reachedTables(entry)) {
    note(tableClass(product, table, order), `"${table}"`);
    const columns =
      choice === undefined ? columnClasses(product, table, order) : chosenColumns(product, table, { choice, order });
    for (const [column, name] of columns ?? []) note(name, `"${table}.${column}"`);
  }
  return found;
}
