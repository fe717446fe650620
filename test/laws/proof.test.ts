import fc from 'fast-check';
import { expect, test } from 'vitest';
import { people, sequences, tables } from '../support/drawn-events.ts';
import { checkerOf, idsIn } from '../support/proof-checker.ts';
import { type Event, playWithoutGit, startOf } from '../support/scenarios.ts';
import { TownHub } from '../support/town-hub.ts';

const runs = Number(process.env['MESHGATE_LAW_RUNS'] ?? 100);

/** Plays events in memory; what conflicts is not merged. */
async function playing(events: readonly Event[]) {
  const hub = new TownHub(startOf({}), true);
  const found = await playWithoutGit({ title: 'drawn', events }, hub);
  return { ...found, checker: checkerOf(hub.dump()) };
}

test('what is proven is proven by a second opinion, and what is not is not', { timeout: runs * 1000 }, async () => {
  const counts = { proven: 0, unproven: 0 };
  await fc.assert(
    fc.asyncProperty(sequences, async (events) => {
      const { proofs, checker } = await playing(events);
      for (const [path, proof] of proofs) {
        const isProven = proof.startsWith('proven: ');
        if (!proof.includes('trust root')) counts[isProven ? 'proven' : 'unproven'] += 1;
        expect({ path, isProven }, proof).toEqual({ path, isProven: checker.isProven(path) });
      }
    }),
    { numRuns: runs },
  );
  // Neither side may be a matter of course.
  expect(counts.proven).toBeGreaterThan(runs / 10);
  expect(counts.unproven).toBeGreaterThan(runs / 10);
});

test('an honest request that all approved whose word counts is never withheld', { timeout: runs * 1000 }, async () => {
  let granted = 0;
  await fc.assert(
    fc.asyncProperty(
      sequences,
      tables,
      fc.constantFrom('merge' as const, 'squash' as const, 'rebase' as const),
      async (events, some, how) => {
        const { checker } = await playing(events);
        const product = checker.standing('products/sales/orders.yaml');
        const account = checker.standing('accounts/marketing.yaml');
        const [asker] = nameOf(idsIn(account, 'owners'));
        const owners = nameOf(idsIn(product, 'owners')).filter((one) => one !== asker);
        if (asker === undefined || product === undefined) return;
        const path = 'subscriptions/sales/orders/marketing.honest.yaml';
        const honest: readonly Event[] = [
          {
            open: {
              name: 'honest',
              by: asker,
              edits: { [path]: { access: [{ tables: some, permissions: ['SELECT'] }] } },
            },
          },
          ...owners.map((by) => ({ review: { of: 'honest', by } })),
          { merge: { of: 'honest', how } },
        ];
        const { proofs, checker: after } = await playing([...events, ...honest]);
        if (after.isProven(path)) granted += 1;
        const proof = proofs.get(path) ?? '';
        // Too few owners are all that may stand in the way.
        const isShort = /has \d of \d approvals/.test(proof);
        expect(proof.startsWith('proven: ') || isShort, proof).toBe(true);
      },
    ),
    { numRuns: runs },
  );
  expect(granted).toBeGreaterThan(runs / 3);
});

function nameOf(ids: readonly number[]): readonly string[] {
  return Object.keys(people).filter((name) => ids.includes(people[name] ?? 0));
}
