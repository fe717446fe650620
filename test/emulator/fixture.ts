import { GlueClient } from '@aws-sdk/client-glue';
import {
  LakeFormationClient,
  type ListPermissionsCommandInput,
  type PrincipalResourcePermissions,
  paginateListPermissions,
} from '@aws-sdk/client-lakeformation';
import { RAMClient } from '@aws-sdk/client-ram';
import { STSClient } from '@aws-sdk/client-sts';
import { afterEach } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.ts';
import type { Seed, SeedGrant, SeedPrincipal, SeedRegion } from '../../src/emulator/seed.ts';

export const central = '111122223333';
export const consumer = '444455556666';
export const region = 'eu-west-1';
export const admin = roleArn(central, 'admin');
export const auditor = roleArn(central, 'auditor');
export const analyst = roleArn(central, 'analyst');
export const steward = roleArn(central, 'steward');
export const consumerAdmin = roleArn(consumer, 'admin');
export const consumerAnalyst = roleArn(consumer, 'analyst');

export function roleArn(account: string, name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

export interface Client {
  readonly lakeFormation: LakeFormationClient;
  readonly glue: GlueClient;
  readonly ram: RAMClient;
  readonly sts: STSClient;
}

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Clients of one role of the seed, without retries unless asked for. */
export function clientOf(
  emulator: Emulator,
  arn: string,
  keys: Keys = keysOf(arn),
  more: { readonly maxAttempts?: number; readonly region?: string } = {},
): Client {
  const config = { endpoint: emulator.url, region, credentials: keys, maxAttempts: 1, ...more };
  return {
    lakeFormation: new LakeFormationClient(config),
    glue: new GlueClient(config),
    ram: new RAMClient(config),
    sts: new STSClient(config),
  };
}

export function keysOf(arn: string): Keys {
  const [, , , , account = '', role = ''] = arn.split(':');
  return {
    accessKeyId: `AKIA${account}${role.slice('role/'.length).toUpperCase().replaceAll(/\W/g, '')}`,
    secretAccessKey: `secret of ${arn}`,
  };
}

export function principal(arn: string, more: Partial<SeedPrincipal> = {}): SeedPrincipal {
  return { arn, ...keysOf(arn), ...more };
}

/** A central account with two tables, a view and a filter, and a consumer account beside it. */
export function seedWith(more: Partial<SeedRegion> = {}): Seed {
  return {
    accounts: {
      [central]: {
        principals: [
          principal(admin, { trusts: [consumerAdmin] }),
          principal(auditor),
          principal(analyst),
          principal(steward),
          principal(roleArn(central, 'outsider'), { lakeFormation: false, glue: false }),
        ],
        regions: { [region]: { ...centralRegion, ...more } },
      },
      [consumer]: {
        principals: [principal(consumerAdmin), principal(consumerAnalyst)],
        regions: { [region]: { settings: { ...closed, DataLakeAdmins: [consumerAdmin] } } },
      },
    },
  };
}

const closed = {
  CreateDatabaseDefaultPermissions: [],
  CreateTableDefaultPermissions: [],
  Parameters: { CROSS_ACCOUNT_VERSION: '4' },
} as const;

const centralRegion: SeedRegion = {
  settings: { ...closed, DataLakeAdmins: [admin], ReadOnlyAdmins: [auditor] },
  locations: [{ arn: 'arn:aws:s3:::lake/sales' }],
  databases: {
    sales: {
      parameters: { data_owner: central },
      location: 's3://lake/sales',
      tables: {
        orders: {
          columns: { o_id: 'bigint', o_email: { type: 'string', parameters: { pii_flag: 'true' } }, o_total: 'double' },
          partitionKeys: { o_date: 'date' },
          parameters: { 'spark.sql.sources.schema': '{}', kind: 'parquet' },
          location: 's3://lake/sales/orders',
        },
        items: { columns: { i_id: 'bigint', i_order: 'bigint' } },
        recent: { columns: { r_id: 'bigint' }, tableType: 'VIRTUAL_VIEW' },
        link: { target: { catalogId: central, database: 'sales', table: 'orders' } },
      },
    },
    hr: { tables: { staff: { columns: { s_id: 'bigint' } } } },
  },
  filters: [
    { database: 'sales', table: 'orders', name: 'europe', rows: "region = 'EU'", columns: ['o_id', 'o_total'] },
  ],
};

const running: Emulator[] = [];

afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

/**
 * An emulator that is closed after the test; pages come whole unless the test says otherwise. The referees (npm run
 * test:moto) judge what goes over the wire, from the file that MESHGATE_WIRE names.
 */
export async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const wireFile = process.env['MESHGATE_WIRE'];
  const emulator = await startEmulator({
    seed: seedWith(),
    ...(wireFile === undefined ? {} : { wireFile }),
    ...options,
    switches: { pageCuts: 'none', ...options.switches },
  });
  running.push(emulator);
  return emulator;
}

export function table(name: string, more: { readonly catalog?: string; readonly database?: string } = {}) {
  return {
    Table: {
      DatabaseName: more.database ?? 'sales',
      Name: name,
      ...(more.catalog === undefined ? {} : { CatalogId: more.catalog }),
    },
  };
}

export const allTables = { Table: { DatabaseName: 'sales', TableWildcard: {} } };
export const database = { Database: { Name: 'sales' } };

export function columns(name: string, names: string[]) {
  return { TableWithColumns: { DatabaseName: 'sales', Name: name, ColumnNames: names } };
}

export function allBut(name: string, names: string[]) {
  return { TableWithColumns: { DatabaseName: 'sales', Name: name, ColumnWildcard: { ExcludedColumnNames: names } } };
}

export function who(text: string) {
  return { DataLakePrincipalIdentifier: text };
}

/** Every row of a listing. */
export async function listAll(
  client: Client,
  input: ListPermissionsCommandInput = {},
): Promise<PrincipalResourcePermissions[]> {
  const rows: PrincipalResourcePermissions[] = [];
  for await (const page of paginateListPermissions({ client: client.lakeFormation }, input))
    rows.push(...(page.PrincipalResourcePermissions ?? []));
  return rows;
}

/** A row in one line: principal's last part, resource, permissions, grant options. */
export function brief(row: PrincipalResourcePermissions): string {
  const {
    Database: d,
    Table: t,
    TableWithColumns: c,
    DataCellsFilter: f,
    Catalog,
    DataLocation,
    LFTag,
    LFTagPolicy,
  } = row.Resource ?? {};
  const what = d
    ? `database ${d.Name}`
    : t
      ? `table ${t.DatabaseName}.${t.Name}${t.TableWildcard ? ' (wildcard)' : ''}`
      : c
        ? `columns ${c.DatabaseName}.${c.Name} ${c.ColumnNames ? `[${c.ColumnNames.join(',')}]` : `*-[${(c.ColumnWildcard?.ExcludedColumnNames ?? []).join(',')}]`}`
        : f
          ? `filter ${f.TableName}.${f.Name}`
          : DataLocation
            ? `location ${DataLocation.ResourceArn}`
            : JSON.stringify(Catalog ?? LFTag ?? LFTagPolicy);
  const options = row.PermissionsWithGrantOption ?? [];
  const name = row.Principal?.DataLakePrincipalIdentifier?.split('/').at(-1);
  return `${name}: ${what} ${(row.Permissions ?? []).join(',')}${options.length > 0 ? ` +${options.join(',')}` : ''}`;
}

/** The code and text of what a call was refused with; the call must be refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  throw new Error('the call was not refused');
}

export function grants(...given: SeedGrant[]): Partial<SeedRegion> {
  return { grants: given };
}
