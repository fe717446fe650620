import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SubscriptionList } from '../../src/core/subscriptions.ts';
import { type ApplyScene, applyScene } from '../support/apply-scene.ts';

const campaigns = 'sales/orders/finance.campaigns';
const asking = `mesh/subscriptions/${campaigns}.yaml`;
const request = (more = ''): string =>
  `apiVersion: meshgate/v1\nkind: Subscription\npurpose: Campaigns\naccess:\n  - { tables: [orders], columns: { include: [id, email] }, permissions: read }\n${more}`;

let scene: ApplyScene;

beforeEach(async () => {
  scene = await applyScene();
});

afterEach(() => scene.end());

async function open(login: string, files: Readonly<Record<string, string | null>>): Promise<number> {
  const branch = `ask-${scene.hub.repo.issues.length + 1}`;
  scene.hub.as(login).commit(files, { branch });
  return scene.hub.as(login).open(branch);
}

async function listed(...more: readonly string[]): Promise<SubscriptionList> {
  const ran = await scene.look(['list', '--format', 'json', ...more]);
  expect(ran).toMatchObject({ code: 0, err: '' });
  return JSON.parse(ran.out);
}

async function standing(key = campaigns): Promise<string> {
  const { subscriptions } = await listed('--all');
  const row = subscriptions.find(({ subscription }) => subscription === key);
  return row === undefined ? 'nothing' : `${row.state}: ${row.why}`;
}

test('a request from its pull request to the lake, and who asked and who approved', {
  timeout: 120_000,
}, async () => {
  await scene.apply();
  const first = await open('fay', { [asking]: request() });
  await scene.hub.as('fay').close(first);
  expect(await standing()).toBe(`withdrawn: @fay closed #${first}, having opened it`);
  const number = await open('fay', { [asking]: request() });
  expect(await standing()).toBe(`requested: #${number} waits for @bob`);
  await scene.hub.as('bob').review(number, 'REQUEST_CHANGES', { body: 'Why email?' });
  expect(await standing()).toBe(`denied: @bob asked for changes in #${number}`);
  // Merged past the owner: only a review makes it more than a request.
  await scene.hub.as('ada').merge(number, 'squash');
  expect(await standing()).toBe(
    `requested: 2 of 6 facts are there; subscriptions/${campaigns}.yaml: #${number}: @bob asked for changes; settle it with @bob, who then approves #${number}`,
  );
  await scene.hub.as('bob').approve(number);
  await scene.apply();
  expect(await standing()).toMatch(/^granted: /);

  const why = await scene.look(['explain', 'finance', 'sales.orders.email']);
  expect(why).toMatchObject({ code: 0, err: '' });
  expect(why.out).toContain(`${campaigns}  granted  mesh/subscriptions/${campaigns}.yaml:5`);
  expect(why.out).toMatch(new RegExp(`#${number}, asked by @fay, approved by @bob \\(2026-11-22\\)`));
  const shown = JSON.parse((await scene.look(['show', campaigns, '--format', 'json'])).out);
  expect(shown).toMatchObject({
    kind: 'subscription',
    subscription: { state: 'granted', classes: ['pii'], owners: ['bob'] },
    // The lake's clock is not the hub's.
    history: expect.arrayContaining([
      expect.objectContaining({ what: `#${first} closed`, state: 'withdrawn' }),
      expect.objectContaining({
        what: 'added',
        pull: expect.objectContaining({
          pull: number,
          by: 'fay',
          approvals: [expect.objectContaining({ login: 'bob' })],
        }),
      }),
      expect.objectContaining({ state: 'granted' }),
    ]),
  });

  const widening = await open('fay', { [asking]: request('expires: 2999-01-01\n') });
  const [row] = (await listed('--principal', 'finance', '--pii')).subscriptions;
  expect(row).toMatchObject({ subscription: campaigns, state: 'granted', request: { pull: widening, does: 'change' } });
});

test('a GitHub that does not answer leaves requests unknown, and says so', { timeout: 60_000 }, async () => {
  await open('fay', { [asking]: request() });
  scene.hub.setFaults([{ kind: 'forbidden', operation: 'pulls/list' }]);
  const ran = await scene.look(['list', '--all']);
  expect(ran.code).toBe(5);
  expect(ran.out).toMatch(/Not known, pull requests and reviews: /);
  expect(ran.out).not.toContain('finance.campaigns');
});
