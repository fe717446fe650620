import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { program } from '../../src/cli/program.ts';
import type { Ran } from './meshgate.ts';
import { temporary } from './stage.ts';

/** The repository that the central roles trust. */
export const repository = ['--repository', 'acme@1001/mesh@2002'];

/** Files of a mesh whose accounts are to be set up; the second account is both producer and consumer. */
export function setUpMesh(
  central: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const account = (id: string, roles: string): string =>
    `apiVersion: meshgate/v1\nkind: Account\nid: "${id}"\nroles: [${roles}]\nowners: [{ login: bob, id: 2 }]\n`;
  return {
    'mesh.yaml': [
      'apiVersion: meshgate/v1',
      'kind: Mesh',
      'name: town',
      `central: { account: "${central}", region: eu-west-1 }`,
      'administrators: [{ login: ada, id: 1 }]',
      'principals:',
      `  visitors: arn:aws:iam::${central}:role/town-visitors`,
      'publicReader: visitors',
      '',
    ].join('\n'),
    'accounts/marketing.yaml': account('444455556666', 'consumer'),
    'accounts/sales.yaml': `${account('222233334444', 'producer, consumer')}databases: [sales]\nregions: [eu-north-1]\n`,
    'products/sales/orders.yaml': [
      'apiVersion: meshgate/v1',
      'kind: DataProduct',
      'producer: sales',
      'database: sales',
      'tables: { orders: {} }',
      'locations: ["s3://sales-data/orders", "s3://sales-data/returns", "s3://sales-archive"]',
      '',
    ].join('\n'),
    ...more,
  };
}

/** Writes mesh files into a new directory, and answers where. */
export async function meshIn(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = join(await temporary(), 'mesh');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

/** Runs `bootstrap` in this process, with nothing of this machine's environment. */
export async function bootstrap(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const before = process.env;
  const said = { out: '', err: '' };
  process.env = { PATH: before['PATH'] ?? '', AWS_EC2_METADATA_DISABLED: 'true', ...env };
  try {
    const code = await program(['bootstrap', ...args], {
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
      env: process.env,
      exit: () => undefined,
      isTerminal: { out: false, err: false },
    });
    return { code, signal: null, ...said };
  } finally {
    process.env = before;
  }
}
