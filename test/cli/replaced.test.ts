import { expect, test } from 'vitest';
import { analysts, marketing, path, subscription, withMarketing } from '../support/consumer-town.ts';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage } from '../support/stage.ts';
import { central, region, townMesh } from '../support/town.ts';

const mesh = {
  'mesh.yaml': `${townMesh['mesh.yaml']}runsAs: { observe: meshgate-observe, apply: meshgate-apply }\n`,
  'products/sales/orders.yaml': `${townMesh['products/sales/orders.yaml']}allowFuture: true\n`,
};
const eu = `tables: [orders], rows: "region = 'EU'"`;
const all = 'tables: [orders]';
const few = 'tables: [orders], columns: { include: [id, email] }';
const less = 'tables: [orders], columns: { include: [email] }';
const others = `tables: [orders], rows: "region <> 'EU'"`;
const wildcard = 'tables: ["*"]';

const said = (access: string): string => subscription().replace('tables: [orders], columns: { exclude: pii }', access);

async function ran(stage: Stage, line: string) {
  return runHere(stage, line.split(' '), { MESHGATE_CACHE_KEY: 'a-key-of-the-test'.repeat(2) });
}

/** Whether the analysts read a column that nothing but the subscription gives them. */
function reads({ emulator }: Stage): boolean {
  const question = { region, database: 'town_orders', table: 'orders', columns: ['email'], principal: analysts };
  return emulator.access(question).allowed;
}

async function change(stage: Stage, access: string): Promise<void> {
  await stage.write(`mesh/${path}`, said(access));
  await stage.git('commit', '--all', '--quiet', '--allow-empty', '--message', 'Another limit');
}

test.each<[string, string, string]>([
  ['rows to other rows', eu, others],
  ['rows to all', eu, all],
  ['all to rows', all, eu],
  ['rows to columns', eu, few],
  ['columns to rows', few, eu],
  ['all to columns', all, few],
  ['columns to fewer', few, less],
  ['all tables to one', wildcard, all],
])('%s: the analysts read on, turn by turn', { timeout: 60_000 }, async (_, from, to) => {
  const stage = await setStage({ mesh: { ...mesh, [path]: said(from) }, seed: withMarketing() });
  expect(await ran(stage, 'apply --trust-root HEAD')).toMatchObject({ code: 0 });
  expect(reads(stage)).toBe(true);
  await change(stage, to);
  expect(await ran(stage, 'plan --out whole --trust-root HEAD')).toMatchObject({ code: 0 });
  const seen: [code: number | null, reads: boolean][] = [];
  for (const turn of [1, 2, 3, 4]) {
    const accounts = turn % 2 === 0 ? central : 'marketing';
    const { code } = await ran(stage, `apply --plan whole --accounts ${accounts} --turn ${turn}`);
    seen.push([code, reads(stage)]);
  }
  expect(seen).toEqual([1, 2, 3, 4].map(() => [0, true]));
  expect(await ran(stage, 'plan --trust-root HEAD --exit-code')).toMatchObject({ code: 0 });
});

test('one limit after the other is replaced in one process, and nothing fails', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh: { ...mesh, [path]: said(eu) }, seed: withMarketing() });
  for (const access of [eu, others, all, few, less, few, eu, wildcard, all, wildcard, few]) {
    if (reads(stage)) await change(stage, access);
    const { code, out } = await ran(stage, 'apply --trust-root HEAD');
    expect([access, code, out.includes('Failed')]).toEqual([access, 0, false]);
    expect(reads(stage)).toBe(true);
  }
});

test('what is replaced goes from the account also where its people could not change over', {
  timeout: 60_000,
}, async () => {
  const stage = await setStage({ mesh: { ...mesh, [path]: said(all) }, seed: withMarketing() });
  expect(await ran(stage, 'apply --trust-root HEAD')).toMatchObject({ code: 0 });
  await change(stage, eu);
  expect(await ran(stage, 'plan --out whole --trust-root HEAD')).toMatchObject({ code: 0 });
  // The third turn, in the account, never comes about.
  for (const turn of [2, 4])
    expect(await ran(stage, `apply --plan whole --accounts ${central} --turn ${turn}`)).toMatchObject({ code: 0 });
  const { atoms } = stage.emulator.snapshot(central, region);
  const selects = atoms.flatMap(({ principal, permission, resource }) =>
    principal === marketing && permission === 'SELECT' && 'table' in resource && resource.table === 'orders'
      ? [resource.kind]
      : [],
  );
  expect(selects).toEqual(['data-cells-filter']);
  expect(await ran(stage, 'apply --trust-root HEAD')).toMatchObject({ code: 0 });
  expect([reads(stage), (await ran(stage, 'plan --trust-root HEAD --exit-code')).code]).toEqual([true, 0]);
});
