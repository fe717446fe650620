import { GrantPermissionsCommand, LakeFormationClient, type Resource } from '@aws-sdk/client-lakeformation';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Explanation, Readers } from '../../src/core/explanation.ts';
import type { Seed } from '../../src/emulator/seed.ts';
import { administrator, analysts, marketing, path, subscription, withMarketing } from '../support/consumer-town.ts';
import { schemaFaults } from '../support/output-schemas.ts';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage } from '../support/stage.ts';
import { central, region, townMesh } from '../support/town.ts';

const [finance, lab] = ['444455556666', '555566667777'];
const role = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
const runsAs = 'runsAs: { observe: meshgate-observe, apply: meshgate-apply }\n';
const people: Readonly<Record<string, readonly string[]>> = {
  [marketing]: ['analysts', 'interns', 'lead', 'nobody'],
  [finance]: ['clerks', 'auditors'],
  [lab]: ['chemists'],
};
const orders = (access: string, more: string) => `apiVersion: meshgate/v1
kind: Subscription
purpose: A town needs to know.
access:
  - ${access}
${more}`;
const account = (id: string, name: string, more = '') => `apiVersion: meshgate/v1
kind: Account
id: "${id}"
roles: [consumer]
owners: [{ login: ${name}, id: ${id.slice(0, 2)} }]
principals: { own: "${role(id, people[id]?.[0] ?? '')}" }
${more}`;

/** Marketing and finance are entered; the lab is not, and its own administrator passes on what it was given. */
const mesh = {
  'accounts/marketing.yaml': `${townMesh['accounts/marketing.yaml']}${runsAs}`,
  'accounts/finance.yaml': account(finance, 'fay', runsAs),
  'accounts/lab.yaml': account(lab, 'lin'),
  [path]: subscription(),
  'subscriptions/sales/orders/marketing.analysts.yaml': orders(
    `{ tables: [orders], columns: { exclude: pii }, rows: "region = 'EU'", filter: europe, permissions: [SELECT] }`,
    'principals: [analysts]\n',
  ),
  'subscriptions/sales/orders/finance.yaml': orders(
    '{ tables: [items], permissions: read }',
    'import: { database: town, grants: [{ principals: [own], permissions: [SELECT, DESCRIBE] }] }\n',
  ),
  'subscriptions/sales/stores/finance.yaml': orders(
    '{ tables: ["*"], permissions: read }',
    'import: { database: town_stores, grants: [{ principals: [own], permissions: [DESCRIBE] }] }\n',
  ),
  'subscriptions/sales/orders/lab.yaml': orders('{ tables: [items], permissions: read }', ''),
};

function member(id: string, key = ''): Seed['accounts'][string] {
  const trusts = [role(central, 'admin'), role(central, 'reader')];
  return {
    memberOf: ['arn:aws:organizations::999900001111:organization/o-townexample'],
    principals: [
      ...(people[id] ?? []).map((name) => ({ arn: role(id, name) })),
      { arn: role(id, 'meshgate-apply'), trusts },
      { arn: role(id, 'meshgate-observe'), trusts },
      { arn: role(id, 'administrator'), accessKeyId: key, secretAccessKey: 'own' },
    ],
    regions: {
      [region]: {
        settings: {
          DataLakeAdmins: [role(id, 'meshgate-apply'), role(id, 'administrator')],
          ReadOnlyAdmins: [role(id, 'meshgate-observe')],
          CreateDatabaseDefaultPermissions: [],
          CreateTableDefaultPermissions: [],
        },
      },
    },
  };
}

const keys: Readonly<Record<string, string>> = { [finance]: 'AKIAFINANCEADMIN0001', [lab]: 'AKIALABADMIN00000001' };

async function stageOf(): Promise<Stage> {
  const stage = await setStage({
    mesh,
    seed: (usual) => {
      const known = withMarketing()(usual);
      const own = known.accounts[marketing];
      const more = (people[marketing]?.slice(1) ?? []).map((name) => ({ arn: role(marketing, name) }));
      return {
        ...known,
        accounts: {
          ...known.accounts,
          [marketing]: { ...own, principals: [...(own?.principals ?? []), ...more] },
          [finance]: member(finance, keys[finance]),
          [lab]: member(lab, keys[lab]),
        },
      };
    },
  });
  expect(await runHere(stage, ['apply', '--trust-root', 'HEAD'])).toMatchObject({ code: 0, err: '' });
  return stage;
}

