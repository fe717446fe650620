import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Seed } from '../../src/emulator/seed.ts';
import { analysts, marketing, path, subscription, withMarketing } from '../support/consumer-town.ts';
import { runHere } from '../support/run-here.ts';
import { lakeOf, type Stage, setStage, writesOf } from '../support/stage.ts';
import { central, keysOf, region, townMesh } from '../support/town.ts';

const finance = '444455556666';
const role = (name: string): string => `arn:aws:iam::${finance}:role/${name}`;
const mesh = {
  'mesh.yaml': `${townMesh['mesh.yaml']}runsAs: { observe: meshgate-observe, apply: meshgate-apply }\n`,
  'accounts/finance.yaml': `${townMesh['accounts/finance.yaml']}principals: { clerks: "${role('clerks')}" }\n`,
  [path]: subscription(),
  'subscriptions/sales/stores/finance.yaml': `apiVersion: meshgate/v1
kind: Subscription
purpose: A town needs to know.
access:
  - { tables: [shops], permissions: read }
import:
  database: town_stores
  grants: [{ principals: [clerks], permissions: [SELECT, DESCRIBE] }]
`,
};

/** The town with two consumers that runs enter. */
function withBoth(usual: Seed): Seed {
  const seed = withMarketing()(usual);
  const account = seed.accounts[marketing];
  const text = JSON.stringify(account).replaceAll(marketing, finance).replaceAll('analysts', 'clerks');
  const keyless = text.replaceAll(/"(?:accessKeyId|secretAccessKey)":"[^"]*",?/g, '').replaceAll(',}', '}');
  return { ...seed, accounts: { ...seed.accounts, [finance]: JSON.parse(keyless) } };
}

const key = { MESHGATE_CACHE_KEY: 'a-key-of-the-test'.repeat(2) };
const rooted = ['--trust-root', 'HEAD'];

async function ran(stage: Stage, line: string, env = {}) {
  return runHere(stage, line.split(' '), { ...key, ...env });
}

async function good(stage: Stage, line: string): Promise<string> {
  const { code, out, err } = await ran(stage, line);
  expect({ line, code, err }).toEqual({ line, code: 0, err: line.includes('part') ? err : '' });
  return out;
}

/** Reads in three parts and merges them. */
async function planned(stage: Stage): Promise<void> {
  for (const share of [1, 2, 3]) await good(stage, `plan --accounts ${share}/3 --out parts/${share}`);
  await good(stage, 'plan --merge parts --out whole --trust-root HEAD');
}

/** Carries out a plan by turns and parts, as the workflow does. */
async function applied(stage: Stage, file = 'whole'): Promise<void> {
  for (const turn of [1, 2, 3])
    for (const accounts of turn === 2 ? [central] : ['marketing', finance])
      await good(stage, `apply --plan ${file} --accounts ${accounts} --turn ${turn}`);
}

test('the plan of parts is the plan of one process, byte for byte', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withBoth });
  for (const share of [3, 1, 2]) await good(stage, `plan --accounts ${share}/3 --out parts/${share}`);
  const day = '--format json --as-of 2026-11-22 --trust-root HEAD';
  const merged = await good(stage, `plan --merge parts/2 parts/3 parts/1 ${day}`);
  expect(merged).toBe(await good(stage, `plan ${day}`));
  expect(JSON.parse(merged).changes.length).toBeGreaterThan(10);
});
