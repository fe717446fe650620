import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { dayAfter, dayOf } from '../../src/core/day.ts';
import { type RequestTown, requestTown } from '../support/request-town.ts';
import { townMesh } from '../support/town.ts';

const towns: RequestTown[] = [];
async function town(mesh: Readonly<Record<string, string>> = {}): Promise<RequestTown> {
  const made = await requestTown(mesh);
  towns.push(made);
  return made;
}
// Closing throws where something was asked of GitHub, or answered, off its description.
afterAll(async () => {
  for (const { hub } of towns.splice(0)) await hub.close();
});

let quiet: Promise<RequestTown> | undefined;
/** One town for all that writes nothing. */
function quietTown(): Promise<RequestTown> {
  quiet ??= town();
  return quiet;
}

const pulls = ({ hub }: RequestTown) =>
  hub.as('ada').octokit.rest.pulls.list({ owner: 'acme', repo: 'mesh', state: 'all' });
const asked = [
  'request',
  '--product',
  'sales/stores',
  '--as',
  'marketing',
  '--name',
  'visits',
  '--principal',
  'analysts',
  '--table',
  'visits',
  '--expires',
  '2999-12-31',
  '--purpose',
  'Plan *campaigns* for @everyone <b>',
];
const file = 'mesh/subscriptions/sales/stores/marketing.visits.yaml';
const branch = 'request/sales-stores-marketing-visits';
const text = `apiVersion: meshgate/v1
kind: Subscription
purpose: Plan *campaigns* for @everyone <b>
principals: [analysts]
access:
  - tables: [visits]
    permissions: read
expires: 2999-12-31`;

