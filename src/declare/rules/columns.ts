import { isGlob } from '../../core/pattern.ts';
import type { Problem } from '../../core/problem.ts';
import { columnClasses, strictness } from '../../core/sensitivity.ts';
import { didYouMean, listed } from '../closest.ts';
import type { Entry, Joined } from '../entries.ts';
import type { ColumnChoice, DataProduct } from '../files.ts';
import { patternOf } from '../patterns.ts';
import { chosenColumns, namedTables, reachedTables } from '../selection.ts';
import { quoted } from '../wording.ts';

type Order = ReadonlyMap<string, number>;

/** A choice of columns names columns that exist, as far as the product file lists them, and leaves some. */
export function checkColumns({ mesh, entries }: Joined): readonly Problem[] {
  if (mesh === undefined) return [];
  const order = strictness(mesh.value.classes ?? []);
  return entries.flatMap((entry) => {
    const { product, access } = entry;
    if (product === undefined || access.columns === undefined || access.tables === undefined) return [];
    if (typeof access.columns.exclude === 'string' && !order.has(access.columns.exclude)) return [];
    const unknown = unknownColumns(entry, product.value, access.columns);
    return unknown.length > 0 ? unknown : nothingLeft(entry, product.value, { choice: access.columns, order });
  });
}

// With several tables a column need be in one of them only. A table that lists no columns may have any.
function unknownColumns(entry: Entry, product: DataProduct, choice: ColumnChoice): readonly Problem[] {
  if (typeof choice.exclude === 'string') return [];
  const [field, texts] =
    choice.include === undefined
      ? (['exclude', choice.exclude ?? []] as const)
      : (['include', choice.include] as const);
  const lists = reachedTables(entry).map((table) => columnClasses(product, table, new Map()));
  const isOpen =
    lists.includes(undefined) ||
    (entry.access.tables ?? []).some((text) => !isGlob(text) && !Object.hasOwn(product.tables, text));
  if (isOpen || lists.length === 0) return [];
  const columns = new Set(lists.flatMap((list) => [...(list?.keys() ?? [])]));
  return texts.flatMap((text, index) => {
    const top = text.split('.')[0] ?? text;
    if (columns.has(text) || columns.has(top) || (isGlob(text) && [...columns].some(patternOf(text).matches)))
      return [];
    const hint = didYouMean(text, columns, `the columns are ${listed(columns, 'none')}`);
    const message = `no table of this entry has a column ${quoted(text)}`;
    return [{ code: 'UNKNOWN_COLUMN', message, hint, place: entry.at('columns', field, index) }];
  });
}

interface Choosing {
  readonly choice: ColumnChoice;
  readonly order: Order;
}

function nothingLeft(entry: Entry, product: DataProduct, choosing: Choosing): readonly Problem[] {
  const { access, at } = entry;
  const named = new Set(namedTables(product));
  return (access.tables ?? []).flatMap((text, index) => {
    const tables = isGlob(text) ? [...named].filter(patternOf(text).matches) : [text];
    if (tables.length === 0 || tables.some((table) => leaves(product, table, choosing))) return [];
    const message = `columns leaves nothing of ${quoted(text)}`;
    const byClass = typeof choosing.choice.exclude === 'string';
    const hint = byClass
      ? "list the table's columns in the product file; those without a class are kept"
      : 'give the table an entry of its own';
    return [{ code: 'NO_COLUMNS_LEFT', message, hint, place: at('tables', index) }];
  });
}

function leaves(product: DataProduct, table: string, choosing: Choosing): boolean {
  const left = chosenColumns(product, table, choosing);
  // Without a list of columns nothing is classified, and excluding a class excludes all that is not.
  return left === undefined ? typeof choosing.choice.exclude !== 'string' : left.size > 0;
}
