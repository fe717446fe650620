import type { IamPrincipal } from './account.ts';
import { ServiceFailure } from './failure.ts';
import { readDatabase, readTable } from './glue/render.ts';
import { policyOf } from './glue/resource-policies.ts';
import { fold, trimSlash } from './grants/resource-request.ts';
import { type Column, type Lake, shelfKey } from './lake.ts';
import { readFilter } from './lakeformation/filters.ts';
import { serviceLinkedRole } from './lakeformation/locations.ts';
import { loadGrant, loadGroup } from './load-grants.ts';
import { loadOptIn } from './load-opt-ins.ts';
import { loadShare } from './load-shares.ts';
import { hashed, randomText, seededRandom } from './random.ts';
import {
  type Seed,
  type SeedColumn,
  type SeedDatabase,
  SeedError,
  type SeedFilter,
  type SeedPrincipal,
  type SeedRegion,
  type SeedSettings,
  type SeedTable,
} from './seed.ts';
import type { World } from './world.ts';

/** Fills a world from a checked seed; throws a SeedError that lists whatever cannot be. */
export function loadSeed(world: World, seed: Seed): void {
  const faults: string[] = [];
  world.limits = { ...world.limits, ...seed.limits };
  for (const [arn, { sharing }] of Object.entries(seed.organizations ?? {}))
    if (sharing === false) world.closedOrganizations.add(arn);
  for (const [id, { principals = [], memberOf = [] }] of Object.entries(seed.accounts)) {
    const known = new Map(principals.map((principal) => [principal.arn, iamPrincipal(principal, id)]));
    world.accounts.set(id, { id, memberOf, principals: known });
    for (const principal of principals) addKey(world, principal, known.get(principal.arn));
  }
  const regions = Object.entries(seed.accounts).flatMap(([id, account]) =>
    Object.entries(account.regions ?? {}).map(([name, region]) => ({
      lake: world.lake(id, name),
      region,
      path: `accounts.${id}.regions.${name}`,
    })),
  );
  for (const { lake, region } of regions) loadCatalog(world, lake, region);
  // Grants come last: they may name what another account has.
  for (const { lake, region, path } of regions) {
    for (const [index, filter] of (region.filters ?? []).entries())
      gather(faults, `${path}.filters[${index}]`, () => loadFilter(lake, filter));
  }
  for (const { lake, region, path } of regions) {
    const { group, grants = [] } = region;
    if (group) gather(faults, `${path}.group`, () => loadGroup(world, lake, group));
    for (const [index, grant] of grants.entries())
      gather(faults, `${path}.grants[${index}]`, () => loadGrant(world, lake, grant));
  }
  for (const { lake, region, path } of regions) {
    for (const [index, share] of (region.shares ?? []).entries())
      gather(faults, `${path}.shares[${index}]`, () => loadShare(world, lake, share));
    for (const [index, optIn] of (region.optIns ?? []).entries())
      gather(faults, `${path}.optIns[${index}]`, () => loadOptIn(world, lake, optIn));
  }
  if (faults.length > 0) throw new SeedError(faults);
}

function gather(faults: string[], path: string, load: () => void): void {
  try {
    load();
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    faults.push(`${path}: ${error.code}: ${error.message}`);
  }
}

function iamPrincipal(seeded: SeedPrincipal, account: string): IamPrincipal {
  const random = seededRandom(Math.floor(hashed(seeded.arn) * 2 ** 32));
  return {
    arn: seeded.arn,
    account,
    uniqueId: `${seeded.arn.includes(':role/') ? 'AROA' : 'AIDA'}${randomText(random, 17)}`,
    lakeFormation: seeded.lakeFormation ?? true,
    glue: seeded.glue ?? true,
    ram: seeded.ram ?? true,
    iam: seeded.iam ?? true,
    lacks: seeded.lacks ?? [],
    s3: (seeded.s3 ?? []).map(trimSlash),
    trusts: seeded.trusts ?? [],
    ...(seeded.trustPolicy === undefined ? {} : { trustPolicy: seeded.trustPolicy }),
    ...(seeded.externalId === undefined ? {} : { externalId: seeded.externalId }),
  };
}

function addKey(
  world: World,
  { accessKeyId, secretAccessKey }: SeedPrincipal,
  principal: IamPrincipal | undefined,
): void {
  if (accessKeyId === undefined || secretAccessKey === undefined || !principal) return;
  world.credentials.add({ id: accessKeyId, secret: secretAccessKey, principal });
}

function loadCatalog(world: World, lake: Lake, region: SeedRegion): void {
  const at = world.clock.now();
  if (region.settings) loadSettings(lake, region.settings, at);
  if (region.encryption) lake.encryption = region.encryption;
  if (region.resourcePolicy) lake.policies.set('', policyOf(JSON.stringify(region.resourcePolicy), at), at);
  for (const { arn, hybrid } of region.locations ?? []) {
    const location = {
      arn: trimSlash(arn),
      roleArn: serviceLinkedRole(lake.account),
      serviceLinked: false,
      withFederation: false,
      withPrivilegedAccess: false,
    };
    lake.locations.set(location.arn, { ...location, hybridAccessEnabled: hybrid ?? false, lastModified: at }, at);
  }
  for (const [key, values] of Object.entries(region.tags ?? {})) lake.tags.set(fold(key), values.map(fold), at);
  for (const [name, database] of Object.entries(region.databases ?? {})) loadDatabase(lake, { name, database, at });
}

