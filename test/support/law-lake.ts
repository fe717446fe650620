import { DeleteTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateLFTagCommand, GrantPermissionsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import fc from 'fast-check';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.ts';
import {
  type Seed,
  type SeedAccount,
  type SeedDatabase,
  SeedError,
  type SeedFilter,
  type SeedGrant,
  type SeedPrincipal,
  type SeedTable,
} from '../../src/emulator/seed.ts';
import { accounts, type LawMesh, shared } from './law-mesh.ts';
import { caller, central, region } from './law-place.ts';

/** Somebody whom nobody declares. */
export const stranger = `arn:aws:iam::${central}:role/stranger`;
const legacy = `arn:aws:iam::${central}:role/legacy`;
const linked = `arn:aws:iam::${central}:role/aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess`;
/** Somebody in an account that no file names. */
export const outsider = 'arn:aws:iam::666677778888:role/outsider';
const suffixes = ['1', '2', '_x', '9'] as const;

/** What the lake has beside, or against, what the mesh files say. */
export interface LawLake {
  readonly holes: readonly string[];
  readonly flags: readonly string[];
  readonly partitioned: boolean;
  readonly administrator: string | undefined;
  readonly readOnly: boolean;
  readonly creator: string | undefined;
  readonly grants: readonly RawGrant[];
  readonly filters: readonly {
    readonly table: number;
    readonly name: number;
    readonly rows: boolean;
    readonly columns: readonly string[];
  }[];
  readonly hasTags: boolean;
  readonly mayAlter: boolean;
}

interface RawGrant {
  readonly principal: string;
  readonly form: 'database' | 'table' | 'columns' | 'but' | 'all' | 'location' | 'catalog' | 'filter';
  readonly table: number;
  readonly permissions: readonly string[];
  readonly columns: readonly string[];
  readonly options: boolean;
  readonly condition: boolean;
  readonly by: number;
}

const holders = [
  ...Object.values(shared),
  ...Object.values(accounts).flatMap(({ id, principals }) => [id, ...Object.values(principals ?? {})]),
  stranger,
  legacy,
  linked,
  outsider,
  caller,
];

const rawGrant: fc.Arbitrary<RawGrant> = fc.record({
  principal: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...holders) },
    { weight: 1, arbitrary: fc.constant('IAM_ALLOWED_PRINCIPALS') },
  ),
  form: fc.constantFrom(
    'database',
    'table',
    'table',
    'table',
    'columns',
    'columns',
    'columns',
    'but',
    'all',
    'location',
    'catalog',
    'filter',
  ),
  table: fc.nat(20),
  permissions: fc.subarray(['SELECT', 'DESCRIBE', 'ALTER', 'INSERT', 'DROP', 'DELETE', 'ALL', 'CREATE_TABLE'], {
    minLength: 1,
    maxLength: 3,
  }),
  columns: fc.subarray(['c1', 'c2', 'c4'], { minLength: 1, maxLength: 2 }),
  options: fc.boolean(),
  condition: fc.integer({ min: 0, max: 15 }).map((n) => n === 15),
  by: fc.nat(2),
});

/** Anything that a lake may hold already. */
export const lawLake: fc.Arbitrary<LawLake> = fc.record({
  holes: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray(['a2', 'a_x', 'b1', 'c3'], { maxLength: 1 }) },
  ),
  flags: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray(['a1', 'a9.c2', 'a1.c1', 'b2', 'sales', 'z1'], { maxLength: 2 }) },
  ),
  partitioned: fc.boolean(),
  administrator: fc.constantFrom(undefined, undefined, undefined, shared['reporting'], stranger),
  readOnly: fc.boolean(),
  creator: fc.constantFrom(undefined, caller, stranger),
  grants: fc.array(rawGrant, { maxLength: 14 }),
  filters: fc.array(
    fc.record({ table: fc.nat(20), name: fc.nat(2), rows: fc.boolean(), columns: fc.subarray(['c1', 'c2']) }),
    { maxLength: 2 },
  ),
  hasTags: fc.integer({ min: 0, max: 5 }).map((n) => n === 5),
  mayAlter: fc.constant(true),
});

/** A table of the seeded catalog, as the checkers of laws know it. */
export interface KnownTable {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly keys: readonly string[];
  readonly isFlagged: boolean;
  readonly flagged: ReadonlySet<string>;
  readonly creator: string | undefined;
}

