import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { type StageOptions, setStage } from '../support/stage.ts';

interface Found {
  readonly name: string;
  readonly stage?: StageOptions;
  /** Takes all subscriptions away, so that a guard refuses the revokes. */
  readonly isEmptied?: boolean;
  readonly isProven?: boolean;
  readonly faults?: readonly Fault[];
  /** Commands with their exit codes, run in this order. */
  readonly codes: Readonly<Record<string, number>>;
}

const nothingByHand: StageOptions = { lake: { grants: [] } };
const gap: Fault = { kind: 'access-denied', operation: 'ListDataCellsFilter' };

const found: readonly Found[] = [
  { name: 'differences', isProven: true, codes: { plan: 0, 'plan --exit-code': 2, drift: 2, apply: 0 } },
  {
    name: 'nothing but what waits for proof',
    stage: nothingByHand,
    codes: { 'plan --exit-code': 0, drift: 2, apply: 4 },
  },
  { name: 'differences and what waits', codes: { 'plan --exit-code': 2, apply: 4 } },
  { name: 'a refusal', isEmptied: true, isProven: true, codes: { plan: 3 } },
  { name: 'a refusal and what waits', isEmptied: true, codes: { 'plan --exit-code': 3, drift: 3, apply: 3 } },
  { name: 'something not read', isProven: true, faults: [gap], codes: { 'plan --exit-code': 5, drift: 5 } },
  { name: 'something not read, a refusal and what waits', isEmptied: true, faults: [gap], codes: { apply: 5 } },
];

async function codesOf(one: Found): Promise<Readonly<Record<string, number | null>>> {
  const { stage: options = {}, isEmptied = false, isProven = false, faults = [] } = one;
  const stage = await setStage(options);
  if (isEmptied) {
    await rm(join(stage.directory, 'mesh/subscriptions'), { recursive: true });
    await stage.git('commit', '--quiet', '--all', '--message', 'Everything ends');
  }
  stage.emulator.setFaults(faults);
  const proof = isProven ? ['--trust-root', 'HEAD'] : [];
  const codes: Record<string, number | null> = {};
  for (const typed of Object.keys(one.codes)) {
    const ran = await stage.run([...typed.split(' '), ...proof]);
    expect(ran.err).toBe('');
    codes[typed] = ran.code;
  }
  return codes;
}

describe.concurrent('exit codes', { timeout: 60_000 }, () => {
  test.each(found)('with $name: $codes', async (one) => {
    expect(await codesOf(one)).toEqual(one.codes);
  });

  test('with nothing to do: 0, and twice the same', async () => {
    const stage = await setStage();
    const run = async (...args: string[]): Promise<number | null> =>
      (await stage.run([...args, '--trust-root', 'HEAD'])).code;
    expect(await run('apply')).toBe(0);
    expect([await run('drift'), await run('apply')]).toEqual([0, 0]);
  });

  test('a failure counts before what waits', async () => {
    const stage = await setStage();
    stage.emulator.setFaults([{ kind: 'access-denied', operation: 'BatchRevokePermissions' }]);
    const ran = await stage.run(['apply']);
    expect(ran.out).toMatch(/Withheld: 37 changes waiting/);
    expect(ran.out).toMatch(
      /\nFailed\n {2}- revoke {2}DESCRIBE, SELECT on table sales\.orders with grant option for finance \(444455556666\)\n {4}BatchRevokePermissions answered AccessDeniedException: /,
    );
    expect(ran.out).toMatch(/\nDone: 37 withheld, 4 failed\.\n$/);
    expect(ran.code).toBe(5);
  });
});
