import { expect, test } from 'vitest';
import type { HandStep, Plan } from '../../src/core/plan.ts';
import { type ApplyScene, applyScene, soundRules } from '../support/apply-scene.ts';
import { path, subscription, withMarketing } from '../support/consumer-town.ts';
import { schemaFaults } from '../support/output-schemas.ts';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage } from '../support/stage.ts';
import { townMesh } from '../support/town.ts';

const trusted = ['--trust-root', 'HEAD'];

async function steps(stage: Stage): Promise<readonly HandStep[]> {
  const { out } = await runHere(stage, ['plan', ...trusted, '--format', 'json']);
  const plan = JSON.parse(out) as Plan;
  expect(schemaFaults('plan', plan)).toEqual([]);
  return plan.byHand.flatMap((one) => one.steps);
}

const taking = (all: readonly HandStep[]): readonly string[] => all.flatMap(({ what, takes }) => (takes ? [what] : []));

async function commit(stage: Stage): Promise<void> {
  await stage.git('add', '--all', 'mesh');
  await stage.git('commit', '--quiet', '--allow-empty', '--message', 'Another day');
}

const until = 'as long as the account holds it: after that Lake Formation refuses, and the grant gives nothing';
const all = [
  `revoke DESCRIBE on table sales.orders from arn:aws:iam::333344445555:role/analysts, ${until}`,
  `revoke SELECT on table sales.orders, columns: only id, region from arn:aws:iam::333344445555:role/analysts, ${until}`,
  'revoke DESCRIBE on database town_orders from arn:aws:iam::333344445555:role/analysts',
  'delete the resource link town_orders to sales of account 111122223333, which nobody needs any more',
];

test('the end of access tells what to take back where no run enters', { timeout: 120_000 }, async () => {
  const stage = await setStage({ mesh: { [path]: subscription() }, seed: withMarketing() });
  expect((await runHere(stage, ['apply', ...trusted])).code).toBe(0);
  expect(taking(await steps(stage))).toEqual([]);
  // What the newest commit makes less of in a file that stays.
  await stage.write(`mesh/${path}`, subscription().replace('[SELECT, DESCRIBE]', '[SELECT]'));
  await commit(stage);
  expect(taking(await steps(stage))).toEqual(all.slice(0, 1));
  await stage.write(`mesh/${path}`, subscription('expires: 2026-01-31\n'));
  await commit(stage);
  expect(taking(await steps(stage))).toEqual(all);
  const shown = await runHere(stage, ['show', 'sales/orders/marketing', ...trusted]);
  expect(shown.out).toContain(all[3]);
  const told = await runHere(stage, ['plan', ...trusted]);
  expect(told.out).toMatch(/revoke SELECT on table sales\.orders, columns.*\n +aws lakeformation revoke-permissions /);
  await stage.git('rm', '--quiet', `mesh/${path}`);
  await commit(stage);
  await commit(stage);
  // As long as the central catalog still holds a part of it.
  expect(taking(await steps(stage))).toEqual(all);
  expect((await runHere(stage, ['apply', ...trusted])).code).toBe(0);
  expect(taking(await steps(stage))).toEqual([]);
});

test('an account whose file goes with its subscriptions is told of, too', { timeout: 60_000 }, async () => {
  const file = 'accounts/marketing.yaml';
  const runsAs = 'runsAs: { observe: meshgate-observe, apply: meshgate-apply }\n';
  for (const more of ['', runsAs]) {
    const mesh = { [path]: subscription(), [file]: `${townMesh[file]}${more}` };
    const stage = await setStage({ mesh, seed: withMarketing() });
    expect((await runHere(stage, ['apply', ...trusted])).code).toBe(0);
    await stage.git('rm', '--quiet', `mesh/${file}`, 'mesh/subscriptions/sales/*/marketing*.yaml');
    await commit(stage);
    expect(taking(await steps(stage))).toEqual(all);
  }
});

test('where a product takes nothing away, nor do people', { timeout: 120_000 }, async () => {
  const mesh = {
    [path]: subscription(),
    'products/sales/orders.yaml':
      'apiVersion: meshgate/v1\nkind: DataProduct\nproducer: sales\ndatabase: sales\nenforce: additive\ntables: { orders: { columns: { id: null, region: null, email: pii } }, items: null }\n',
  };
  const stage = await setStage({ mesh, seed: withMarketing() });
  expect((await runHere(stage, ['apply', ...trusted])).code).toBe(0);
  await stage.git('rm', '--quiet', `mesh/${path}`);
  await commit(stage);
  expect(taking(await steps(stage))).toEqual([]);
});

test('a pull request that ends access is told what is left to take back', { timeout: 120_000 }, async () => {
  const scene: ApplyScene = await applyScene();
  try {
    const merged = async (files: Readonly<Record<string, string | null>>): Promise<string> => {
      const branch = `ask-${scene.hub.repo.issues.length + 1}`;
      scene.hub.as('fay').commit(files, { branch });
      const number = await scene.hub.as('fay').open(branch);
      scene.hub.setRules([]);
      await scene.hub.as('ada').merge(number, 'squash');
      scene.hub.setRules(soundRules);
      expect(await scene.apply()).toMatchObject({ code: 0, err: '' });
      const own = (await scene.comments(number)).filter(({ by }) => by === 'github-actions[bot]');
      return own.map(({ body }) => body).join('\n');
    };
    scene.hub.setRules(soundRules);
    const file = 'mesh/subscriptions/sales/stores/finance.shops.yaml';
    const text =
      'apiVersion: meshgate/v1\nkind: Subscription\npurpose: Shops\naccess:\n  - { tables: [visits], permissions: read }\nimport: { database: shops }\n';
    const given = await merged({ [file]: text });
    expect(given).toContain('make the resource link shops to stores of account 111122223333');
    expect(given).not.toContain('delete the resource link');
    const taken = await merged({ [file]: null });
    expect(taken).toContain('delete the resource link shops to stores of account 111122223333');
    expect(taken).not.toContain('make the resource link');
  } finally {
    await scene.end();
  }
});
