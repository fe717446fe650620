import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import { administrator, analysts, path, subscription, withMarketing } from '../support/consumer-town.ts';
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
  for (const { command } of steps)
    await promisify(execFile)('bash', ['--norc', '-eo', 'pipefail', '-c', command], {
      env: {
        PATH: `${inject('home')}/bin:${process.env['PATH']}`,
        HOME: inject('home'),
        AWS_ENDPOINT_URL: stage.emulator.url,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...administrator,
      },
    });
  expect([reads('region'), reads('email')]).toEqual([true, false]);
});