/** The seeded catalog. */
export interface KnownCatalog {
  readonly tables: readonly KnownTable[];
  readonly flaggedDatabases: ReadonlySet<string>;
  readonly administrators: readonly string[];
  readonly readOnlyAdministrators: readonly string[];
  /** Whether the locations are registered without hybrid access, so that nothing is shared while IAM_ALLOWED_PRINCIPALS holds it. */
  readonly isPlain?: boolean;
}

/** The tables that the catalog has for some meshes. */
export function catalogOf(meshes: readonly LawMesh[], lake: LawLake): KnownCatalog {
  const databases = new Set(meshes.flatMap(({ products }) => Object.values(products).map(({ database }) => database)));
  const table = (database: string, name: string): KnownTable => ({
    database,
    name,
    columns: ['c1', 'c2', 'c3', 'c4', 'x1'].filter((column) => !lake.holes.includes(column) || !name.startsWith('a')),
    keys: lake.partitioned ? ['k'] : [],
    isFlagged: lake.flags.includes(name),
    flagged: new Set(['c1', 'c2'].filter((column) => lake.flags.includes(`${name}.${column}`))),
    creator: lake.creator,
  });
  const names = ['a', 'b', 'd'].flatMap((prefix) => suffixes.map((suffix) => `${prefix}${suffix}`));
  return {
    tables: [...databases].flatMap((database) =>
      [...names, 'z1'].filter((name) => !lake.holes.includes(name)).map((name) => table(database, name)),
    ),
    flaggedDatabases: new Set([...databases].filter((name) => lake.flags.includes(name))),
    administrators: [caller, ...(lake.administrator === undefined ? [] : [lake.administrator])],
    readOnlyAdministrators: lake.readOnly ? [shared['ingest'] ?? ''] : [],
  };
}

/** An emulator that holds the lake; grants that the emulator cannot be seeded with are left out. */
export async function startLake(
  meshes: readonly LawMesh[],
  lake: LawLake,
  options: EmulatorOptions = {},
): Promise<Emulator> {
  const catalog = catalogOf(meshes, lake);
  let filters = filtersOf(lake, catalog);
  let grants = [...grantsOf(lake, catalog), ...(lake.mayAlter ? alterRights(catalog) : [])];
  for (;;) {
    try {
      const emulator = await startEmulator({
        seed: seedOf(catalog, { grants, filters }),
        ...options,
        switches: { ...options.switches },
      });
      if (lake.hasTags) await addTags(emulator);
      return emulator;
    } catch (thrown) {
      if (!(thrown instanceof SeedError)) throw thrown;
      const wrong = (kind: string): ReadonlySet<number> =>
        new Set(
          thrown.faults.flatMap((text) =>
            [...text.matchAll(new RegExp(`${kind}\\[(\\d+)\\]`, 'g'))].map(([, index]) => Number(index)),
          ),
        );
      const [badGrants, badFilters] = [wrong('grants'), wrong('filters')];
      if (badGrants.size + badFilters.size === 0) throw thrown;
      grants = grants.filter((_, index) => !badGrants.has(index));
      filters = filters.filter((_, index) => !badFilters.has(index));
    }
  }
}

