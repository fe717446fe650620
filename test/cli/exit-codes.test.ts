import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import type { SeedGrant } from '../../src/emulator/seed.ts';
import { type StageOptions, setStage } from '../support/stage.ts';
import { byHand } from '../support/town.ts';

interface Found {
  readonly name: string;
  readonly stage?: StageOptions;
  /** Takes all subscriptions away, so that a guard refuses the revokes. */
  readonly isEmptied?: boolean;
  readonly isProven?: boolean;
  readonly faults?: readonly Fault[];
  /** The exit codes of plan, plan --exit-code, drift and apply, in this order. */
  readonly codes: readonly [number, number, number, number];
}

const nothingByHand: StageOptions = { lake: { grants: [] } };
const grants: readonly SeedGrant[] = [byHand];

const gap: Fault = { kind: 'access-denied', operation: 'ListDataCellsFilter' };

const found: readonly Found[] = [
  { name: 'differences', isProven: true, codes: [0, 2, 2, 0] },
  { name: 'nothing but what waits for proof', stage: nothingByHand, codes: [0, 0, 2, 4] },
  { name: 'differences and what waits', codes: [0, 2, 2, 4] },
  { name: 'a refusal', isEmptied: true, isProven: true, codes: [3, 3, 3, 3] },
  { name: 'a refusal and what waits', isEmptied: true, codes: [3, 3, 3, 3] },
  { name: 'something not read', isProven: true, faults: [gap], codes: [5, 5, 5, 5] },
  { name: 'something not read, a refusal and what waits', isEmptied: true, faults: [gap], codes: [5, 5, 5, 5] },
];

async function codesOf({ stage: options = { lake: { grants } }, isEmptied = false, isProven = false, faults = [] }: Found): Promise<number[]> {
  const stage = await setStage(options);
  if (isEmptied) {
    await rm(join(stage.directory, 'mesh/subscriptions'), { recursive: true });
    await stage.git('commit', '--quiet', '--all', '--message', 'Everything ends');
  }
  stage.emulator.setFaults(faults);
  const proof = isProven ? ['--trust-root', 'HEAD'] : [];
  const codes: number[] = [];
  for (const args of [['plan'], ['plan', '--exit-code'], ['drift'], ['apply']]) {
    const ran = await stage.run([...args, ...proof]);
    expect(ran.err).toBe('');
    codes.push(ran.code ?? -1);
  }
  return codes;
}

describe.concurrent('exit codes', { timeout: 60_000 }, () => {
  test.each(found)('of plan, plan --exit-code, drift and apply with $name: $codes', async (one) => {
    expect(await codesOf(one)).toEqual(one.codes);
  });

  test('with nothing to do: 0, and twice the same', async () => {
    const stage = await setStage();
    const run = async (...args: string[]): Promise<number | null> => (await stage.run([...args, '--trust-root', 'HEAD'])).code;
    expect(await run('apply')).toBe(0);
    expect([await run('plan', '--exit-code'), await run('drift'), await run('apply')]).toEqual([0, 0, 0]);
  });

  test('a failure counts before what waits', async () => {
    const stage = await setStage({ lake: { grants: [byHand] } });
    stage.emulator.setFaults([{ kind: 'access-denied', operation: 'BatchRevokePermissions' }]);
    const ran = await stage.run(['apply']);
    expect(ran.out).toMatch(/Withheld: 37 changes waiting/);
    expect(ran.out).toMatch(/\nFailed\n {2}- revoke {2}DESCRIBE, SELECT on table sales\.orders with grant option for finance \(444455556666\)\n {4}BatchRevokePermissions answered AccessDeniedException: /);
    expect(ran.out).toMatch(/\nDone: 37 withheld, 4 failed\.\n$/);
    expect(ran.code).toBe(5);
  });
});
