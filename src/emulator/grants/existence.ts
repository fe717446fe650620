import { entityNotFound, invalidInput } from '../failure.ts';
import { columnNames, type Database, type Lake, type Location, shelfKey, type Table } from '../lake.ts';
import type { Columns, Resource, TagPair } from '../resource.ts';
import type { World } from '../world.ts';

/** What a resource turned out to be: the lake that owns it and its Glue objects. */
export interface Found {
  readonly owner: Lake;
  readonly database?: Database;
  readonly table?: Table;
}

/** The objects behind a resource; throws EntityNotFoundException where there are none. */
export function findResource(world: World, region: string, resource: Resource): Found {
  if (!world.accounts.has(resource.catalog)) throw entityNotFound();
  const owner = world.lake(resource.catalog, region);
  switch (resource.kind) {
    case 'catalog':
      return { owner };
    case 'database':
    case 'all-tables':
      return { owner, database: findDatabase(owner, resource.database) };
    case 'table':
      return { owner, ...findTable(owner, resource.database, resource.table) };
    case 'data-location':
      // The fragment "register the S3 path" is what Terraform looks for; the rest of the text is not known.
      if (!locationOf(owner, resource.arn))
        throw invalidInput('Please register the S3 path with Lake Formation first.');
      return { owner };
    case 'data-cells-filter': {
      const key = shelfKey(resource.database, resource.table, resource.name);
      const tableFound = findTable(owner, resource.database, resource.table);
      if (!owner.filters.get(key)) throw entityNotFound('Cell Filter not found');
      return { owner, ...tableFound };
    }
    case 'lf-tag':
      checkTags(owner, [resource]);
      return { owner };
    case 'lf-tag-policy':
      if (resource.expressionName !== undefined) throw entityNotFound();
      checkTags(owner, resource.expression);
      return { owner };
    case 'lf-tag-expression':
      // Saved expressions are not modelled, so none exists.
      throw entityNotFound();
    default:
      return resource satisfies never;
  }
}

/** The registered location that an S3 path lies in, the innermost if several. */
export function locationOf(lake: Lake, path: string): Location | undefined {
  const arn = asArn(path);
  let best: Location | undefined;
  for (const key of lake.locations.keys()) {
    const location = lake.locations.get(key);
    const isInside = arn === key || arn.startsWith(`${key}/`);
    if (location && isInside && key.length > (best?.arn.length ?? 0)) best = location;
  }
  return best;
}

/**
 * Refuses columns that a table does not have, and a list that filters a partition column out.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
 */
export function checkColumns(columns: Columns, table: Table, alsoKnown: readonly string[] = []): void {
  if (columns.kind === 'all') return;
  const existing = new Set([...columnNames(table), ...alsoKnown]);
  if (columns.names.some((name) => !existing.has(name)))
    throw invalidInput('cannot grant/revoke permission on non-existent column');
  const partitionKeys = table.partitionKeys.map((column) => column.Name);
  if (columns.kind === 'exclude' && columns.names.some((name) => partitionKeys.includes(name))) {
    throw invalidInput('Partition columns cannot be filtered out.');
  }
}

function findDatabase(owner: Lake, name: string): Database {
  const database = owner.databases.get(name);
  if (!database) throw entityNotFound();
  return database;
}

function findTable(
  owner: Lake,
  databaseName: string,
  name: string,
): { readonly database: Database; readonly table: Table } {
  const database = findDatabase(owner, databaseName);
  const table = owner.tables.get(shelfKey(databaseName, name));
  if (!table) throw entityNotFound();
  return { database, table };
}

function checkTags(owner: Lake, tags: readonly TagPair[]): void {
  for (const { key, values } of tags) {
    const known = owner.tags.get(key);
    if (!known || values.some((value) => value !== '*' && !known.includes(value))) throw entityNotFound();
  }
}

function asArn(path: string): string {
  const arn = path.startsWith('s3://') ? `arn:aws:s3:::${path.slice('s3://'.length)}` : path;
  return arn.endsWith('/') ? arn.slice(0, -1) : arn;
}
