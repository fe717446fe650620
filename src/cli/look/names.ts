import { fold, locationOf } from '../../core/canonical.ts';
import { isKnown } from '../../core/lifecycle.ts';
import { type Principal, toPrincipal } from '../../core/principal.ts';
import { compareText } from '../../core/problem.ts';
import { didYouMean, listed } from '../../declare/closest.ts';
import { type Target, targetText } from '../../explain/target.ts';
import { SetupProblem } from '../options.ts';
import type { Look } from './look.ts';

/** The principal that a text means: a name of the mesh files, or an identifier. */
export function principalIn({ names }: Look, text: string): Principal {
  const found = [...names].find(([, name]) => name === text)?.[0];
  if (found !== undefined) return toPrincipal(found);
  const principal = toPrincipal(text);
  if (principal.kind !== 'other') return principal;
  const known = [...names.values()].sort(compareText);
  throw new SetupProblem(
    'UNKNOWN_PRINCIPAL',
    `there is no principal "${text}"`,
    didYouMean(text, known, `give an ARN, an account id, or one of ${listed(known, 'none')}`),
  );
}

/** The resource that a text means: `<database>[.<table>[.<column>]]`, or an S3 path. */
export function targetIn(look: Look, text: string): Target {
  if (/^(s3:\/\/|arn:aws[a-z-]*:s3:)/.test(text)) return { kind: 'location', location: locationOf(text) };
  if (text === 'catalog') return { kind: 'catalog' };
  const folded = fold(text);
  const databases = databasesIn(look);
  const database = databases.find((name) => folded === name || folded.startsWith(`${name}.`));
  if (database === undefined) {
    const product = look.declaration.products.get(text)?.value.database;
    const [first = ''] = folded.split('.');
    const hint =
      product === undefined
        ? didYouMean(first, databases, `the databases are ${listed(databases, 'none')}`)
        : `the database of this product is ${product}; meshgate show ${text} tells all of it`;
    throw new SetupProblem('UNKNOWN_RESOURCE', `there is no database "${first}" in the mesh or the lake`, hint);
  }
  const [table, ...column] = folded.slice(database.length + 1).split('.');
  if (table === undefined || table === '') return { kind: 'database', database };
  checkTable(look, { database, table });
  if (column.length === 0) return { kind: 'table', database, table };
  // A nested field is part of its column, which is what Lake Formation grants.
  const target = { kind: 'table', database, table, column: column[0] ?? '' } as const;
  checkColumn(look, target);
  return target;
}

/** Every database that files, catalog or grants name; the longest first, for a name may hold a dot. */
function databasesIn({ declaration, catalog, lake }: Look): readonly string[] {
  const granted = isKnown(lake)
    ? [...lake.observed.facts.values()].flatMap(({ fact }) =>
        fact.kind === 'grant' && 'database' in fact.resource ? [fact.resource.database] : [],
      )
    : [];
  const declared = [...declaration.products.values()].map(({ value }) => fold(value.database));
  const all = new Set([...declared, ...catalog.databases.keys(), ...granted]);
  return [...all].sort((a, b) => b.length - a.length || compareText(a, b));
}

function checkTable(look: Look, { database, table }: { readonly database: string; readonly table: string }): void {
  const named = [...look.declaration.products.values()].flatMap(({ value }) =>
    fold(value.database) === database ? Object.keys(value.tables).map(fold) : [],
  );
  const granted = isKnown(look.lake)
    ? [...look.lake.observed.facts.values()].flatMap(({ fact }) =>
        fact.kind === 'grant' && 'table' in fact.resource && fact.resource.database === database
          ? [fact.resource.table]
          : [],
      )
    : [];
  const tables = new Set([...(look.catalog.databases.get(database)?.tables.keys() ?? []), ...named, ...granted]);
  // Of a database whose tables were not read any table may be there.
  if (tables.has(table) || look.catalog.isDeclared === true || !look.catalog.databases.has(database)) return;
  const known = [...tables].sort(compareText);
  throw new SetupProblem(
    'UNKNOWN_RESOURCE',
    `neither the catalog nor a product file has a ${targetText({ kind: 'table', database, table })}`,
    didYouMean(table, known, `its tables are ${listed(known, 'none')}`),
  );
}

function checkColumn(look: Look, { database, table, column }: Extract<Target, { kind: 'table' }>): void {
  const columns =
    look.catalog.databases
      .get(database)
      ?.tables.get(table)
      ?.columns.map(({ name }) => name) ?? [];
  if (columns.length === 0 || column === undefined || columns.includes(column)) return;
  throw new SetupProblem(
    'UNKNOWN_RESOURCE',
    `table ${database}.${table} has no column "${column}"`,
    didYouMean(column, columns, `its columns are ${listed(columns, 'none')}`),
  );
}
