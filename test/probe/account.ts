import type { Seed } from '../../src/emulator/seed.ts';
import { clientsFor, clientsOfRole, situation } from './aws.ts';
import { sandboxName } from './sandbox.ts';
import type { Parts } from './scene.ts';

export const account = '111122223333';
export const region = 'eu-west-1';
const admin = `arn:aws:iam::${account}:role/admin`;
export const principal = `arn:aws:iam::${account}:role/probed`;
const keys = { AWS_ACCESS_KEY_ID: 'AKIAPROBEMESHGATE001', AWS_SECRET_ACCESS_KEY: 'emulator-only-probe' };
const others = Array.from({ length: 120 }, (_, index) => String(400_000_000_000 + index));
const describe = ['DESCRIBE'];

/** An account with a lake in use, in which the probe has no business but in its sandbox. */
export const lakeInUse: Seed = {
  accounts: {
    [account]: {
      principals: [
        { arn: admin, accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY },
        { arn: principal, trusts: [admin] },
      ],
      regions: {
        [region]: {
          settings: {
            DataLakeAdmins: [admin],
            CreateDatabaseDefaultPermissions: [],
            CreateTableDefaultPermissions: [],
          },
          databases: { sales: { tables: { orders: { columns: { id: 'bigint' } } } }, meshgate_probe_of_mine: {} },
          group: {
            accounts: others,
            grants: [{ resource: { Database: { Name: 'sales' } }, permissions: describe, withGrantOption: describe }],
          },
          grants: [{ principal, resource: { Catalog: {} }, permissions: ['CREATE_DATABASE'] }],
        },
      },
    },
    ...Object.fromEntries(others.map((id) => [id, {}])),
  },
};

/** The environment in which AWS's clients find an emulator. */
export function environment(url: string): Readonly<Record<string, string>> {
  return { AWS_ENDPOINT_URL: url, AWS_REGION: region, ...keys };
}

/** What the probe works with on an emulator that the environment names. */
export async function partsOf(random: string): Promise<Parts> {
  const clients = clientsFor(region);
  const { arn: caller, parameters } = await situation(clients);
  const asPrincipal = await clientsOfRole(clients, region, principal);
  return { clients, asPrincipal, account, caller, parameters, database: sandboxName(random), principal, wait: 0 };
}
