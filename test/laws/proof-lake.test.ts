import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectLake } from '../../src/aws/lake.ts';
import { carryOut } from '../../src/carry-out.ts';
import { readingOf } from '../../src/cli/record.ts';
import { declare } from '../../src/declare/declare.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { plan, type Run } from '../../src/reconcile.ts';
import { sequences } from '../support/drawn-events.ts';
import { meshFrom } from '../support/problem-cases.ts';
import { type Checker, checkerOf } from '../support/proof-checker.ts';
import { happen, startOf } from '../support/scenarios.ts';
import { central, keysOf, region, townLake, townSeed } from '../support/town.ts';
import { TownHub } from '../support/town-hub.ts';

const runs = Math.ceil(Number(process.env['MESHGATE_LAW_RUNS'] ?? 60) / 10);

const cards = { columns: { id: 'bigint', number: 'string' } };
const seed = townSeed({
  databases: {
    ...townLake.databases,
    sales: { ...townLake.databases?.['sales'], tables: { ...townLake.databases?.['sales']?.tables, cards } },
  },
  grants: [],
});

const sending = {
  lanes: 2,
  tries: 3,
  pause: async () => undefined,
  waits: [],
  wait: async () => undefined,
  signal: new AbortController().signal,
  onAnswer: () => undefined,
};

/** The consumers by their account. */
const consumers: Readonly<Record<string, string>> = { '333344445555': 'marketing', '444455556666': 'finance' };

/** Whether a proven subscription of the principal's account asks for the table, or for anything. */
function isGiven(checker: Checker, hub: TownHub, principal: string, table: string | undefined): boolean {
  const consumer = consumers[principal] ?? '';
  return [...hub.files()].some(([path, content]) => {
    const [folder, domain, product, file = ''] = path.split('/');
    if (folder !== 'subscriptions' || file.split('.')[0] !== consumer || typeof content !== 'string') return false;
    const stands = [path, 'mesh.yaml', 'accounts/sales.yaml', `accounts/${consumer}.yaml`];
    if (![...stands, `products/${domain}/${product}.yaml`].every((one) => checker.isProven(one))) return false;
    return table === undefined || content.includes(`"${table}"`);
  });
}

test('nothing is granted that a second opinion does not find proven', { timeout: runs * 20_000 }, async () => {
  let given = 0;
  await fc.assert(
    fc.asyncProperty(sequences, async (events) => {
      const hub = new TownHub(startOf({}), true);
      const emulator = await startEmulator({ seed });
      try {
        Object.assign(process.env, { AWS_ENDPOINT_URL: emulator.url, ...keysOf.admin });
        const retry = { retries: 3, minimum: 1, maximum: 3 };
        const lake = await connectLake({ account: central, region, retry, timeout: 5000 });
        let seen = emulator.journal().length;
        for (const [at, event] of events.entries()) {
          await happen(hub, event);
          // Several merges may lie between two runs.
          if (event.merge === undefined && event.direct === undefined && at < events.length - 1) continue;
          if (at % 3 !== 0 && at < events.length - 1) continue;
          const texts = [...hub.files()].flatMap(([path, text]) =>
            typeof text === 'string' ? [[path, text] as const] : [],
          );
          const declared = declare(meshFrom(texts));
          if (!declared.ok) continue;
          const { forge, history, blob } = hub.told();
          const read = async (path: string, id: string) => readingOf(path, Buffer.from(blob(id)));
          const run: Run = {
            declaration: declared.declaration,
            approvals: [],
            record: { root: 0, forge, history, read },
            commit: null,
            now: new Date('2026-11-22T12:00:00Z'),
          };
          await carryOut(await plan(run, lake), lake, sending);
          const checker = checkerOf(hub.dump());
          for (const { changes } of emulator.journal().slice(seen))
            for (const change of changes) {
              if (change.verb !== 'grant') continue;
              given += 1;
              const { principal, resource } = change.what;
              expect(isGiven(checker, hub, principal, resource.table), JSON.stringify(change)).toBe(true);
            }
          seen = emulator.journal().length;
        }
      } finally {
        await emulator.close();
      }
    }),
    { numRuns: runs },
  );
  expect(given).toBeGreaterThan(0);
});