/** What the administrator of an account gives in its own lake, on what it was given. */
async function passOn(stage: Stage, id: string, to: string, on: Resource): Promise<void> {
  const credentials =
    id === marketing
      ? {
          accessKeyId: administrator.AWS_ACCESS_KEY_ID,
          secretAccessKey: administrator.AWS_SECRET_ACCESS_KEY,
        }
      : { accessKeyId: keys[id] ?? '', secretAccessKey: 'own' };
  const client = new LakeFormationClient({ region, endpoint: stage.emulator.url, credentials });
  await client.send(
    new GrantPermissionsCommand({
      Principal: { DataLakePrincipalIdentifier: to },
      Resource: on,
      Permissions: ['SELECT'],
    }),
  );
  client.destroy();
}

const table = (DatabaseName: string, Name: string): Resource => ({ Table: { CatalogId: central, DatabaseName, Name } });
const columnsOf = { 'sales.orders': ['id', 'region', 'email'], 'sales.items': ['id'], 'stores.visits': ['shop'] };

async function whoReads(stage: Stage, column: string): Promise<Readers> {
  const ran = await runHere(stage, ['explain', '--who-can-read', column, '--trust-root', 'HEAD', '--format', 'json']);
  const answer = JSON.parse(ran.out) as Readers;
  expect(schemaFaults('explain', answer)).toEqual([]);
  return answer;
}