/** The seed of a catalog with these grants and filters. */
export function seedOf(
  catalog: KnownCatalog,
  more: { readonly grants: readonly SeedGrant[]; readonly filters: readonly SeedFilter[] },
): Seed {
  const databases: Record<string, SeedDatabase> = {};
  for (const name of new Set(catalog.tables.map((table) => table.database))) {
    const tables = catalog.tables
      .filter((table) => table.database === name)
      .map((table) => [table.name, seedTable(table)] as const);
    databases[name] = {
      location: `s3://lake/${name}`,
      parameters: { team: 'x', ...(catalog.flaggedDatabases.has(name) ? { pii_flag: 'true' } : {}) },
      tables: Object.fromEntries(tables),
    };
  }
  const settings = {
    CreateDatabaseDefaultPermissions: [],
    CreateTableDefaultPermissions: [],
    Parameters: { CROSS_ACCOUNT_VERSION: '4' },
    DataLakeAdmins: catalog.administrators,
    ReadOnlyAdmins: catalog.readOnlyAdministrators,
  };
  const own = [caller, stranger, legacy, ...Object.values(shared)].filter((arn) => arn.includes(`${central}:role`));
  return {
    accounts: {
      [central]: {
        memberOf: [shared['organization'] ?? '', shared['ou'] ?? ''],
        principals: own.map(principalOf),
        // Hybrid access lets what IAM_ALLOWED_PRINCIPALS holds be granted to other accounts.
        regions: {
          [region]: { settings, databases, locations: [{ arn: 'arn:aws:s3:::lake', hybrid: true }], ...more },
        },
      },
      ...Object.fromEntries(
        Object.values(accounts).map(({ id, principals = {} }): [string, SeedAccount] => [
          id,
          {
            principals: Object.values(principals)
              .filter((arn) => /:(role|user)\//.test(arn) && !arn.includes('saml'))
              .map(principalOf),
          },
        ]),
      ),
      '666677778888': { principals: [principalOf(outsider)] },
    },
  };
}

function principalOf(arn: string): SeedPrincipal {
  return {
    arn,
    accessKeyId: `AKIA${arn
      .replaceAll(/[^a-z0-9]/g, '')
      .slice(-16)
      .toUpperCase()}`,
    secretAccessKey: `secret of ${arn}`,
    lakeFormation: true,
    glue: true,
  };
}

function seedTable({ database, name, columns, keys, isFlagged, flagged, creator }: KnownTable): SeedTable {
  return {
    columns: Object.fromEntries(
      columns.map((column) => [
        column,
        flagged.has(column) ? { type: 'string', parameters: { pii_flag: 'TRUE ' } } : 'string',
      ]),
    ),
    partitionKeys: Object.fromEntries(keys.map((key) => [key, 'string'])),
    location: `s3://lake/${database}/${name}`,
    ...(isFlagged ? { parameters: { pii_flag: 'true' } } : {}),
    ...(creator === undefined ? {} : { createdBy: creator }),
  };
}

/** The filters that somebody made by hand. */
export function filtersOf(lake: LawLake, { tables }: KnownCatalog): SeedFilter[] {
  const made = lake.filters.flatMap(({ table, name, rows, columns }): SeedFilter[] => {
    const on = tables[table % tables.length];
    if (on === undefined) return [];
    const named = ['hand', 'meshgate_0123456789ab', 'other'][name] ?? 'hand';
    return [
      {
        database: on.database,
        table: on.name,
        name: named,
        ...(rows ? { rows: "c1 = 'EU'" } : {}),
        ...(columns.length === 0 ? {} : { columns: [...columns] }),
      },
    ];
  });
  return [...new Map(made.map((one) => [`${one.database}.${one.table}.${one.name}`, one])).values()];
}

/** The grants that somebody made by hand. */
export function grantsOf(lake: LawLake, catalog: KnownCatalog): SeedGrant[] {
  const filters = filtersOf(lake, catalog);
  return lake.grants.flatMap((raw): SeedGrant[] => {
    const table = catalog.tables[raw.table % catalog.tables.length];
    if (table === undefined) return [];
    const made = resourceOf(raw, table, filters[raw.table % Math.max(1, filters.length)]);
    if (made === undefined) return [];
    const { resource, legal } = made;
    const permissions =
      raw.principal === 'IAM_ALLOWED_PRINCIPALS' ? ['ALL'] : raw.permissions.filter((one) => legal.includes(one));
    const given = permissions.length === 0 ? legal.slice(0, 1) : permissions;
    return [
      {
        principal: raw.principal,
        resource,
        permissions: given,
        ...(mayPassOn(raw) ? { withGrantOption: given } : {}),
        ...(raw.condition ? { condition: 'context has law' } : {}),
        lastUpdated: '2026-01-01T00:00:00Z',
        lastUpdatedBy: [caller, stranger, legacy][raw.by] ?? caller,
      },
    ];
  });
}

/** Lake Formation grants no option with a list of exclusions, and IAM_ALLOWED_PRINCIPALS none at all. */
function mayPassOn({ options, principal, form }: RawGrant): boolean {
  return options && principal !== 'IAM_ALLOWED_PRINCIPALS' && (form !== 'but' || !isAtHome({ principal }));
}

function isAtHome({ principal }: Pick<RawGrant, 'principal'>): boolean {
  return principal.startsWith(`arn:aws:iam::${central}:`);
}

const ofTable = ['SELECT', 'DESCRIBE', 'ALTER', 'INSERT', 'DROP', 'DELETE', 'ALL'];

function resourceOf(
  raw: RawGrant,
  on: KnownTable,
  filter: SeedFilter | undefined,
): { readonly resource: Readonly<Record<string, unknown>>; readonly legal: readonly string[] } | undefined {
  const { database, name } = on;
  const named = { DatabaseName: database, Name: name };
  switch (raw.form) {
    case 'database':
      return {
        resource: { Database: { Name: database } },
        legal: ['DESCRIBE', 'ALTER', 'CREATE_TABLE', 'DROP', 'ALL'],
      };
    case 'table':
      return { resource: { Table: named }, legal: ofTable };
    case 'columns':
      return { resource: { TableWithColumns: { ...named, ColumnNames: [...raw.columns] } }, legal: ['SELECT'] };
    case 'but':
      // Nobody outside the account is ever given a list of exclusions.
      if (!isAtHome(raw)) return resourceOf({ ...raw, form: 'columns' }, on, filter);
      return {
        resource: { TableWithColumns: { ...named, ColumnWildcard: { ExcludedColumnNames: [...raw.columns] } } },
        legal: ['SELECT'],
      };
    case 'all':
      return { resource: { Table: { DatabaseName: database, TableWildcard: {} } }, legal: ofTable };
    case 'location':
      return {
        resource: { DataLocation: { ResourceArn: `arn:aws:s3:::lake/${name.slice(0, 1)}` } },
        legal: ['DATA_LOCATION_ACCESS'],
      };
    case 'catalog':
      return { resource: { Catalog: {} }, legal: ['CREATE_DATABASE'] };
    case 'filter':
      if (filter === undefined) return undefined;
      return {
        resource: {
          DataCellsFilter: {
            TableCatalogId: central,
            DatabaseName: filter.database,
            TableName: filter.table,
            Name: filter.name,
          },
        },
        legal: ['SELECT', 'DESCRIBE', 'DROP'],
      };
    default:
      return raw.form satisfies never;
  }
}

/** Parameters of a database are changed with ALTER on it. */
export function alterRights({ tables }: KnownCatalog): SeedGrant[] {
  return [...new Set(tables.map(({ database }) => database))].map((database) => ({
    principal: caller,
    resource: { Database: { Name: database } },
    permissions: ['ALTER'],
  }));
}

/** The keys of the role that laws run as. */
export function keysOf(arn: string): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  const { accessKeyId = '', secretAccessKey = '' } = principalOf(arn);
  return { accessKeyId, secretAccessKey };
}