function loadSettings(lake: Lake, seeded: SeedSettings, at: number): void {
  const before = lake.settings;
  lake.putSettings(
    {
      admins: seeded.DataLakeAdmins ?? before.admins,
      readOnlyAdmins: seeded.ReadOnlyAdmins ?? before.readOnlyAdmins,
      createDatabaseDefaults: seeded.CreateDatabaseDefaultPermissions ?? before.createDatabaseDefaults,
      createTableDefaults: seeded.CreateTableDefaultPermissions ?? before.createTableDefaults,
      parameters: { ...before.parameters, ...seeded.Parameters },
      trustedResourceOwners: seeded.TrustedResourceOwners ?? [],
      allowExternalDataFiltering: seeded.AllowExternalDataFiltering ?? false,
      allowFullTableExternalDataAccess: seeded.AllowFullTableExternalDataAccess ?? false,
      externalDataFilteringAllowList: seeded.ExternalDataFilteringAllowList ?? [],
      authorizedSessionTagValueList: seeded.AuthorizedSessionTagValueList ?? [],
    },
    at,
  );
}

function loadDatabase(
  lake: Lake,
  { name, database, at }: { readonly name: string; readonly database: SeedDatabase; readonly at: number },
): void {
  const { target } = database;
  const input = {
    Name: name,
    ...given('Description', database.description),
    ...given('LocationUri', database.location),
    ...given('Parameters', database.parameters),
    ...given(
      'TargetDatabase',
      target && { CatalogId: target.catalogId, DatabaseName: target.database, ...given('Region', target.region) },
    ),
  };
  const tableDefaults = database.defaultTablePermissions ?? lake.settings.createTableDefaults;
  const stored = readDatabase(input, { createTime: at, tableDefaults, ...given('createdBy', database.createdBy) });
  lake.databases.set(stored.name, stored, at);
  loadTags(lake, [stored.name], { tags: database.tags, at });
  for (const [tableName, table] of Object.entries(database.tables ?? {}))
    loadTable(lake, { name: tableName, table, database: stored.name, at });
}

function loadTable(
  lake: Lake,
  {
    name,
    table,
    database,
    at,
  }: { readonly name: string; readonly table: SeedTable; readonly database: string; readonly at: number },
): void {
  const { target } = table;
  const input = {
    Name: name,
    ...given('Description', table.description),
    ...(target
      ? {}
      : { StorageDescriptor: { Columns: columnsOf(table.columns), ...given('Location', table.location) } }),
    ...(target ? {} : { PartitionKeys: columnsOf(table.partitionKeys) }),
    ...given('Parameters', table.parameters),
    ...given('TableType', target ? table.tableType : (table.tableType ?? 'EXTERNAL_TABLE')),
    ...given(
      'TargetTable',
      target && {
        CatalogId: target.catalogId,
        DatabaseName: target.database,
        Name: target.table,
        ...given('Region', target.region),
      },
    ),
  };
  const stored = readTable(input, {
    database,
    version: 0,
    createTime: at,
    updateTime: at,
    ...given('createdBy', table.createdBy),
  });
  lake.tables.set(shelfKey(database, stored.name), stored, at);
  loadTags(lake, [database, stored.name], { tags: table.tags, at });
  for (const [columnName, column] of Object.entries({ ...table.columns, ...table.partitionKeys }))
    if (typeof column !== 'string')
      loadTags(lake, [database, stored.name, fold(columnName)], { tags: column.tags, at });
}

/** The LF-Tags of a database, of a table in it, or of a column of that. */
function loadTags(
  lake: Lake,
  names: readonly string[],
  { tags, at }: { readonly tags: Readonly<Record<string, string>> | undefined; readonly at: number },
): void {
  if (!tags) return;
  const kind = ['database', 'table', 'column'][names.length - 1] ?? '';
  const carried = Object.fromEntries(Object.entries(tags).map(([key, value]) => [fold(key), fold(value)]));
  lake.tagAssignments.set(shelfKey(kind, ...names), carried, at);
}

function loadFilter(lake: Lake, { database, table, name, rows, columns, excludedColumns }: SeedFilter): void {
  const found = lake.tables.get(shelfKey(fold(database), fold(table)));
  if (!found) throw new ServiceFailure('EntityNotFoundException', `there is no table ${database}.${table}`);
  const request = {
    TableCatalogId: lake.account,
    DatabaseName: database,
    TableName: table,
    Name: name,
    RowFilter: rows === undefined ? { AllRowsWildcard: {} } : { FilterExpression: rows },
    ...(columns ? { ColumnNames: columns } : { ColumnWildcard: { ExcludedColumnNames: excludedColumns ?? [] } }),
  };
  const filter = readFilter(request, found, '0');
  lake.filters.set(shelfKey(filter.database, filter.table, name), filter, 0);
}

function columnsOf(columns: Readonly<Record<string, SeedColumn>> = {}): readonly Column[] {
  return Object.entries(columns).map(([Name, column]) => {
    if (typeof column === 'string') return { Name, Type: column };
    return { Name, Type: column.type, ...given('Comment', column.comment), ...given('Parameters', column.parameters) };
  });
}

/** A field that is there only when its value is. */
function given<K extends string, V>(name: K, value: V | undefined): { readonly [N in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in K]?: V };
}
