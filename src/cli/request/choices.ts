import { builtInPresets } from '../../core/permission.ts';
import { columnClasses, isSensitive, ownClass, strictness, tableClass } from '../../core/sensitivity.ts';
import type { Declaration } from '../../declare/declaration.ts';
import type { DataProduct } from '../../declare/files.ts';
import { classesOf } from '../../desire/classes.ts';
import { visible } from '../../report/excerpt.ts';

/** One thing to choose, with what a person should know of it. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint: string;
}

/** The products of a mesh; those with personal or otherwise sensitive data are marked. */
export function productChoices({ products }: Declaration): Choice[] {
  return [...products].map(([id, { value }]) =>
    choice(id, [isSensitive(value) ? (ownClass(value) ?? sensitive) : '', value.description ?? '']),
  );
}

/** The accounts that may consume. */
export function consumerChoices({ accounts }: Declaration): Choice[] {
  return [...accounts].flatMap(([name, { value }]) =>
    value.roles.includes('consumer') ? [choice(name, [value.displayName ?? '', value.description ?? ''])] : [],
  );
}

const sensitive = 'has sensitive data';

/** The tables of a product with the strictest class in each. */
export function tableChoices({ mesh }: Declaration, product: DataProduct): Choice[] {
  const order = strictness(classesOf(mesh.value));
  return Object.entries(product.tables).map(([name, table]) => {
    const classes = [...(columnClasses(product, name, order)?.values() ?? []), tableClass(product, name, order)];
    const strictest = classes
      .filter((one) => one !== undefined)
      .toSorted((a, b) => (order.get(b) ?? 0) - (order.get(a) ?? 0))[0];
    const description = typeof table === 'object' ? (table?.description ?? '') : '';
    return choice(name, [strictest === undefined ? '' : `${strictest}`, description]);
  });
}

/** A column to choose, over all tables that have it. */
export interface ColumnOption extends Choice {
  readonly isSensitive: boolean;
}

/** The columns that the product file lists for some of its tables, each with its class. */
export function columnChoices({ mesh }: Declaration, product: DataProduct, tables: readonly string[]): ColumnOption[] {
  const order = strictness(classesOf(mesh.value));
  const found = new Map<string, { tables: string[]; classes: Set<string> }>();
  for (const table of tables)
    for (const [column, kind] of columnClasses(product, table, order) ?? []) {
      const known = found.get(column) ?? { tables: [], classes: new Set() };
      known.tables.push(table);
      if (kind !== undefined) known.classes.add(kind);
      found.set(column, known);
    }
  return [...found].map(([column, { tables: where, classes }]) => {
    const which = tables.length === 1 || where.length === tables.length ? '' : `in ${where.join(', ')}`;
    return { ...choice(column, [[...classes].join(', '), which]), isSensitive: classes.size > 0 };
  });
}

/** The presets of permissions, with what each stands for. */
export function presetChoices({ mesh }: Declaration): Choice[] {
  const all = { ...builtInPresets, ...mesh.value.presets };
  return Object.entries(all).map(([name, permissions]) => choice(name, [permissions.join(', ')]));
}

/** Who in an account may get access: its own principals, and those of mesh.yaml. */
export function principalChoices({ accounts, mesh }: Declaration, account: string): Choice[] {
  const own = Object.entries(accounts.get(account)?.value.principals ?? {});
  const others = Object.entries(mesh.value.principals ?? {});
  return [...own, ...others].map(([name, identifier]) => choice(name, [identifier]));
}

function choice(value: string, hints: readonly string[]): Choice {
  return { value, label: visible(value), hint: visible(hints.filter((hint) => hint !== '').join(' · ')) };
}
