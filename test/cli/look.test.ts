import { describe, expect, test } from 'vitest';
import type { SubscriptionList } from '../../src/core/subscriptions.ts';
import { schemaFaults } from '../support/output-schemas.ts';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage } from '../support/stage.ts';
import { central, keysOf, openShops, townLake } from '../support/town.ts';

const trusted = ['--trust-root', 'HEAD'];

async function states(stage: Stage, ...more: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const ran = await runHere(stage, ['list', ...trusted, '--format', 'json', ...more]);
  expect(ran).toMatchObject({ code: 0, err: '' });
  const list = JSON.parse(ran.out) as SubscriptionList;
  expect(schemaFaults('list', list)).toEqual([]);
  return Object.fromEntries(
    list.subscriptions.map(({ subscription, state, blind }) => [
      subscription,
      `${state}${blind.length > 0 ? '?' : ''}`,
    ]),
  );
}

function subscription(access: string, more = ''): string {
  return `apiVersion: meshgate/v1\nkind: Subscription\npurpose: "=A town, that needs to know"\n${more}access:\n${access}\n`;
}

describe('looking at a lake', { timeout: 120_000 }, () => {
  test('the states of subscriptions from the first apply to the archive', async () => {
    const stage = await setStage({
      mesh: {
        'subscriptions/sales/stores/reporting.yaml': '',
        'subscriptions/sales/stores/finance.old.yaml': subscription(
          '  - { tables: [visits], permissions: read }',
          'expires: 2026-01-31\n',
        ),
      },
    });
    await stage.git('rm', '--quiet', '-f', 'mesh/subscriptions/sales/stores/reporting.yaml');
    await stage.git('commit', '--quiet', '--message', 'Nothing');
    expect(await states(stage)).toEqual({
      'sales/orders/finance': 'approved',
      'sales/orders/marketing': 'approved',
      'sales/orders/marketing.analysts': 'approved',
      'sales/stores/finance': 'approved',
      'sales/stores/finance.old': 'expired',
      'sales/stores/marketing': 'approved',
    });
    await runHere(stage, ['apply', ...trusted]);
    expect(await states(stage, '--owner', 'bob', '--database', 'sales', '--tables', 'ord*')).toEqual({
      'sales/orders/marketing': 'granted',
      'sales/orders/marketing.analysts': 'granted',
    });
    const hold = 'holds:\n  - { scope: { account: marketing }, reason: Key leaked, until: 2999-01-01 }\n';
    await stage.write('mesh/mesh.yaml', `${await stage.git('show', 'HEAD:mesh/mesh.yaml')}\n${hold}`);
    await stage.git('rm', '--quiet', 'mesh/subscriptions/sales/stores/finance.yaml');
    await stage.git('commit', '--quiet', '--all', '--message', 'Held, and ended');
    expect(await states(stage, '--status', 'held', 'revoked')).toEqual({
      'sales/orders/marketing': 'held',
      'sales/orders/marketing.analysts': 'held',
      'sales/stores/finance': 'revoked',
      'sales/stores/marketing': 'held',
      'sales/stores/reporting': 'revoked?',
    });
    await runHere(stage, ['apply', ...trusted]);
    expect(await states(stage, '--all', '--product', 'sales/stores')).toMatchObject({
      'sales/stores/finance': 'archived',
    });
    // Without a lake nobody can tell what is left of it.
    expect(await states(stage, '--all', '--offline', '--product', 'sales/stores')).toEqual({
      'sales/stores/finance': 'revoked?',
      'sales/stores/finance.old': 'expired?',
      'sales/stores/marketing': 'held',
      'sales/stores/reporting': 'revoked?',
    });
  });

  test('who can read a column, declared or not, and by what', async () => {
    const wild = {
      principal: `arn:aws:iam::${central}:role/reporting`,
      resource: { Table: { DatabaseName: 'stores', TableWildcard: {} } },
      permissions: ['SELECT'] as const,
    };
    const stage = await setStage({ lake: { grants: [...(townLake.grants ?? []), openShops, wild] } });
    // What IAM holds open takes no grant for other accounts, so not all of it can be given.
    await runHere(stage, ['apply', ...trusted]);
    const ask = async (column: string) => {
      const { out } = await runHere(stage, ['explain', ...trusted, '--format', 'json', '--who-can-read', column]);
      expect(schemaFaults('explain', JSON.parse(out))).toEqual([]);
      return JSON.parse(out);
    };
    const shops = await ask('stores.shops.id');
    const by = (answer: typeof shops) =>
      answer.readers.map(({ principal, layers }: (typeof shops.readers)[number]) => [
        principal.name ?? principal.id,
        ...layers.map(({ footing, on }: (typeof layers)[number]) => `${footing}: ${on.resource}`),
      ]);
    expect(by(shops)).toEqual([
      ['IAM_ALLOWED_PRINCIPALS', 'protected: table stores.shops'],
      ['reporting', 'unmanaged: all tables of stores'],
    ]);
    const email = await ask('sales.orders.email');
    expect(email.classes).toEqual(['pii']);
    expect(by(email)).toEqual([]);
    const region = await ask('sales.orders.region');
    expect(by(region)).toEqual([
      ['marketing', 'declared: table sales.orders'],
      ['marketing/analysts', 'declared: data cells filter europe on sales.orders'],
    ]);
    expect(email.limits[0]).toContain(`arn:aws:iam::${central}:role/admin`);
  });

  test('why there is access, and what is missing where there is none', async () => {
    const stage = await setStage();
    const explain = async (...asked: readonly string[]) => runHere(stage, ['explain', ...trusted, ...asked]);
    const before = await explain('marketing', 'sales.orders.region');
    expect(before).toMatchObject({ code: 0, err: '' });
    expect(before.out).toContain('sales/orders/marketing  approved  mesh/subscriptions/sales/orders/marketing.yaml:5');
    expect(before.out).toContain('the next apply gives it');
    const byHand = await explain('finance', 'sales.orders.email');
    expect(byHand.out).toContain('no file asks for it any more; the next apply may revoke it, since 2026-02-03');
    expect(byHand.out).toContain('meshgate request --product sales/orders --as finance --table orders');
    await runHere(stage, ['apply', ...trusted]);
    const analysts = await explain('marketing/analysts', 'sales.orders.region');
    expect(analysts.out).toContain(
      "SELECT on data cells filter europe on sales.orders, columns: only id, region, rows: region = 'EU'",
    );
    expect(analysts.out).toContain('the account holds it: its data lake administrators decide');
    const email = (await explain('marketing', 'sales.orders.email')).out;
    expect(email).toContain('SELECT reaches other columns: only id, region');
    expect(email).toContain(
      'ask for it: meshgate request --product sales/orders --as marketing --table orders --column email',
    );
    expect((await explain('arn:aws:iam::999988887777:role/x', 'stores.shops')).out).toContain(
      'no mesh file declares the account 999988887777',
    );
    expect((await explain(`arn:aws:iam::${central}:role/admin`, 'stores.shops')).out).toContain(
      'a data lake administrator',
    );
    expect((await explain('marketing', 'sales.orders', '--offline')).out).toContain('the lake was not read');
  });

  test('a lake that does not answer is unknown: exit code 5, unless nobody asked it', async () => {
    const stage = await setStage();
    const nobody = { AWS_ACCESS_KEY_ID: 'AKIANOBODY', AWS_SECRET_ACCESS_KEY: 'x' };
    const ran = await runHere(stage, ['list', ...trusted], nobody);
    expect(ran.code).toBe(5);
    expect(ran.out).toMatch(/^ {2}finance +approved\? /m);
    expect(ran.out).toContain('Not known, what the lake holds: WRONG_CREDENTIALS');
    // Who is no administrator sees less of the lake: what is not seen is not taken for absent.
    const shortened = await runHere(stage, ['list', ...trusted, '--format', 'json'], keysOf.nobody);
    expect(shortened.code).toBe(5);
    expect(JSON.parse(shortened.out).subscriptions).toContainEqual(
      expect.objectContaining({
        subscription: 'sales/orders/finance',
        tables: ['items'],
        state: 'approved',
        blind: ['lake'],
      }),
    );
    expect((await runHere(stage, ['list', '--offline'], nobody)).code).toBe(0);
    const explained = await runHere(stage, ['explain', ...trusted, '--who-can-read', 'sales.orders.id'], nobody);
    expect(explained).toMatchObject({ code: 5, out: expect.stringContaining('Who can read it is not known') });
  });

  test('what is shown of each kind of thing', async () => {
    const stage = await setStage();
    const show = async (what: string) => {
      const ran = await runHere(stage, ['show', what, ...trusted, '--format', 'json']);
      expect(ran).toMatchObject({ code: 0, err: '' });
      expect(schemaFaults('show', JSON.parse(ran.out))).toEqual([]);
      return JSON.parse(ran.out);
    };
    expect(await show('mesh/subscriptions/sales/orders/marketing.yaml')).toMatchObject({
      kind: 'subscription',
      subscription: { state: 'approved', classes: [], consumer: 'marketing' },
      history: [{ what: 'added', author: 'Ada' }],
    });
    expect(await show('sales/orders')).toMatchObject({
      kind: 'product',
      owners: ['bob'],
      tables: [{ table: 'orders', classes: ['pii'] }, { table: 'items' }],
      subscriptions: [{ consumer: 'finance' }, { consumer: 'marketing' }, { consumer: 'marketing' }],
    });
    expect(await show('333344445555')).toMatchObject({ kind: 'account', account: 'marketing', owners: ['eve'] });
    const finance = await show('finance');
    expect(finance).toMatchObject({ kind: 'account', subscriptions: [{}, {}] });
    expect(await show('arn:aws:iam::333344445555:role/analysts')).toMatchObject({
      kind: 'principal',
      principal: { name: 'marketing/analysts' },
      account: 'marketing',
      subscriptions: [{ subscription: 'sales/orders/marketing.analysts' }],
      layers: [],
    });
  });

  test.each([
    [['show', 'sales/oders', '--offline'], 'did you mean "sales/orders"?'],
    [['explain', 'marketng', 'sales.orders', '--offline'], 'did you mean "marketing"?'],
    [['explain', 'marketing', 'sale.orders', '--offline'], 'did you mean "sales"?'],
    [['explain', 'marketing', 'sales.oders'], 'did you mean "orders"?'],
    [['explain', 'marketing', 'sales.orders.emal'], 'did you mean "email"?'],
    [['explain', 'marketing', 'sales/orders', '--offline'], 'meshgate show sales/orders'],
    [['explain', 'marketing'], 'explain needs a principal and a resource'],
    [['explain', '--who-can-read', 'sales', '--offline'], 'database sales is no table'],
    [['list', '--status', 'grnted'], 'did you mean "granted"?'],
    [['list', '--owner', 'bop', '--offline'], 'did you mean "bob"?'],
    [['list', '--principal', 'fnance', '--offline'], 'did you mean "finance"?'],
    [['list', '--since', '2026-13-01'], 'write it as YYYY-MM-DD'],
  ])('%j is told what would be right', async (args, hint) => {
    misspelt ??= await setStage();
    const ran = await runHere(misspelt, [...args, ...trusted]);
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining(hint) });
  });
});

let misspelt: Stage | undefined;
