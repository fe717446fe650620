import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Hub, startHub } from '../hub/hub.ts';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage, writesOf } from '../support/stage.ts';
import { townMesh } from '../support/town.ts';

let hub: Hub;
let stage: Stage;
let root = '';

/** A subscription that touches pii. */
const withPii = `apiVersion: meshgate/v1
kind: Subscription
purpose: A town needs to know.
access:
  - { tables: [orders], permissions: [SELECT], columns: { include: [email] } }
`;
const path = 'subscriptions/sales/orders/finance.yaml';

beforeEach(async () => {
  const files = Object.fromEntries(Object.entries(townMesh).map(([name, text]) => [`mesh/${name}`, text]));
  hub = await startHub({ files });
  for (const [login, id] of Object.entries({ ada: 1, bob: 2, eve: 3, fay: 4, mallory: 9 }))
    hub.join(login, 'write', { id });
  root = hub.tip();
  stage = await setStage({ isInGit: false, lake: { grants: [] } });
});

afterEach(() => hub.close());

/** Runs a command in a fresh clone, as a job of GitHub Actions does. */
async function run(command: readonly string[], more: Readonly<Record<string, string>> = {}, depth?: number) {
  await rm(join(stage.directory, 'mesh'), { recursive: true, force: true });
  const clone = join(stage.directory, `clone-${Math.random()}`);
  hub.clone(clone, depth === undefined ? {} : { depth });
  const token = hub.workflowToken({ contents: 'read', pull_requests: 'read' });
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: hub.url,
    GITHUB_REPOSITORY: hub.repository,
    GITHUB_TOKEN: token,
    MESHGATE_TRUST_ROOT: root,
    MESHGATE_GITHUB_PACE: '5',
    ...more,
  };
  return runHere({ ...stage, directory: clone }, command, env);
}

/** Brings a change to main by a pull request of somebody. */
async function bring(by: string, files: Readonly<Record<string, string | null>>): Promise<number> {
  hub.as(by).commit(Object.fromEntries(Object.entries(files).map(([name, text]) => [`mesh/${name}`, text])), {
    branch: `${by}-${hub.repo.issues.length}`,
  });
  return hub.as(by).open(`${by}-${hub.repo.issues.length}`);
}

test('a request is granted when the owner has approved it, after the merge as well', async () => {
  expect((await run(['apply'])).code).toBe(0);
  const number = await bring('fay', { [path]: withPii });
  await hub.as('fay').merge(number);
  const waiting = await run(['apply']);
  expect(waiting.out).toContain('#1: it touches pii and has 0 of 1 approvals by owners of sales/orders');
  expect(waiting.code).toBe(4);
  await hub.as('bob').approve(number);
  const calls = hub.journal.length;
  expect((await run(['apply'])).code).toBe(0);
  // The repository, the pulls of two commits, the reviews, what happened to it, the files of the head, and who pushed it.
  expect(hub.journal.length - calls).toBeLessThanOrEqual(7);
  expect(writesOf(stage).at(-1)).toBeDefined();
});

test('what GitHub cannot be asked is not yet checked', async () => {
  const number = await bring('fay', { [path]: withPii });
  await hub.as('bob').approve(number);
  await hub.as('fay').merge(number);
  for (const more of [
    { GITHUB_TOKEN: 'nobodys' },
    { GITHUB_API_URL: 'http://127.0.0.1:9' },
    { GITHUB_TOKEN: hub.workflowToken({ contents: 'read' }) },
  ]) {
    const { out, code } = await run(['apply'], more);
    expect(out).toContain('not yet checked: ');
    expect(code).toBe(4);
  }
  const { out } = await run(['plan', '--request-budget', '2']);
  expect(out).toContain('the budget of 2 requests to GitHub is used up');
  expect((await run(['apply'])).code).toBe(0);
});

test('a clone that is shallow proves nothing', async () => {
  const number = await bring('fay', { [path]: withPii });
  await hub.as('bob').approve(number);
  await hub.as('fay').merge(number);
  const { out } = await run(['plan'], { MESHGATE_TRUST_ROOT: '' }, 1);
  expect(out).toContain('the clone is shallow');
  expect(out).toContain('fetch-depth: 0');
});

test('an expiry that nobody approved extends nothing', async () => {
  const dated = (day: string): string => townMesh[path]?.replace('access:', `expires: ${day}\naccess:`) ?? '';
  hub.as('ada').commit({ [`mesh/${path}`]: dated('2026-12-01') }, { branch: 'main' });
  root = hub.tip();
  expect((await run(['apply'])).code).toBe(0);
  hub.as('fay').commit({ [`mesh/${path}`]: dated('2027-12-01') }, { branch: 'main' });
  const revokes = async (day: string, more = {}): Promise<number> => {
    const { out } = await run(['plan', '--format', 'json', '--as-of', day], more);
    return (JSON.parse(out) as { summary: { revoke: number } }).summary.revoke;
  };
  expect(await revokes('2026-12-01')).toBe(0);
  expect(await revokes('2026-12-02')).toBeGreaterThan(0);
  // What cannot be checked ends nothing.
  expect(await revokes('2026-12-02', { GITHUB_TOKEN: 'nobodys' })).toBe(0);
  hub.as('fay').commit({ [`mesh/${path}`]: dated('2028-12-01') }, { branch: 'again' });
  const number = await hub.as('fay').open('again');
  await hub.as('fay').merge(number);
  expect(await revokes('2026-12-02')).toBe(0);
});

test('a grant made by hand that is as an unproven file asks is neither given nor taken', async () => {
  expect((await run(['apply'])).code).toBe(0);
  hub.as('mallory').commit({ [`mesh/${path}`]: withPii }, { branch: 'main' });
  const before = writesOf(stage).length;
  const waiting = await run(['apply']);
  expect(waiting.out).toContain('no pull request that was merged into the default branch brought it');
  // What the file no longer asks goes without proof.
  expect(
    writesOf(stage)
      .slice(before)
      .every(({ operation }) => operation.includes('Revoke')),
  ).toBe(true);
});

test('a narrowing that is stopped half-way needs no proof to go on', async () => {
  expect((await run(['apply'])).code).toBe(0);
  const narrower =
    townMesh['subscriptions/sales/orders/marketing.yaml']
      ?.split('\n')
      .filter((line) => !line.includes('[items]'))
      .join('\n') ?? '';
  hub.as('mallory').commit({ 'mesh/subscriptions/sales/orders/marketing.yaml': narrower }, { branch: 'main' });
  stage.emulator.setFaults([{ kind: 'access-denied', operation: 'BatchRevokePermissions' }]);
  expect((await run(['apply'])).code).toBe(5);
  stage.emulator.setFaults([]);
  const { code } = await run(['apply']);
  expect(code).toBe(0);
  expect((await run(['plan', '--exit-code'])).code).toBe(0);
});
