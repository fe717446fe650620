import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import type { Seed } from '../../src/emulator/seed.ts';
import { handmade, keysOf, region, sayable } from '../support/handmade.ts';
import { gitIn, temporary } from '../support/stage.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Lake {
  readonly directory: string;
  readonly emulator: Emulator;
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  readonly runAs: (who: 'admin' | 'reader' | 'nobody', ...args: readonly string[]) => Promise<Ran>;
  /** Every file of the mesh with its text. */
  readonly files: (folder?: string) => Promise<Readonly<Record<string, string>>>;
}

async function lakeOf(seed: Seed): Promise<Lake> {
  const emulator = await startEmulator({ seed });
  afterAll(() => emulator.close());
  const directory = await temporary();
  // In this process: a new one for each of these runs would take most of the time.
  const runAs: Lake['runAs'] = async (who, ...args) => {
    const [out, err]: [string[], string[]] = [[], []];
    const before = { ...process.env };
    process.chdir(directory);
    Object.assign(process.env, { AWS_ENDPOINT_URL: emulator.url, AWS_REGION: region, ...keysOf(who) });
    try {
      const console = {
        out: (text: string): void => void out.push(text),
        err: (text: string): void => void err.push(text),
        env: process.env,
        isTerminal: { out: false, err: false },
        exit: (): void => undefined,
      };
      return { code: await program(args, console), out: out.join(''), err: err.join('') };
    } finally {
      process.env = before;
    }
  };
  const files: Lake['files'] = async (folder = 'mesh') => {
    const found = await readdir(join(directory, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    const paths = found
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .sort();
    return Object.fromEntries(
      await Promise.all(paths.map(async (path) => [path.slice(directory.length + 1), await readFile(path, 'utf8')])),
    );
  };
  return { directory, emulator, runAs, run: (...args) => runAs('reader', ...args), files };
}

function writes({ emulator }: Lake): readonly string[] {
  return emulator.journal().flatMap(({ operation, changes }) => (changes.length > 0 ? [operation] : []));
}

describe('a lake made by hand', () => {
  test('becomes files that people can own, and a list of what stays out', async () => {
    const lake = await lakeOf(handmade());
    const ran = await lake.run('import', '--dry-run', '--verbose');
    expect(ran.err).toBe('');
    expect(ran.code).toBe(0);
    await expect(ran.out.replaceAll(lake.emulator.url, 'http://emulator')).toMatchFileSnapshot('../golden/import.txt');
    expect(await lake.files()).toEqual({});
    expect(writes(lake)).toEqual([]);
  });

  test('is declared as it is: the files are valid, and the plan is empty', async () => {
    const lake = await lakeOf(handmade());
    expect((await lake.run('import', '--administrator', 'ada:1')).code).toBe(0);
    expect((await lake.run('validate')).code).toBe(0);
    const git = gitIn(lake.directory);
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', 'mesh');
    await git('commit', '--quiet', '--message', 'As it was');
    const plan = await lake.run('plan', '--trust-root', 'HEAD', '--exit-code', '--format', 'json');
    expect(JSON.parse(plan.out)).toMatchObject({ changes: [], withheld: [], problems: [], refusals: [] });
    expect(plan.code).toBe(0);
  });

  test('imported again changes nothing, also where people have decided and moved files', async () => {
    const lake = await lakeOf(handmade());
    await lake.run('import');
    const edit = async (path: string, from: RegExp, to: string): Promise<void> => {
      const file = join(lake.directory, path);
      await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
    };
    await edit('mesh/accounts/account-333344445555.yaml', /login: .*}/, 'login: eve, id: 3}');
    await rename(join(lake.directory, 'mesh/products/sales-co'), join(lake.directory, 'mesh/products/selling'));
    await rename(
      join(lake.directory, 'mesh/subscriptions/sales-co'),
      join(lake.directory, 'mesh/subscriptions/selling'),
    );
    await edit(
      'mesh/subscriptions/selling/sales/account-333344445555.yaml',
      /purpose: .*/,
      'purpose: Campaigns. # ours',
    );
    const before = await lake.files();
    const again = await lake.run('import');
    expect(again.err).toBe('');
    expect(again.out).toContain('nothing to write');
    expect(again.out).not.toContain('by hand');
    expect(again.code).toBe(0);
    expect(await lake.files()).toEqual(before);
  });

  test('that grew since adds what is new, and says what belongs into files that are there', async () => {
    const [first, ...rest] = sayable;
    const young = await lakeOf(
      handmade(rest.filter(({ principal }) => !principal.includes('reporting') && principal !== first?.principal)),
    );
    await young.run('import');
    const before = await young.files();
    const old = await lakeOf(handmade());
    for (const [path, text] of Object.entries(before)) {
      const file = join(old.directory, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const grown = await old.run('import');
    expect(grown.err).toBe('');
    expect(grown.out).toContain('mesh/mesh.yaml:\n    principals:');
    const after = await old.files();
    expect(after).toMatchObject(before);
    expect(Object.keys(after).filter((path) => !(path in before))).toEqual([
      'mesh/subscriptions/sales-co/sales/account-333344445555.yaml',
    ]);
    expect((await old.run('validate')).code).toBe(0);
  });
});

describe('nothing is written', () => {
  test('where something else is in the way', async () => {
    const lake = await lakeOf(handmade());
    await writeFile(join(lake.directory, 'notes.txt'), 'mine');
    const ran = await lake.run('import', '--mesh', '.');
    expect(ran.err).toContain('TARGET_IN_THE_WAY');
    expect(ran.code).toBe(1);
    expect(lake.emulator.journal()).toEqual([]);
  });

  test('for somebody to whom Lake Formation shows only a part', async () => {
    const lake = await lakeOf(handmade());
    const ran = await lake.runAs('nobody', 'import');
    expect(ran.out).toContain('no data lake administrator');
    expect(ran.out).toContain('Nothing was written');
    expect(ran.code).toBe(5);
    expect(await lake.files()).toEqual({});
  });

  test('of a database that could not be read; the others are', async () => {
    const lake = await lakeOf(handmade());
    lake.emulator.setFaults([{ kind: 'access-denied', operation: 'GetTables', times: 1 }]);
    const ran = await lake.run('import');
    expect(ran.out).toContain('Could not be read');
    expect(ran.code).toBe(5);
    const products = Object.keys(await lake.files('mesh/products'));
    expect(products).toHaveLength(1);
    expect((await lake.run('validate')).code).toBe(0);
  });

  test.each([
    [['--administrator', 'ada'], 'BAD_OPTION'],
    [['--subscriptions', 'missing.json'], 'BAD_EXPORT'],
    [['--database', '/(/', '--dry-run'], 'BAD_PATTERN'],
    [['--database', 'sales', '/^(/'], 'BAD_PATTERN'],
    [['--database', '/[/'], 'BAD_PATTERN'],
    [['--database', '*?'.repeat(40)], 'BAD_PATTERN'],
    [['--database', 'nope*'], 'NO_DATABASE'],
    [['--database', 'sales', 'nope'], 'NO_DATABASE'],
    [['--database', '/^nope$/', '--dry-run'], 'NO_DATABASE'],
  ])('%j', async (args, code) => {
    const lake = await lakeOf(handmade());
    const ran = await lake.run('import', ...args);
    expect(ran.err).toContain(code);
    expect(ran.code).toBe(1);
    expect(await lake.files()).toEqual({});
  });
});

describe('only what is chosen', () => {
  test('by name or glob, also where nothing is granted', async () => {
    const lake = await lakeOf(handmade());
    const ran = await lake.run('import', '--database', 'un*', '--out', 'part');
    expect(ran.out).toContain('not chosen');
    expect(Object.keys(await lake.files('part/products'))).toEqual(['part/products/central/unused.yaml']);
  });
});

describe("the older mesh's table", () => {
  const item = (more: Readonly<Record<string, unknown>>) => ({
    SubscriptionId: '7XaQ',
    OwnerPrincipal: '222233334444',
    SubscriberPrincipal: '333344445555',
    Status: 'Active',
    DatabaseName: 'sales',
    TableName: ['day_.*', 'orders'],
    RequestedGrants: ['SELECT', 'DESCRIBE'],
    CreationDate: '2022-03-01 10:11:12',
    ...more,
  });
  const typed = (value: unknown): unknown => (Array.isArray(value) ? { L: value.map(typed) } : { S: String(value) });
  const items = [
    item({ Notes: ['Agreed with the shops.'] }),
    item({ SubscriptionId: 'later', Status: 'Pending', SubscriberPrincipal: '444455556666' }),
    item({ SubscriptionId: 'wider', DatabaseName: 'stores', TableName: ['shops', 'gone'] }),
  ];
  const exports: Readonly<Record<string, string | Buffer>> = {
    'plain JSON, one item a line': items.map((one) => JSON.stringify(one)).join('\n'),
    'the answer of a scan': JSON.stringify({ Items: items, Count: 3 }),
    "DynamoDB's export, packed": gzipSync(
      items
        .map((one) => {
          const { Notes, ...rest } = one as Readonly<Record<string, unknown>>;
          const notes = Notes === undefined ? {} : { Notes: { SS: Notes } };
          return JSON.stringify({
            Item: {
              ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, typed(value)])),
              ...notes,
            },
          });
        })
        .join('\n'),
    ),
  };

  test.each(Object.entries(exports))('%s', async (_, text) => {
    const lake = await lakeOf(handmade());
    await writeFile(join(lake.directory, 'export'), text);
    const ran = await lake.run('import', '--subscriptions', 'export');
    expect(ran.err).toBe('');
    expect(ran.out).toContain('later for 444455556666: it is pending');
    expect(ran.out).toContain(
      'wider for 333344445555: the catalog has no table gone; the lake does not hold DESCRIBE on database stores, SELECT, DESCRIBE on table stores.shops',
    );
    const subscription = (await lake.files())['mesh/subscriptions/sales-co/sales/account-333344445555.yaml'];
    expect(subscription).toContain(
      'notes:\n  - Subscription 7XaQ of the older mesh, requested 2022-03-01 10:11:12.\n  - Agreed with the shops.\n',
    );
    expect(Object.keys(await lake.files('mesh/subscriptions/sales-co/stores'))).toEqual([]);
  });

  test('what it calls active and the lake does not hold is written only where asked for', async () => {
    const lake = await lakeOf(handmade());
    await writeFile(join(lake.directory, 'export'), exports['the answer of a scan'] ?? '');
    await lake.run('import', '--subscriptions', 'export', '--write-missing');
    const files = await lake.files('mesh/subscriptions/sales-co/stores');
    expect(Object.values(files)).toEqual([expect.stringContaining('- tables: [shops]\n    permissions: read\n')]);
  });

  describe('gives no more than it says', () => {
    const written = async (more: Readonly<Record<string, unknown>>) => {
      const lake = await lakeOf(handmade());
      const one = item({ SubscriberPrincipal: '444455556666', PermittedGrants: ['SELECT'], ...more });
      await writeFile(join(lake.directory, 'export'), `${JSON.stringify(one)}\n`);
      const ran = await lake.run('import', '--subscriptions', 'export', '--write-missing');
      const files = Object.entries(await lake.files('mesh/subscriptions'));
      const own = files.filter(([path]) => path.includes('444455556666')).map(([, text]) => text);
      return { ran, text: own.join(''), all: Object.keys(await lake.files()) };
    };

    const unreadable: readonly unknown[] = [
      ...[5, ' ', '', [], null, true, { name: 'orders' }, [{ S: 'orders' }], ['orders', 5], ['orders', ' ']],
      ...[{ BS: ['b3JkZXJz'] }, { SS: ['orders'], comment: 'x' }, { S: 5 }, { L: [{ N: 5 }] }, { NULL: true }],
    ];
    test.each(unreadable.map((one) => [one]))('a TableName %j is not the whole database', async (TableName) => {
      const { ran, all } = await written({ TableName });
      expect(ran.err).toMatch(/BAD_EXPORT export: item 1: its TableName (cannot be read|names no table)/);
      expect(ran.code).toBe(1);
      expect(all).toEqual([]);
    });

    test.each(['GrantedTableARNs', 'PermittedGrants', 'RequestedGrants', 'GrantableGrants'])(
      'a %s that cannot be read is not none',
      async (name) => {
        const { ran, all } = await written({ [name]: { SS: ['x'], comment: 'x' } });
        expect(ran.err).toContain(`its ${name} cannot be read`);
        expect(ran.code).toBe(1);
        expect(all).toEqual([]);
      },
    );

    test('no TableName at all is the whole database', async () => {
      const { text } = await written({ TableName: undefined });
      expect(text).toContain('tables: ["*"]');
    });

    const arn = (rest: string): string => `arn:aws:glue:eu-west-1:${rest}`;
    test.each([
      arn('111122223333:table/stores/orders'),
      arn('222233334444:table/sales/orders'),
      arn('111122223333:table/sales/.*'),
      arn('111122223333:table/sales/*'),
      arn('111122223333:database/sales'),
      'orders',
    ])('%s among the granted ARNs is listed and not written', async (other) => {
      const { ran, text } = await written({
        TableName: undefined,
        GrantedTableARNs: [arn('111122223333:table/sales/DAY_1'), other],
      });
      expect(ran.code).toBe(0);
      expect(ran.out).toContain(`the catalog has no table ${other}`);
      expect(text).toContain('tables: [day_1]\n');
      const alone = await written({ TableName: undefined, GrantedTableARNs: [other] });
      expect(alone.text).not.toMatch(/tables: \[(?!orders\]|day_1\])/);
      expect(alone.ran.out).toContain(`the catalog has no table ${other}`);
    });
  });
});
