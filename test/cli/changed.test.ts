import { beforeAll, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/emulator/journal.ts';
import { schemaFaults } from '../support/output-schemas.ts';
import { type Stage, setStage } from '../support/stage.ts';

const trusted = ['--trust-root', 'HEAD', '--format', 'json'];

const head = `apiVersion: meshgate/v1
kind: Subscription
purpose: A town needs to know.
access:
`;
const narrowed = `${head}  - { tables: [orders], columns: { exclude: pii }, permissions: read }\n`;
const file = 'mesh/subscriptions/sales/orders/marketing.yaml';

interface Planned {
  readonly changes: readonly { readonly verb: string; readonly key: string; readonly product: string }[];
  readonly scope?: { readonly files: readonly string[]; readonly since: string; readonly whole?: string };
  readonly outside: number | null;
}

interface Asked {
  readonly Resource?: {
    readonly Database?: { readonly Name: string };
    readonly Table?: { readonly DatabaseName: string; readonly Name?: string };
  };
}

function named({ Resource: { Database, Table } = {} }: Asked): string {
  return Table === undefined ? (Database?.Name ?? 'everything') : `${Table.DatabaseName}.${Table.Name ?? '*'}`;
}

let stage: Stage;

/** A plan, with the calls that it took. */
async function planned(...args: readonly string[]): Promise<{ plan: Planned; calls: readonly JournalEntry[] }> {
  const from = stage.emulator.journal().length;
  const { code, out, err } = await stage.run(['plan', ...trusted, ...args]);
  expect(code, err).toBe(0);
  expect(schemaFaults('plan', JSON.parse(out))).toEqual([]);
  return { plan: JSON.parse(out) as Planned, calls: stage.emulator.journal().slice(from) };
}

describe('plan --changed', () => {
  beforeAll(async () => {
    stage = await setStage();
    expect((await stage.run(['apply', '--trust-root', 'HEAD'])).code).toBe(0);
    await stage.write(file, narrowed);
    await stage.git('rm', '--quiet', 'mesh/subscriptions/sales/stores/finance.yaml');
    await stage.git('commit', '--quiet', '--all', '--message', 'Less');
  });

  test('plans what the files of the last commit ask for and asked for, and sweeps nothing', async () => {
    const [{ plan, calls }, { plan: whole }] = [await planned('--changed'), await planned()];
    expect(plan.scope?.files).toEqual([
      'subscriptions/sales/orders/marketing.yaml',
      'subscriptions/sales/stores/finance.yaml',
    ]);
    expect(plan.scope?.since).toBe(await stage.git('rev-parse', 'HEAD^'));
    expect(plan.changes.map(({ verb }) => verb)).toContain('revoke');
    expect(plan.changes).toEqual(whole.changes);
    expect(plan.outside).toBeNull();
    expect(whole).not.toHaveProperty('scope');
    const lists = calls.filter(({ operation }) => operation === 'ListPermissions');
    expect(lists.map(({ request }) => named(request as Asked)).toSorted()).toEqual([
      'sales',
      'sales.*',
      'sales.items',
      'sales.orders',
      'stores',
      'stores.*',
      'stores.shops',
    ]);
  });

  test('takes files by name, and counts what is not committed yet', async () => {
    const { plan } = await planned('--changed-files', 'mesh/subscriptions/sales/stores/finance.yaml');
    expect(plan.scope?.files).toEqual(['subscriptions/sales/stores/finance.yaml']);
    expect(new Set(plan.changes.map(({ product }) => product))).toEqual(new Set(['sales/stores']));
    const since = await stage.git('rev-parse', 'HEAD');
    expect((await planned('--changed', 'HEAD')).plan).toMatchObject({ scope: { since, files: [] }, changes: [] });
    await stage.write(
      'mesh/subscriptions/sales/stores/finance.new.yaml',
      `${head}  - { tables: [shops], permissions: discover }\n`,
    );
    expect((await planned('--changed', 'HEAD')).plan.scope?.files).toEqual([
      'subscriptions/sales/stores/finance.new.yaml',
    ]);
  });

  test('says what it is about, and what it is not', async () => {
    const { out } = await stage.run(['plan', '--trust-root', 'HEAD', '--changed']);
    expect(out.split('\n')[1]).toMatch(
      /^Scope: changed files subscriptions\/sales\/orders\/marketing\.yaml, .+, since [0-9a-f]{12}; what they cannot touch was not read, and is no part of this plan, nor is it judged .+$/,
    );
    const { out: markdown } = await stage.run(['plan', '--trust-root', 'HEAD', '--changed', '--format', 'markdown']);
    expect(markdown).toMatch(/Scope: changed files subscriptions\/sales/);
  });

  test.each(['mesh.yaml', 'accounts/finance.yaml'])('plans everything where %s has changed', async (path) => {
    const { plan, calls } = await planned('--changed-files', `mesh/${path}`);
    expect(plan.scope?.whole).toBe(`${path} may touch everything`);
    const lists = calls.filter(({ operation }) => operation === 'ListPermissions');
    expect(lists.map(({ request }) => named(request as Asked))).toContain('everything');
    expect(plan.outside).toBe(0);
  });

  test('plans everything where nobody can tell what a file said before', async () => {
    await stage.git('stash', '--quiet', '--include-untracked');
    await stage.write(file, 'access: [');
    await stage.git('commit', '--quiet', '--all', '--message', 'Broken');
    await stage.write(file, narrowed);
    await stage.git('commit', '--quiet', '--all', '--message', 'Mended');
    const { plan } = await planned('--changed');
    expect(plan.scope?.whole).toMatch(
      /^what subscriptions\/sales\/orders\/marketing\.yaml asked for in [0-9a-f]{12} cannot be told$/,
    );
  });

  test.each([
    [
      ['--changed', 'nowhere'],
      /^CHANGED git cannot tell what changed in mesh: nowhere is no commit of this repository/,
    ],
    [['--changed-files', 'README.md'], /^CHANGED README\.md is no mesh file, neither now nor in the commit/],
    [
      ['--changed-files', 'mesh/subscriptions/sales/orders/nobody.yaml'],
      /^CHANGED mesh\/subscriptions\/.+ is no mesh file, neither now/,
    ],
  ])('refuses %j', async (args, says) => {
    const { code, err } = await stage.run(['plan', '--trust-root', 'HEAD', ...args]);
    expect(err).toMatch(says);
    expect(code).toBe(1);
  });
});

test('the first commit, and files outside git, have nothing to be compared with', async () => {
  const first = await setStage();
  expect((await first.run(['plan', '--changed'])).err).toMatch(
    /^CHANGED .+ has no parent here: it is the first one, or the clone is shallow; name a commit/,
  );
  const outside = await setStage({ isInGit: false });
  const { code, err } = await outside.run(['plan', '--changed']);
  expect(err).toMatch(/^CHANGED git cannot tell what changed in mesh: .*not a git repository/);
  expect(code).toBe(1);
});
