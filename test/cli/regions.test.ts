import { expect, test } from 'vitest';
import type { Seed } from '../../src/emulator/seed.ts';
import { analysts, marketing, path, subscription, withMarketing } from '../support/consumer-town.ts';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage } from '../support/stage.ts';
import { central, region, townMesh } from '../support/town.ts';

const north = 'eu-north-1';
const there = (database = 'town_orders'): string =>
  subscription().replace('database: town_orders', `database: ${database}\n  region: ${north}`);
const mesh = {
  'mesh.yaml': `${townMesh['mesh.yaml']}runsAs: { observe: meshgate-observe, apply: meshgate-apply }\n`,
  'accounts/marketing.yaml': `${townMesh['accounts/marketing.yaml']}regions: [${north}]\n`,
  [path]: there(),
};
const seed = withMarketing({ regions: [region, north] });
const trusting = ['--trust-root', 'HEAD'];

function reads({ emulator }: Stage, column: string, where = north): boolean {
  const question = { principal: analysts, database: 'town_orders', table: 'orders', columns: [column] };
  return emulator.access({ ...question, region: where }).allowed;
}

async function commit(stage: Stage, text: string): Promise<void> {
  await stage.write(`mesh/${path}`, text);
  await stage.git('add', 'mesh');
  await stage.git('commit', '--quiet', '--message', 'Another day');
}

const linksIn = ({ emulator }: Stage, where: string): string =>
  JSON.stringify(emulator.snapshot(marketing, where)).match(/town_orders/)?.[0] ?? 'none';

test('an analyst reads in another region, where the link is, until it moves', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed });
  const planned = await runHere(stage, ['plan', ...trusting]);
  expect(planned.out).toContain(`on resource link town_orders, in account ${marketing} (${north})`);
  expect(planned.out).toContain('and in 1 account of consumers');
  expect(await runHere(stage, ['apply', ...trusting])).toMatchObject({ code: 0, err: '' });
  expect([reads(stage, 'region'), reads(stage, 'email'), reads(stage, 'region', region)]).toEqual([true, false, false]);
  expect((await runHere(stage, ['plan', ...trusting, '--exit-code'])).code).toBe(0);
  const listed = await runHere(stage, ['list', ...trusting, '--format', 'csv']);
  expect(listed.out).toMatch(/^sales\/orders\/marketing,active,/m);
  await commit(stage, subscription());
  expect((await runHere(stage, ['apply', ...trusting])).code).toBe(0);
  expect([reads(stage, 'region'), reads(stage, 'region', region)]).toEqual([false, true]);
  expect([linksIn(stage, north), linksIn(stage, region)]).toEqual(['none', 'town_orders']);
});

test('a region in which the role administers nothing holds back what is done there alone', {
  timeout: 60_000,
}, async () => {
  const stage = await setStage({ mesh, seed: withMarketing() });
  const ran = await runHere(stage, ['apply', ...trusting]);
  expect(ran.code).toBe(5);
  expect(ran.out).toContain(`${marketing}/${north}`);
  const local = JSON.stringify(stage.emulator.snapshot(marketing, region).atoms);
  expect(local).toContain(analysts);
});

test("a link to the catalog of another region is somebody else's", { timeout: 60_000 }, async () => {
  const target = { catalogId: central, database: 'sales' };
  const theirs = (usual: Seed): Seed => {
    const known = seed(usual);
    const own = known.accounts[marketing];
    const lake = { ...own?.regions?.[north], databases: { town_orders: { target } } };
    return {
      ...known,
      accounts: { ...known.accounts, [marketing]: { ...own, regions: { ...own?.regions, [north]: lake } } },
    };
  };
  const stage = await setStage({ mesh, seed: theirs });
  const ran = await runHere(stage, ['apply', ...trusting]);
  expect(ran.out).toContain('a database or a resource link of somebody else has this name already');
  expect(linksIn(stage, north)).toBe('town_orders');
});
