import { isGlob } from '../core/pattern.ts';
import type { Note } from '../core/plan.ts';
import type { Place } from '../core/problem.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Access, DataProduct } from '../declare/files.ts';
import { weigh } from './sensitivity.ts';
import { isClosed, listedColumns, reachesFurther } from './symbolic.ts';

/**
 * What only the catalog can tell of some access entries, named by their places: what a pattern matches beside what
 * the product file names, and the columns and flags of what it names without listing them.
 */
export function unknownIn(declaration: Declaration, isMeant: (place: Place) => boolean): readonly Note[] {
  const notes = entriesOf(declaration).flatMap((entry) => (isMeant(entry.place) ? notesOn(entry) : []));
  return [...new Map(notes.map((note) => [note.message, note])).values()];
}

interface Entry {
  readonly id: string;
  readonly product: DataProduct;
  readonly access: Access;
  readonly place: Place;
}

function entriesOf({ products, subscriptions }: Declaration): readonly Entry[] {
  const own = [...products].flatMap(([id, { value, at }]) =>
    (value.grants ?? []).flatMap((grant, index) =>
      grant.access.map((access, nth) => ({ id, product: value, access, place: at(['grants', index, 'access', nth]) })),
    ),
  );
  const asked = [...subscriptions.values()].flatMap(({ product: id, value, at }) => {
    const product = products.get(id)?.value;
    if (product === undefined) return [];
    return value.access.map((access, index) => ({ id, product, access, place: at(['access', index]) }));
  });
  return [...own, ...asked];
}

function notesOn({ id, product, access, place }: Entry): readonly Note[] {
  const view = { product, sensitivity: weigh(product, undefined) };
  const where = `${place.file}:${place.line}`;
  const tables = access.tables ?? [];
  const matching = tables.filter((text) => text !== '*' && isGlob(text) && reachesFurther(view, text));
  const unlisted = tables.filter((text) => !isGlob(text) && listedColumns(product, text.toLowerCase()).length === 0);
  const choices = access.columns === undefined ? [] : (access.columns.include ?? access.columns.exclude ?? []);
  const byPattern = !isClosed(view) && (typeof choices === 'string' || choices.some(isGlob) || access.columns?.exclude);
  return [
    ...(tables.includes('*')
      ? [note('ALL_TABLES', `${where} reaches every table of ${product.database}, present and future`)]
      : []),
    ...matching.map((text) =>
      note('PATTERN_MAY_REACH_MORE', `${where} ${text} may match tables that ${id} does not name`),
    ),
    ...(byPattern
      ? [
          note(
            'COLUMNS_MAY_DIFFER',
            `${where} chooses among columns that ${id} need not list, and flags of the catalog count`,
          ),
        ]
      : []),
    ...unlisted.map((text) => note('COLUMNS_NOT_LISTED', `${where} ${text} has no columns in the file of ${id}`)),
  ];
}

function note(code: string, message: string): Note {
  return { code, message };
}
