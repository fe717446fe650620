import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lakeOf, type Stage, setStage } from '../support/stage.ts';

const trusted = ['--trust-root', 'HEAD'];

/** A stage on which all is applied, and then marketing's account and all that names it are removed. */
async function bereft(): Promise<Stage> {
  const stage = await setStage();
  expect((await stage.run(['apply', ...trusted])).code).toBe(0);
  const files = (await stage.git('ls-files', 'mesh')).split('\n').filter((path) => path.includes('marketing'));
  expect(files.length).toBeGreaterThan(1);
  await stage.git('rm', '--quiet', ...files);
  await stage.git('commit', '--quiet', '--message', 'Marketing leaves');
  return stage;
}

function heldByMarketing(stage: Stage): number {
  const { grants } = lakeOf(stage) as { readonly grants: readonly string[] };
  return grants.filter((grant) => grant.includes('333344445555')).length;
}

test('who is removed from the files loses what the mesh gave', async () => {
  const stage = await bereft();
  expect(heldByMarketing(stage)).toBeGreaterThan(0);
  const { code, out } = await stage.run(['apply', ...trusted]);
  expect([code, heldByMarketing(stage)]).toEqual([0, 0]);
  expect(out).not.toContain('To know');
  const drift = await stage.run(['drift', ...trusted]);
  expect([drift.code, drift.out]).toEqual([0, expect.stringContaining('No drift')]);
});

test('outside git what is left belongs to strangers, and the plan says why', async () => {
  const stage = await bereft();
  await rm(join(stage.directory, '.git'), { recursive: true });
  const { code, out } = await stage.run(['plan']);
  expect(code).toBe(0);
  expect(out).toMatch(/^To know\n {2}NO_HISTORY there is no git history to read/m);
  expect(out).toContain(' for 333344445555\n    no mesh file declares this principal\n');
  expect(out).toContain('Plan: nothing to do');
});

test('what the repository lacks of its history is exit code 5, and stops nothing', async () => {
  const stage = await bereft();
  const blob = await stage.git('rev-parse', 'HEAD~1:mesh/accounts/marketing.yaml');
  await rm(join(stage.directory, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
  const { code, out } = await stage.run(['plan', ...trusted]);
  expect(code).toBe(5);
  expect(out).toContain('LOST_VERSION the repository lacks accounts/marketing.yaml as of commit');
  expect(out).not.toContain('Refused');
});

test('an additive product shows what full would revoke, and exits as if there were nothing', async () => {
  const stage = await bereft();
  const product = 'mesh/products/sales/orders.yaml';
  await stage.git('rm', '--quiet', '--cached', product);
  const text = await stage.git('show', `HEAD:${product}`);
  await stage.write(product, `${text}\nenforce: additive\n`);
  await stage.git('add', product);
  await stage.git('commit', '--quiet', '--message', 'Gently');
  const plan = await stage.run(['plan', '--exit-code', '--format', 'json', ...trusted]);
  const { changes, leftOut, picture: rows } = JSON.parse(plan.out);
  expect(plan.code).toBe(changes.length > 0 ? 2 : 0);
  expect(leftOut.length).toBeGreaterThan(0);
  expect(rows).toContainEqual(
    expect.objectContaining({ product: 'sales/orders', enforce: 'additive', leftOut: leftOut.length }),
  );
  const picture = await stage.run(['plan', '--picture', '--format', 'markdown', ...trusted]);
  expect(picture.out).toContain('| sales/orders | additive |');
  const before = heldByMarketing(stage);
  await stage.run(['apply', ...trusted]);
  expect(heldByMarketing(stage)).toBeGreaterThan(0);
  expect(heldByMarketing(stage)).toBeLessThanOrEqual(before);
  await stage.write(product, `${text}\n`);
  await stage.git('commit', '--quiet', '--all', '--message', 'In full');
  expect((await stage.run(['apply', ...trusted])).code).toBe(0);
  expect(heldByMarketing(stage)).toBe(0);
});

test('a mesh that replaces another of the same template revokes nothing of what that one gave', async () => {
  const stage = await setStage();
  expect((await stage.run(['apply', ...trusted])).code).toBe(0);
  const before = heldByMarketing(stage);
  expect(before).toBeGreaterThan(0);
  const text = await stage.git('show', 'HEAD:mesh/mesh.yaml');
  await stage.git('rm', '-r', '--quiet', 'mesh');
  await stage.write('mesh2/mesh.yaml', `${text}\n`);
  await stage.git('add', 'mesh2');
  await stage.git('commit', '--quiet', '--message', 'Another mesh');
  const { code, out } = await stage.run(['apply', '--mesh', 'mesh2', ...trusted]);
  expect([code, heldByMarketing(stage)]).toEqual([0, before]);
  expect(out).toMatch(/^To know\n {2}NEW_DIRECTORY mesh2\/mesh\.yaml appears with commit/m);
});

test('a file changed after the trust root puts no more at stake than it did there, and lets nobody stay longer', async () => {
  const stage = await setStage();
  const commit = async (changes: Readonly<Record<string, (text: string) => string>>): Promise<void> => {
    for (const [path, change] of Object.entries(changes))
      await stage.write(path, change(await stage.git('show', `HEAD:${path}`)));
    await stage.git('commit', '--quiet', '--all', '--message', 'Change');
  };
  const [orders, stores] = ['mesh/products/sales/orders.yaml', 'mesh/subscriptions/sales/stores/marketing.yaml'];
  expect((await stage.run(['apply', ...trusted])).code).toBe(0);
  await commit({
    [orders]: (text) => `${text.trimEnd()}\nenforce: additive\n`,
    [stores]: (text) => `${text.trimEnd()}\nexpires: 2026-01-31\n`,
  });
  const root = await stage.git('rev-parse', 'HEAD');
  await commit({
    [orders]: (text) => text.replace('additive', 'full'),
    [stores]: (text) => text.replace('2026-01-31', '2999-01-31'),
  });
  await stage.git('rm', '--quiet', 'mesh/subscriptions/sales/orders/finance.yaml');
  await stage.git('commit', '--quiet', '--message', 'Finance leaves');
  const plan = async (at: string) =>
    JSON.parse((await stage.run(['plan', '--format', 'json', '--trust-root', at])).out);
  const [bounded, whole] = [await plan(root), await plan('HEAD')];
  const reasons = (changes: readonly { readonly reason: string }[]) => [
    ...new Set(changes.map(({ reason }) => reason)),
  ];
  expect(reasons(bounded.changes)).toEqual(['expired']);
  expect(reasons(bounded.leftOut)).toEqual(['not desired']);
  expect(bounded.notes).toEqual([
    expect.objectContaining({ code: 'STAKE_NOT_PROVEN', message: expect.stringContaining('`additive` counts until') }),
  ]);
  expect(reasons(whole.changes)).toEqual(['not desired']);
  expect([whole.leftOut, whole.notes]).toEqual([[], []]);
});
