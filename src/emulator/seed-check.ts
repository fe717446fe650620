import { permissionNames } from './permission.ts';
import { parsePrincipal } from './principal.ts';
import { type Seed, type SeedAccount, SeedError, type SeedTable } from './seed.ts';
import { switchFaults } from './switches.ts';
import { faultsOf } from './wire/check.ts';
import { anyText, anything, flag, integer, listOf, mapOf, oneOf, structure, text } from './wire/shape.ts';

const accountId = text(12, 12, /^\d{12}$/);
const name = text(1, 255);
const principal = text(1, 255);
const parameters = mapOf(anyText);
const permissions = listOf(oneOf(...permissionNames));
const defaultPermissions = listOf(structure({ principal, permissions }, {}));
const iamArn = text(1, 255, /^arn:aws(-[a-z-]+)?:iam::\d{12}:(role|user)\/.+$/);

const settings = structure(
  {},
  {
    DataLakeAdmins: listOf(principal),
    ReadOnlyAdmins: listOf(principal),
    CreateDatabaseDefaultPermissions: defaultPermissions,
    CreateTableDefaultPermissions: defaultPermissions,
    Parameters: parameters,
    TrustedResourceOwners: listOf(anyText),
    AllowExternalDataFiltering: flag,
    AllowFullTableExternalDataAccess: flag,
    ExternalDataFilteringAllowList: listOf(principal),
    AuthorizedSessionTagValueList: listOf(anyText),
  },
);

const table = structure(
  {},
  {
    description: anyText,
    columns: mapOf(anything, name),
    partitionKeys: mapOf(anything, name),
    parameters,
    location: anyText,
    tableType: anyText,
    createdBy: iamArn,
    tags: parameters,
    target: structure({ catalogId: accountId, database: name, table: name }, { region: anyText }),
  },
);

const database = structure(
  {},
  {
    description: anyText,
    location: anyText,
    parameters,
    createdBy: iamArn,
    defaultTablePermissions: defaultPermissions,
    tables: mapOf(table, name),
    tags: parameters,
    target: structure({ catalogId: accountId, database: name }, { region: anyText }),
  },
);

const aboutGrant = { withGrantOption: permissions, condition: anyText, lastUpdated: anyText, lastUpdatedBy: anyText };

const region = structure(
  {},
  {
    settings,
    resourcePolicy: mapOf(anything),
    encryption: structure({ mode: oneOf('DISABLED', 'SSE-KMS', 'SSE-KMS-WITH-SERVICE-ROLE') }, { key: name }),
    locations: listOf(structure({ arn: text(1, 1024, /^arn:aws(-[a-z-]+)?:s3:::.+$/) }, { hybrid: flag })),
    tags: mapOf(listOf(name), name),
    databases: mapOf(database, name),
    filters: listOf(
      structure(
        { database: name, table: name, name },
        { rows: anyText, columns: listOf(name), excludedColumns: listOf(name) },
      ),
    ),
    grants: listOf(structure({ principal, resource: anything, permissions }, aboutGrant)),
    group: structure(
      { accounts: listOf(accountId), grants: listOf(structure({ resource: anything, permissions }, aboutGrant)) },
      {},
    ),
    shares: listOf(
      structure(
        { receiver: principal, kind: oneOf('database', 'table', 'all-tables', 'lf-tag', 'lf-tag-policy') },
        {
          of: anyText,
          invitation: oneOf('PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED'),
          invitedAt: anyText,
          failed: listOf(anyText),
          statusMessage: anyText,
          associating: listOf(anyText),
          orphans: listOf(anyText),
        },
      ),
    ),
    optIns: listOf(structure({ principal, resource: anything }, {})),
  },
);

const account = structure(
  {},
  {
    name: anyText,
    memberOf: listOf(anyText),
    principals: listOf(
      structure(
        { arn: iamArn },
        {
          accessKeyId: text(16, 128, /^\w+$/),
          secretAccessKey: name,
          lakeFormation: flag,
          glue: flag,
          ram: flag,
          iam: flag,
          lacks: listOf(anyText),
          s3: listOf(text(1, 1024, /^s3:\/\/.+$/)),
          trusts: listOf(anyText),
          trustPolicy: mapOf(anything),
          externalId: anyText,
        },
      ),
    ),
    regions: mapOf(region, text(1, 32, /^[a-z]{2}(-[a-z]+)+-\d$/)),
  },
);

const seed = structure(
  { accounts: mapOf(account, accountId) },
  {
    switches: anything,
    organizations: mapOf(structure({}, { sharing: flag })),
    limits: structure({}, { shares: integer(), resourcesPerShare: integer(), pendingInvitations: integer() }),
  },
);
const column = structure({ type: anyText }, { comment: anyText, parameters, tags: parameters });

/** The given value as a seed, or a SeedError that lists every fault in it. */
export function checkSeed(value: unknown): Seed {
  const faults = [...faultsOf(seed, value, '')];
  if (faults.length > 0) throw new SeedError(faults);
  const checked = value as Seed;
  faults.push(...switchFaults(checked.switches ?? {}).map((fault) => `switches.${fault}`));
  for (const [id, one] of Object.entries(checked.accounts)) faults.push(...accountFaults(id, one));
  if (faults.length > 0) throw new SeedError(faults);
  return checked;
}

function accountFaults(id: string, one: SeedAccount): readonly string[] {
  const path = `accounts.${id}`;
  const faults: string[] = [];
  for (const [index, { arn, accessKeyId, secretAccessKey }] of (one.principals ?? []).entries()) {
    const at = `${path}.principals[${index}]`;
    if (arn.split(':')[4] !== id) faults.push(`${at}.arn: is not of account ${id}`);
    if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
      faults.push(`${at}: accessKeyId and secretAccessKey come together`);
  }
  for (const [regionName, { databases, filters, grants, group }] of Object.entries(one.regions ?? {})) {
    const at = `${path}.regions.${regionName}`;
    for (const [databaseName, { tables }] of Object.entries(databases ?? {})) {
      for (const [tableName, found] of Object.entries(tables ?? {}))
        faults.push(...columnFaults(found, `${at}.databases.${databaseName}.tables.${tableName}`));
    }
    for (const [index, { columns, excludedColumns }] of (filters ?? []).entries()) {
      if (columns && excludedColumns)
        faults.push(`${at}.filters[${index}]: columns and excludedColumns exclude each other`);
    }
    const members = group?.accounts ?? [];
    if (members.includes(id) || new Set(members).size < members.length)
      faults.push(`${at}.group.accounts: must be other accounts, each of them once`);
    for (const [index, grant] of (grants ?? []).entries()) {
      if (!parsePrincipal(grant.principal))
        faults.push(`${at}.grants[${index}].principal: ${JSON.stringify(grant.principal)} is no principal`);
      if (grant.lastUpdated !== undefined && Number.isNaN(Date.parse(grant.lastUpdated)))
        faults.push(`${at}.grants[${index}].lastUpdated: is no time`);
    }
  }
  return faults;
}

function columnFaults(found: SeedTable, path: string): readonly string[] {
  return (['columns', 'partitionKeys'] as const).flatMap((kind) =>
    Object.entries(found[kind] ?? {}).flatMap(([columnName, value]) =>
      typeof value === 'string' ? [] : faultsOf(column, value, `${path}.${kind}.${columnName}`),
    ),
  );
}
