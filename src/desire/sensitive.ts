import { type Columns, coversColumns } from '../core/columns.ts';
import { sightOf } from '../core/hold.ts';
import { compareText } from '../core/problem.ts';
import { columnsOf, ownClass } from '../core/sensitivity.ts';
import type { Desired } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { DataProduct } from '../declare/files.ts';
import { type Sensitivity, weigh } from './sensitivity.ts';
import { declaredCatalog, listedColumns } from './symbolic.ts';

/** What is sensitive of all that a subscription asks for: `email (pii), card (secret) of sales.orders`, sorted. */
export function sensitiveIn(declaration: Declaration, { facts }: Desired, subscription: string): readonly string[] {
  const product = declaration.products.get(declaration.subscriptions.get(subscription)?.product ?? '')?.value;
  if (product === undefined) return [];
  const sight = sightOf(declaredCatalog(declaration), facts.values());
  const view = { product, sensitivity: weigh(product, undefined) };
  const asked = [...facts.values()].flatMap(({ wishes }) =>
    wishes.flatMap(({ fact, cause }) =>
      fact.kind === 'grant' && cause.subscription === subscription && fact.permission !== 'DESCRIBE' ? [fact] : [],
    ),
  );
  const found = asked.flatMap(({ resource, permission, columns = 'all' }): readonly Sensitive[] => {
    if (resource.kind === 'all-tables')
      return Object.keys(product.tables).flatMap((table) => onTable(view, table, 'all'));
    if (!('table' in resource)) return [];
    const read = resource.kind === 'table' ? columns : (sight.filterColumns(resource) ?? 'all');
    return onTable(view, resource.table, permission === 'SELECT' ? read : 'all');
  });
  const byColumns = new Map<string, Set<string>>();
  for (const { what, table } of found) byColumns.set(what, (byColumns.get(what) ?? new Set()).add(table));
  return [...byColumns]
    .map(([what, tables]) => `${what} of ${[...tables].sort(compareText).join(', ')}`)
    .sort(compareText);
}

interface View {
  readonly product: DataProduct;
  readonly sensitivity: Sensitivity;
}

interface Sensitive {
  readonly table: string;
  readonly what: string;
}

function onTable({ product, sensitivity }: View, table: string, columns: Columns): readonly Sensitive[] {
  const classes = sensitivity.touched('SELECT', { kind: 'table', table, columns });
  if (classes.length === 0) return [];
  const listed = listedColumns(product, table).filter((name) => coversColumns(columns, { only: [name] }));
  const flagged = listed.flatMap((name) => {
    const own = [...sensitivity.ofColumn(table, name)].sort(compareText).join(', ');
    return own === '' ? [] : [`${name} (${own})`];
  });
  const what = flagged.length === 0 ? `all (${classes.join(', ')})` : flagged.join(', ');
  return [{ table: `${product.database}.${table}`, what }];
}

/** The tables and columns of a product whose class changes: `orders.email: pii, now not sensitive`. */
export function reclassified(was: DataProduct, is: DataProduct): readonly string[] {
  const [old, now] = [classesIn(was), classesIn(is)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort(compareText);
  return names.flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    const text = (one: string | undefined): string => one ?? 'not sensitive';
    return from === to
      ? []
      : [`${name}: ${text(from)}, now ${now.has(name) || name === whole ? text(to) : 'not named'}`];
  });
}

const whole = 'the product';

function classesIn(product: DataProduct): ReadonlyMap<string, string | undefined> {
  return new Map([
    [whole, ownClass(product)] as const,
    ...Object.entries(product.tables).flatMap(([table, node]) => [
      [table, ownClass(node)] as const,
      ...Object.entries(columnsOf(node) ?? {}).map(([column, own]) => [`${table}.${column}`, ownClass(own)] as const),
    ]),
  ]);
}
