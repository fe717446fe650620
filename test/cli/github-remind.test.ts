import { afterAll, describe, expect, test } from 'vitest';
import { type RequestTown, requestTown } from '../support/request-town.ts';

const towns: RequestTown[] = [];
afterAll(async () => {
  for (const { hub } of towns.splice(0)) await hub.close();
});
const here = { owner: 'acme', repo: 'mesh' };

/** A day so many days from now. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
}

function subscription(tables: string, more: string): string {
  return `apiVersion: meshgate/v1\nkind: Subscription\npurpose: A town needs to know.\naccess:\n  - { tables: [${tables}], permissions: read }\n${more}`;
}

/** A town whose hub's clock is so many days behind, so that what is asked there waits since then. */
async function town(mesh: Readonly<Record<string, string>> = {}, days = 0) {
  const made = await requestTown(mesh);
  towns.push(made);
  made.hub.wait(Date.now() - days * 24 * 3600 * 1000 - made.hub.world.clock.now);
  const remind = () =>
    made.run(['github', 'remind'], {
      GITHUB_TOKEN: made.hub.workflowToken({ contents: 'read', issues: 'write', pull_requests: 'write' }),
      MESHGATE_GITHUB_PACE: '10',
    });
  const { rest } = made.hub.as('ada').octokit;
  const issues = async () =>
    (await rest.issues.listForRepo({ ...here, state: 'all' })).data.filter((one) => one.pull_request === undefined);
  const comments = async (issue_number: number) =>
    (await rest.issues.listComments({ ...here, issue_number })).data.map(({ body }) => body ?? '');
  return { ...made, remind, issues, comments };
}

const path = 'mesh/subscriptions/sales/orders/finance.all.yaml';

describe('github remind', { timeout: 60_000 }, () => {
  test('what ends soon is told to consumer and producer in one issue, which closes when nothing does', async () => {
    const at = await town({
      'subscriptions/sales/stores/finance.yaml': subscription('shops', `expires: ${inDays(10)}\n`),
      'subscriptions/sales/stores/marketing.yaml': subscription('shops', `expires: ${inDays(40)}\n`),
      'subscriptions/sales/orders/finance.yaml': subscription('items', `expires: ${inDays(-1)}\n`),
    });
    expect(await at.remind()).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^1 expiring; issue: #1 opened$/m),
    });
    const [issue] = await at.issues();
    expect(issue?.body).toContain(
      `| ${inDays(10)} | sales/stores/finance | mesh/subscriptions/sales/stores/finance.yaml | @fay | @bob |`,
    );
    expect((await at.remind()).out).toMatch(/^1 expiring; issue: #1 unchanged$/m);
    at.hub
      .as('ada')
      .commit(
        { 'mesh/subscriptions/sales/stores/finance.yaml': subscription('shops', `expires: ${inDays(400)}\n`) },
        { branch: 'main' },
      );
    await at.git('pull', '--quiet');
    expect((await at.remind()).out).toMatch(/^0 expiring; issue: #1 closed$/m);
    expect(await at.comments(1)).toEqual(['No access ends soon.']);
  });

  test('what waits is listed by who is waited for; an owner who asks for changes is named, until the change is approved', async () => {
    const at = await town({}, 9.5);
    at.hub.join('fay', 'write', { id: 4 });
    at.hub.as('eve').commit({ [path]: subscription('orders', '') }, { branch: 'ask' });
    const number = await at.hub.as('eve').open('ask', { title: 'Orders for finance' });
    at.hub.as('eve').commit({ 'README.md': 'Hello\n' }, { branch: 'other' });
    await at.hub.as('eve').open('other');
    await at.hub.as('fay').review(number, 'REQUEST_CHANGES', { body: 'No.' });
    expect(await at.remind()).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^1 waiting; issue: #3 opened$/m),
    });
    const [issue] = await at.issues();
    expect(issue?.body).toContain(`- @fay @bob\n  - #${number} Orders for finance, for 9 days`);
    expect(await at.comments(number)).toEqual([
      expect.stringContaining('Denied as it stands: @fay, whose approval is needed, asked for changes.'),
    ]);
    await at.hub.as('fay').approve(number);
    await at.remind();
    expect(await at.comments(number)).toEqual([expect.stringContaining('asks for changes any more')]);
  });

  test('a closed request says who closed it: a denial, or the asker’s own word', async () => {
    const at = await town();
    for (const branch of ['one', 'two']) {
      at.hub.as('eve').commit({ [path]: subscription('orders', `notes: [${branch}]\n`) }, { branch });
      await at.hub.as('eve').open(branch);
    }
    await at.hub.as('bob').close(1);
    await at.hub.as('eve').close(2);
    expect(await at.remind()).toMatchObject({ code: 0, err: '' });
    await at.remind();
    expect(await at.comments(1)).toEqual([expect.stringContaining('Denied by @bob, who closed it')]);
    expect(await at.comments(2)).toEqual([expect.stringContaining('Withdrawn by @eve')]);
  });
});