/** Drops a table, where it is and whoever does may. */
export async function drop(
  emulator: Emulator,
  { database, table, by }: { readonly database: string; readonly table: string; readonly by: string },
): Promise<void> {
  const client = new GlueClient({ endpoint: emulator.url, region, credentials: keysOf(by), maxAttempts: 1 });
  // Faults strike here, too, and not every lake has the table.
  await client.send(new DeleteTableCommand({ DatabaseName: database, Name: table })).catch(() => undefined);
  client.destroy();
}

/** Grants on and through LF-Tags, which a seed cannot hold. */
export async function addTags(emulator: Emulator): Promise<void> {
  const client = new LakeFormationClient({
    endpoint: emulator.url,
    region,
    credentials: keysOf(caller),
    maxAttempts: 1,
  });
  await client.send(new CreateLFTagCommand({ TagKey: 'zone', TagValues: ['raw', 'clean'] }));
  const give = async (
    principal: string,
    Resource: Readonly<Record<string, unknown>>,
    permission: 'SELECT' | 'DESCRIBE',
  ): Promise<void> => {
    await client.send(
      new GrantPermissionsCommand({
        Principal: { DataLakePrincipalIdentifier: principal },
        Resource: Resource as never,
        Permissions: [permission],
      }),
    );
  };
  const policy = { LFTagPolicy: { ResourceType: 'TABLE', Expression: [{ TagKey: 'zone', TagValues: ['raw'] }] } };
  await give(shared['reporting'] ?? '', policy, 'SELECT');
  await give(stranger, { LFTag: { TagKey: 'zone', TagValues: ['clean'] } }, 'DESCRIBE');
  client.destroy();
}