describe('who can read what, beside the answer of the emulator itself', { timeout: 120_000 }, () => {
  let stage: Stage;

  // One for all tests, since every look takes a while.
  beforeAll(async () => {
    stage = await stageOf();
  }, 60_000);

  test('whoever reads is named with the path, or belongs to an account that is named', async () => {
    await passOn(stage, marketing, role(marketing, 'interns'), table('sales', 'orders'));
    await passOn(stage, marketing, `${marketing}:IAMPrincipals`, {
      TableWithColumns: { CatalogId: central, DatabaseName: 'sales', Name: 'orders', ColumnNames: ['id'] },
    });
    await passOn(stage, finance, role(finance, 'auditors'), table('stores', 'visits'));
    await passOn(stage, lab, role(lab, 'chemists'), table('sales', 'items'));
    const answers: Readers[] = [];
    for (const [name, columns] of Object.entries(columnsOf))
      for (const column of columns) {
        const answer = await whoReads(stage, `${name}.${column}`);
        answers.push(answer);
        const certain = answer.readers.filter(({ layers }) => layers.some(({ isCertain }) => isCertain));
        const unread = answer.unread.map(({ account: { id } }) => id);
        const [database = '', tableName = ''] = name.split('.');
        for (const [id, names] of Object.entries(people))
          for (const principal of names.map((one) => role(id, one))) {
            const question = { principal, region, catalogId: central, database, table: tableName, columns: [column] };
            const { allowed, reason } = stage.emulator.access(question);
            const isNamed = certain.some(({ principal: one }) => [principal, `${id}:IAMPrincipals`].includes(one.id));
            const of = `${principal} on ${name}.${column}: ${reason}`;
            expect([of, isNamed || unread.includes(id)]).toEqual([of, allowed || unread.includes(id)]);
            if (isNamed) expect([of, allowed]).toEqual([of, true]);
          }
      }
    const [, ofRegion, ofEmail, ofItems] = answers;
    const interns = ofRegion?.readers.find(({ principal }) => principal.id === role(marketing, 'interns'));
    expect(interns?.layers).toMatchObject([
      { footing: 'outside', account: { name: 'marketing' }, path: [{ state: 'there' }, { state: 'there' }, {}, {}] },
    ]);
    expect(ofRegion?.limits.join('\n')).not.toContain('of which nothing comes');
    // To the pii nothing leads that the account does not hold, whatever its own lake says.
    expect(ofEmail?.limits.join('\n')).toMatch(
      /role\/interns is granted table sales\.orders in the lake of marketing, of which nothing comes/,
    );
    expect(ofItems?.unread).toEqual([
      {
        account: { id: lab, name: 'lab' },
        why: expect.stringMatching(/no run enters it: .* nor mesh\/accounts\/lab\.yaml says runsAs/),
      },
    ]);
  });

  test('why a local principal reads, and what is missing', async () => {
    const ask = async (who: string, what: string): Promise<Explanation> => {
      const { out } = await runHere(stage, ['explain', who, what, '--trust-root', 'HEAD', '--format', 'json']);
      const answer = JSON.parse(out) as Explanation;
      expect(schemaFaults('explain', answer)).toEqual([]);
      return answer;
    };
    const local = ({ layers }: Explanation) => layers.filter(({ account: one }) => one !== undefined);
    const [reads] = local(await ask(analysts, 'sales.orders.region')).filter(({ permissions }) =>
      permissions.includes('SELECT'),
    );
    expect(reads).toMatchObject({ isCertain: true, footing: 'declared', origins: [{ place: { line: 8 } }] });
    expect(reads?.path?.map(({ what, state }) => `${state}: ${what}`)).toEqual([
      'there: marketing holds SELECT on table sales.orders, columns: only id, region',
      'there: marketing has accepted what is shared of tables of sales',
      'there: resource link town_orders',
      'there: DESCRIBE on resource link town_orders',
    ]);
    expect(reads?.path?.[0]?.origins).toMatchObject([{ subscription: 'sales/orders/marketing', brought: {} }]);
    // Whoever is passed nothing gets nothing of it, and is told how it could.
    const nobody = await ask(role(marketing, 'nobody'), 'sales.orders.region');
    expect(nobody.layers.map(({ isIdle, isCertain }) => [isIdle, isCertain])).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(nobody.advice[0]).toContain('list it under import.grants in mesh/subscriptions/sales/orders/marketing.yaml');
    // An account that is not entered is not known to lack anything.
    const chemists = await ask('lab/own', 'sales.items.id');
    expect(chemists.layers).toMatchObject([{ through: 'its account', isCertain: false }]);
    expect(chemists.layers[0]?.isIdle).toBeUndefined();
    expect(chemists.layers[0]?.notes[0]).toMatch(/which was not read: no run enters it/);
  });

  test('what is not there yet is missing; where nobody looks it is not known', async () => {
    const seed = withMarketing();
    const entered = await setStage({ mesh: { ...mesh, 'accounts/finance.yaml': account(finance, 'fay') }, seed });
    const missing = async (stage: Stage): Promise<readonly string[]> => {
      const asked = ['explain', 'marketing/analysts', 'sales.orders.region', '--trust-root', 'HEAD'];
      const { out } = await runHere(stage, [...asked, '--format', 'json']);
      const { absences } = JSON.parse(out) as Explanation;
      return absences
        .filter(({ account: one }) => one !== undefined)
        .map(({ permissions, on, isKnown, why }) => [isKnown, ...permissions, on.resource, why ?? ''].join(' '));
    };
    const pieces = [
      `what account ${central} shares of database sales, accepted`,
      `what account ${central} shares of tables of sales, accepted`,
      'resource link town_orders to database sales',
      'DESCRIBE resource link town_orders',
      'DESCRIBE table sales.orders',
      'SELECT table sales.orders',
    ];
    expect(await missing(entered)).toEqual(pieces.map((piece) => `true ${piece} `));
    const shut = await setStage({ mesh: { [path]: subscription() }, seed });
    expect(await missing(shut)).toEqual(
      pieces.map((piece) => expect.stringMatching(`^false ${piece} no run enters it: neither mesh.yaml nor`)),
    );
    const closed = await setStage({ mesh, seed: withMarketing({ isTrusted: false }) });
    expect(await missing(closed)).toEqual(
      pieces.map((piece) => expect.stringMatching(`^false ${piece} .*AssumeRole answered AccessDenied`)),
    );
  });

  test('whom another account must let in first does not read for certain', async () => {
    const stage = await setStage();
    expect((await runHere(stage, ['apply', '--trust-root', 'HEAD'])).code).toBe(0);
    const question = { principal: analysts, region, catalogId: central, database: 'sales', table: 'orders' };
    expect(stage.emulator.access({ ...question, columns: ['region'] })).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('its invitation is PENDING'),
    });
    const { readers } = await whoReads(stage, 'sales.orders.region');
    const [direct] = readers.flatMap(({ principal, layers }) => (principal.id === analysts ? layers : []));
    expect(direct).toMatchObject({
      isCertain: false,
      notes: [expect.stringMatching(/^only if its account has accepted what is shared with it, .* no run enters it/)],
    });
  });
});
