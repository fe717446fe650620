import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import type { HandStep, Plan } from '../../src/core/plan.ts';
import { administrator, analysts, marketing, path, subscription, withMarketing } from '../support/consumer-town.ts';
import { runHere } from '../support/run-here.ts';
import { setStage } from '../support/stage.ts';
import { region } from '../support/town.ts';

test("an account's administrator does what the plan says by AWS's own command line", async () => {
  const stage = await setStage({ mesh: { [path]: subscription() }, seed: withMarketing({ sharing: false }) });
  const reads = (column: string): boolean =>
    stage.emulator.access({
      principal: analysts,
      region,
      database: 'town_orders',
      table: 'orders',
      columns: [column],
    }).allowed;
  expect((await runHere(stage, ['apply', '--trust-root', 'HEAD'])).code).toBe(0);
  expect(reads('region')).toBe(false);
  const planned = await runHere(stage, ['plan', '--trust-root', 'HEAD', '--format', 'json']);
  const { byHand } = JSON.parse(planned.out) as Plan;
  const steps = byHand.flatMap((one) => one.steps);
  expect(steps.length).toBeGreaterThan(3);
  const carryOut = async (commands: readonly HandStep[]): Promise<void> => {
    for (const { command } of commands)
      await promisify(execFile)('bash', ['--norc', '-eo', 'pipefail', '-c', command], {
        env: {
          PATH: `${inject('home')}/bin:${process.env['PATH']}`,
          HOME: inject('home'),
          AWS_ENDPOINT_URL: stage.emulator.url,
          AWS_EC2_METADATA_DISABLED: 'true',
          ...administrator,
        },
      });
  };
  await carryOut(steps);
  expect([reads('region'), reads('email')]).toEqual([true, false]);
  // The end of access, and what is to be taken back then.
  await stage.git('rm', '--quiet', `mesh/${path}`);
  await stage.git('commit', '--quiet', '--message', 'Enough');
  const ended = JSON.parse((await runHere(stage, ['plan', '--trust-root', 'HEAD', '--format', 'json'])).out) as Plan;
  const back = ended.byHand.flatMap((one) => one.steps);
  expect(back.every(({ takes }) => takes)).toBe(true);
  await carryOut(back);
  const left = stage.emulator.snapshot(marketing, region);
  expect(left.databases).toEqual([]);
  expect(JSON.stringify(left.atoms)).not.toContain(analysts);
}, 240_000);