describe('request', { timeout: 60_000 }, () => {
  test('opens a pull request with one file, and touches neither working tree, index nor branch', async () => {
    const at = await town();
    await at.git('switch', '--quiet', '--create', 'mine');
    await at.write('mesh/products/sales/stores.yaml', 'what I am at\n');
    await at.write('new.txt', 'mine\n');
    await at.git('add', 'new.txt');
    const before = [
      await at.git('status', '--porcelain'),
      await at.git('rev-parse', 'HEAD'),
      await at.git('branch', '--list'),
    ];
    const ran = await at.run(asked);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('+ grant DESCRIBE, SELECT on table stores.visits for marketing/analysts\n');
    expect(ran.out).toContain('an owner of the account marketing (@eve); whoever opens the pull request counts\n');
    const { data } = await pulls(at);
    expect(data).toMatchObject([
      {
        title: 'marketing (visits) gets sales/stores until 2999-12-31',
        user: { login: 'eve' },
        head: { ref: branch },
        base: { ref: 'main' },
        labels: [],
      },
    ]);
    expect(ran.out).toContain(`Opened ${data[0]?.html_url}\n`);
    expect(data[0]?.body).toContain('> Plan \\*campaigns\\* for @\u200deveryone &lt;b&gt;\n');
    expect(await at.fileOn(branch, file)).toBe(text);
    const changed = await at.git('diff', '--name-only', 'origin/main', `origin/${branch}`);
    expect(changed).toBe(file);
    expect([
      await at.git('status', '--porcelain'),
      await at.git('rev-parse', 'HEAD'),
      await at.git('branch', '--list'),
    ]).toEqual(before);
  });

  test('goes on where a run was killed: after the push, or when the answer got lost; and again it says what is there', async () => {
    const at = await town();
    at.hub.setFaults([{ kind: 'forbidden', operation: 'pulls/create' }]);
    const stopped = await at.run(asked);
    expect(stopped).toMatchObject({ code: 1 });
    expect(stopped.err).toMatch(
      /^GITHUB GitHub said no \(403\).*\nThe branch request\/sales-stores-marketing-visits is there, and the same command goes on from it\.$/m,
    );
    const tip = at.hub.tip(branch);
    at.hub.setFaults([{ kind: 'drop-after', operation: 'pulls/create', times: 1 }]);
    const lost = await at.run(asked);
    expect(lost).toMatchObject({ code: 0 });
    at.hub.setFaults([]);
    const again = await at.run(asked);
    expect(again).toMatchObject({ code: 0 });
    const { data } = await pulls(at);
    expect(data).toHaveLength(1);
    expect(again.out).toContain(`Open already: ${data[0]?.html_url}\n`);
    expect(at.hub.tip(branch)).toBe(tip);
    expect(await at.branches()).toEqual(['main', branch]);
  });

  test('a branch of another content is left alone: its open pull request is named, a closed one makes room for a number', async () => {
    const at = await town();
    await at.run(asked);
    const other = asked.map((word) => (word === '2999-12-31' ? '2998-12-31' : word));
    const refused = await at.run(other);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toMatch(
      /^ASKED_ALREADY https:\S+ asks for another change of mesh\/subscriptions\/sales\/stores\/marketing\.visits\.yaml/m,
    );
    const { data } = await pulls(at);
    await at.hub.as('bob').close(data[0]?.number ?? 0);
    expect(await at.run(other)).toMatchObject({ code: 0 });
    expect(await at.branches()).toEqual(['main', branch, `${branch}-2`]);
  });

  test('what validation refuses, and what the flags lack, is told at once and before anything is written', async () => {
    const at = await town();
    const ran = await at.run([
      'request',
      '--product',
      'sales/orders',
      '--as',
      'finance',
      '--name',
      'more',
      '--table',
      'ordrs',
      '--column',
      'emial',
      '--expires',
      '2020-01-01',
    ]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err.split('\n').filter((line) => /^\S+:\d|^[A-Z_]+ /.test(line))).toEqual([
      'BAD_DATE --expires 2020-01-01 has passed',
      'MISSING_OPTION --purpose is missing; say what the data will be used for',
      'mesh/subscriptions/sales/orders/finance.more.yaml:5:14 UNKNOWN_TABLE "sales/orders" has no table "ordrs"; did you mean "orders"?',
    ]);
    const there = await at.run([
      'request',
      '--product',
      'sales/orders',
      '--as',
      'finance',
      '--table',
      'items',
      '--purpose',
      'Again',
    ]);
    expect(there.err).toContain('EXISTS mesh/subscriptions/sales/orders/finance.yaml is there already');
    const overlap = await at.run([
      'request',
      '--product',
      'sales/orders',
      '--as',
      'finance',
      '--name',
      'two',
      '--table',
      'items',
      '--purpose',
      'Again',
    ]);
    expect(overlap.err).toMatch(/ OVERLAP .* already at mesh\/subscriptions\/sales\/orders\/finance\.two\.yaml:5:5/);
    expect(await at.branches()).toEqual(['main']);
  });

  test('what the pull request says, for personal data and a pattern', async () => {
    const at = await town();
    const ran = await at.run([
      'request',
      '--product',
      'sales/orders',
      '--as',
      'finance',
      '--name',
      'refunds',
      '--table',
      'orders',
      '--column',
      'id',
      'email',
      '--rows',
      "region = 'EU'",
      '--expires',
      '2999-12-31',
      '--purpose',
      'Refund by mail.',
      '--dry-run',
      '--format',
      'markdown',
    ]);
    await expect(ran.out).toMatchFileSnapshot('../golden/request.md');
    const shop = await at.run([
      'request',
      '--product',
      'sales/stores',
      '--as',
      'finance',
      '--name',
      'more',
      '--table',
      'v*',
      '--purpose',
      'Count visits.',
      '--dry-run',
    ]);
    await expect(shop.out).toMatchFileSnapshot('../golden/request.txt');
  });

  test("what is brought into the account's own catalog, and who reads there", async () => {
    const at = await town();
    const visits = ['--product', 'sales/orders', '--as', 'marketing', '--name', 'more', '--table', 'items'];
    const added = ['--permission', 'INSERT', '--purpose', 'Count.', '--dry-run'];
    const asks = (...more: readonly string[]) => at.run(['request', ...visits, ...added, ...more]);
    const { out, err: wrong } = await asks('--import', 'shops', '--reader', 'analysts');
    expect(wrong).toMatch(/^Against origin\/main at/);
    expect(out).toContain(
      '+ import:\n+   database: shops\n+   grants:\n+     - principals: [analysts]\n+       permissions: [INSERT]\n',
    );
    expect(out).toContain('on resource link shops, in account 333344445555\n');
    const { err } = await asks('--reader', 'analysts', '--region', 'eu-north-1');
    expect(err).toContain('MISSING_OPTION --reader says something of a resource link that has no name');
    expect(err).toContain('MISSING_OPTION --region says something');
  });

  test('a class that limits how long access lasts wants an end, and none that is too late', async () => {
    const mesh = `${townMesh['mesh.yaml']}classes: [{ name: pii, longest: 90 }]\n`;
    const at = await town({ 'mesh.yaml': mesh });
    const pii = ['request', '--product', 'sales/orders', '--as', 'finance', '--name', 'mail', '--table', 'orders'];
    const ask = (...more: readonly string[]) => at.run([...pii, '--purpose', 'Refund by mail.', ...more]);
    const endless = await ask();
    expect(endless).toMatchObject({ code: 1, out: '' });
    expect(endless.err).toMatch(
      /finance\.mail\.yaml:5:5 CLASS_DURATION .*"orders\.email".* without an end; .*at most 90 days/,
    );
    const last = dayAfter(dayOf(new Date()), 90);
    const late = await ask('--expires', '91d');
    expect(late).toMatchObject({ code: 1, out: '' });
    expect(late.err).toContain(`CLASS_DURATION ${dayAfter(last, 1)} is more than 90 days from today`);
    expect(late.err).toContain(`; ask until ${last} at the latest`);
    expect(await at.branches()).toEqual(['main']);
    expect(await ask('--expires', '90d')).toMatchObject({ code: 0 });
  });

  test('whom GitHub does not know leaves no branch behind', async () => {
    const at = await town();
    const ran = await at.run(asked, { GITHUB_TOKEN: 'nobodys' });
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.err).toMatch(/^GITHUB GitHub said no \(401\).*\nNothing was written\.$/m);
    expect(await at.branches()).toEqual(['main']);
  });

  test('who may not push is shown the way without', async () => {
    const at = await town();
    await mkdir(join(at.hub.directory, 'hooks'), { recursive: true });
    await writeFile(
      join(at.hub.directory, 'hooks', 'pre-receive'),
      '#!/bin/sh\necho "error: GH006: Protected branch" >&2\nexit 1\n',
      { mode: 0o755 },
    );
    const ran = await at.run(asked);
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.err).toMatch(
      /^NOT_PUSHED the branch request\/sales-stores-marketing-visits cannot be made: remote: error: GH006: Protected branch *; with --link/m,
    );
    expect(await at.branches()).toEqual(['main']);
  });

  test('a file of the working tree that no commit holds is not passed by', async () => {
    const at = await town();
    await at.write(file, 'half a thought\n');
    const ran = await at.run(asked);
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.err).toMatch(
      /^UNCOMMITTED .*marketing\.visits\.yaml has changes in this working tree that no commit holds/m,
    );
    expect(await at.branches()).toEqual(['main']);
  });

  test('the newest main counts, not what was fetched', async () => {
    const at = await town();
    at.hub.as('ada').commit(
      {
        'mesh/products/sales/fresh.yaml':
          'apiVersion: meshgate/v1\nkind: DataProduct\nproducer: sales\ndatabase: sales\ntables: { fresh: null }\n',
      },
      { branch: 'main' },
    );
    const ran = await at.run([
      'request',
      '--product',
      'sales/fresh',
      '--as',
      'finance',
      '--table',
      'fresh',
      '--purpose',
      'It is new',
    ]);
    expect(ran).toMatchObject({ code: 0 });
  });

  test('without a token it prints a link that holds the file, with --dry-run only what it comes to', async () => {
    const at = await town();
    const linked = await at.run(asked, { GITHUB_TOKEN: '', GITHUB_SERVER_URL: 'https://git.example' });
    expect(linked).toMatchObject({ code: 0 });
    const link = new URL(linked.out.trimEnd().split('\n').at(-1) ?? '');
    expect(link.origin + link.pathname).toBe('https://git.example/acme/mesh/new/main');
    expect(Object.fromEntries(link.searchParams)).toEqual({ filename: file, value: `${text}\n` });
    const shown = await at.run([...asked, '--dry-run'], { GITHUB_TOKEN: '' });
    expect(linked.out.startsWith(shown.out)).toBe(true);
    const long = await at.run([
      ...asked.slice(0, -1),
      `${'ü'.repeat(450)}`,
      '--rows',
      `id <> '${'ü'.repeat(1000)}'`,
      '--link',
    ]);
    expect(long.out).toContain('The file is too long for a link.');
    expect(at.hub.journal).toEqual([]);
  });

  test('a subscription is extended, narrowed and ended, each as a pull request that keeps the rest of the file', async () => {
    const mine = `# Kept.
apiVersion: meshgate/v1
kind: Subscription
purpose: A town needs to know.   # really
access:
  - tables: [shops, visits] # both
    permissions: read
expires: 2999-01-31
`;
    const at = await town({ 'subscriptions/sales/stores/marketing.yaml': mine });
    const path = 'mesh/subscriptions/sales/stores/marketing.yaml';
    const extended = await at.run(['request', 'extend', path, '--expires', '2999-06-30']);
    expect(extended).toMatchObject({ code: 0 });
    expect(extended.out).toContain('- expires: 2999-01-31\n+ expires: 2999-06-30\n');
    expect(extended.out).toContain('an owner of the account marketing (@eve)');
    const branch = 'request/sales-stores-marketing';
    expect(await at.fileOn(branch, path)).toBe(mine.replace('2999-01-31', '2999-06-30').trimEnd());
    const refused = await at.run(['request', 'end', 'sales/stores/marketing']);
    expect(refused.err).toMatch(/^ASKED_ALREADY /m);
    await at.hub.as('bob').close((await pulls(at)).data[0]?.number ?? 0);
    const narrowed = await at.run(['request', 'narrow', 'sales/stores/marketing', '--drop-table', 'visits']);
    expect(narrowed.out).toMatch(
      /^ {2}- revoke DESCRIBE, SELECT with grant option on table stores\.visits for marketing$/m,
    );
    expect(narrowed.out).toContain('nobody: it only narrows\n');
    expect(await at.fileOn(`${branch}-2`, path)).toBe(mine.replace('[shops, visits]', '[shops]').trimEnd());
    await at.hub.as('bob').close((await pulls(at)).data[0]?.number ?? 0);
    const ended = await at.run(['request', 'end', 'sales/stores/marketing']);
    expect(ended.out).toContain('nobody: what is gone asks for nothing\n');
    expect(await at.fileOn(`${branch}-3`, path)).toBeUndefined();
    expect((await pulls(at)).data.map(({ title }) => title)).toEqual([
      'marketing gives up sales/stores',
      'marketing keeps less of sales/stores',
      'marketing keeps sales/stores until 2999-06-30',
    ]);
  });

  test.each([
    [
      ['extend', 'sales/stores/marketing', '--expires', '2999-01-31'],
      /^NOTHING_TO_DO .*has no end that could be later/m,
    ],
    [
      ['extend', 'sales/stores/marketting', '--expires', '2999-01-31'],
      /^UNKNOWN_SUBSCRIPTION .*did you mean "sales\/stores\/marketing"\?/m,
    ],
    [['narrow', 'sales/stores/marketing'], /^MISSING_OPTION nothing says what goes/m],
    [
      ['narrow', 'sales/stores/marketing', '--drop-table', 'shops', 'visits'],
      /^NOTHING_LEFT nothing would be left of it; end it/m,
    ],
    [
      ['narrow', 'sales/stores/marketing', '--drop-table', 'shop', '--drop-column', 'x'],
      /^NOT_ASKED .*table shop\nNOT_ASKED|^NOT_ASKED .*table shop$/m,
    ],
    [['narrow', 'sales/stores/marketing', '--expires', '2020-01-01'], /^BAD_DATE --expires 2020-01-01 has passed/m],
  ])('request %j is refused before anything is written', async (args, said) => {
    const at = await quietTown();
    expect(await at.run(['request', ...args, '--dry-run'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(said),
    });
  });
});
