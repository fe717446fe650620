import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayAfter, dayOf } from '../../src/core/day.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { commentMarker } from '../../src/report/comment.ts';
import { schemaFaults } from '../support/output-schemas.ts';
import { type PullScene, pullScene } from '../support/pull-scene.ts';
import { keysOf, townMesh, townSeed } from '../support/town.ts';

const asking = 'mesh/subscriptions/sales/orders/finance.campaigns.yaml';
const request =
  'apiVersion: meshgate/v1\nkind: Subscription\npurpose: Campaigns\naccess:\n  - { tables: [orders], columns: { include: [id, email] }, permissions: read }\n';

let scene: PullScene;

// One for all tests, since a repository takes a while to make: each has a branch of its own.
beforeAll(async () => {
  scene = await pullScene();
});

afterAll(() => scene.end());

let branches = 0;

/** Opens a pull request with files. */
async function open(
  login: string,
  files: Readonly<Record<string, string | null>>,
  branch = nextBranch(),
): Promise<number> {
  scene.hub.as(login).commit(files, { branch });
  return scene.hub.as(login).open(branch);
}

function nextBranch(): string {
  branches += 1;
  return `ask-${branches}`;
}

/** The first line of the comment that a check wrote. */
async function verdict(number: number): Promise<string | undefined> {
  const comments = await scene.comments(number);
  const own = comments.filter(({ by }) => by === 'github-actions[bot]');
  expect(own.length).toBeLessThanOrEqual(1);
  return own[0]?.body.split('\n')[1]?.replaceAll('\u200d', '');
}

describe('a request for pii', () => {
  test('waits for the owners of the product, and for them alone where an owner of the account asks', async () => {
    const number = await open('fay', { [asking]: request });
    const { code, out, summary, output } = await scene.check(number);
    expect(code).toBe(0);
    expect(out).toContain('Comment: written.');
    expect(await verdict(number)).toMatch(/^### \d to grant.* · waits for @bob$/);
    const [{ body } = { body: '' }] = await scene.comments(number);
    expect(body).toContain('email \\(pii\\) of sales.orders');
    expect(body).not.toMatch(/@(?!\u200d)/);
    expect(summary).toContain(body);
    expect(schemaFaults('check', output)).toEqual([]);
  });

  test('waits for an owner of the account, too, where somebody else asks', async () => {
    const number = await open('mal', { [asking]: request });
    await scene.check(number);
    expect(await verdict(number)).toMatch(/waits for 2 approvals$/);
  });

  test('is approved by a review of this very content', async () => {
    const number = await open('fay', { [asking]: request });
    await scene.hub.as('bob').approve(number);
    await scene.check(number);
    expect(await verdict(number)).toMatch(/waits for nobody$/);
    scene.hub.as('fay').commit({ 'README.md': 'x' }, { branch: `ask-${branches}` });
    await scene.check(number);
    expect(await verdict(number)).toMatch(/waits for nobody$/);
    scene.hub.as('fay').commit({ [asking]: request.replace('id, email', 'email') }, { branch: `ask-${branches}` });
    expect((await scene.check(number)).out).toContain('Comment: edited.');
    expect(await verdict(number)).toMatch(/waits for @bob$/);
  });

  test('is not the word of its author where somebody else pushed it, until the author pushes', async () => {
    const number = await open('fay', { [asking]: request });
    const branch = `ask-${branches}`;
    scene.hub.as('mal').commit({ [asking]: request.replace('Campaigns', 'Anything') }, { branch });
    await scene.hub.as('bob').approve(number);
    await scene.check(number);
    expect(await verdict(number)).toMatch(/waits for @fay$/);
    const [{ body } = { body: '' }] = await scene.comments(number);
    expect(body).toContain('@\u200dfay has not pushed this version');
    scene.hub.as('mal').commit({ 'README.md': 'x' }, { branch });
    await scene.check(number);
    expect(await verdict(number)).toMatch(/waits for @fay$/);
    scene.hub.as('fay').commit({ [asking]: request.replace('Campaigns', 'Research') }, { branch });
    await scene.hub.as('bob').approve(number);
    await scene.check(number);
    expect(await verdict(number)).toMatch(/waits for nobody$/);
    scene.hub.as('mal').commit({ 'README.md': 'y' }, { branch });
    await scene.check(number);
    expect(await verdict(number)).toMatch(/waits for nobody$/);
  });

  test('that an issue asked for through our own app is the word of its author, as far as the app pushed it', async () => {
    const app = scene.hub.join('meshgate-app[bot]', 'write', { id: 500, type: 'Bot' });
    const { data } = await scene.hub
      .as('fay')
      .octokit.rest.issues.create({ owner: 'acme', repo: 'mesh', title: 'I need it' });
    const branch = `meshgate/issue-${data.number}`;
    const number = await open(app.login, { [asking]: request }, branch);
    const env = {
      MESHGATE_APP_USER: '500',
      GITHUB_TOKEN: scene.hub.workflowToken({ contents: 'read', pull_requests: 'write', issues: 'read' }),
    };
    await scene.check(number, env);
    expect(await verdict(number)).toMatch(/waits for @bob$/);
    scene.hub.as('mal').commit({ [asking]: request.replace('Campaigns', 'Anything') }, { branch });
    await scene.check(number, env);
    expect(await verdict(number)).toMatch(/waits for 2 approvals$/);
    const none = { MESHGATE_APP_USER: '', GITHUB_TOKEN: env.GITHUB_TOKEN };
    scene.hub.as(app.login).commit({ [asking]: request }, { branch });
    await scene.check(number, none);
    expect(await verdict(number)).toMatch(/waits for 2 approvals$/);
    await scene.check(number, env);
    expect(await verdict(number)).toMatch(/waits for @bob$/);
  });

  test('is denied by an owner who asks for changes, and by nobody else', async () => {
    const number = await open('fay', { [asking]: request });
    await scene.hub.as('mal').review(number, 'REQUEST_CHANGES');
    await scene.check(number);
    expect(await verdict(number)).toMatch(/waits for @bob$/);
    await scene.hub.as('bob').review(number, 'REQUEST_CHANGES');
    await scene.check(number);
    expect(await verdict(number)).toMatch(/@bob asked for changes$/);
  });
});

describe('the comment', () => {
  test('is written once, and left alone where it says the same', async () => {
    const number = await open('fay', { [asking]: request });
    await scene.check(number);
    const before = await scene.comments(number);
    expect((await scene.check(number)).out).toContain('Comment: unchanged.');
    expect(await scene.comments(number)).toEqual(before);
  });

  test('is found again as what an app of one’s own wrote', async () => {
    const number = await open('fay', { [asking]: request });
    const GITHUB_TOKEN = scene.hub.appToken('our-app[bot]', {
      contents: 'read',
      pull_requests: 'write',
      issues: 'read',
    });
    expect((await scene.check(number, { GITHUB_TOKEN })).out).toContain('Comment: written.');
    expect((await scene.check(number, { GITHUB_TOKEN })).out).toContain('Comment: unchanged.');
    expect((await scene.comments(number)).map(({ by }) => by)).toEqual(['our-app[bot]']);
    // What the workflow says is another's.
    expect((await scene.check(number)).out).toContain('Comment: written.');
  });

  test('of somebody else with the same marker is not taken for it', async () => {
    const number = await open('mal', { [asking]: request });
    const forged = `${commentMarker}\n### Approved by everybody`;
    await scene.hub
      .as('mal')
      .octokit.rest.issues.createComment({ owner: 'acme', repo: 'mesh', issue_number: number, body: forged });
    await scene.check(number);
    await scene.check(number);
    const comments = await scene.comments(number);
    expect(comments.map(({ by }) => by)).toEqual(['mal', 'github-actions[bot]']);
    expect(comments[0]?.body).toBe(forged);
  });

  test('is not made where no mesh file changes, and says so where it was', async () => {
    const silent = await open('mal', { 'README.md': 'x' });
    expect((await scene.check(silent)).out).toContain('Comment: none.');
    expect(await scene.comments(silent)).toEqual([]);
    const number = await open('fay', { [asking]: request });
    await scene.check(number);
    scene.hub.as('fay').commit({ [asking]: null, 'NOTES.md': 'x' }, { branch: `ask-${branches}` });
    await scene.check(number);
    expect(await verdict(number)).toBe('### Changes no mesh file any more');
  });

  test('is not written with a token that only reads, which is said; the summary has all of it', async () => {
    const number = await open('fay', { [asking]: request });
    const { code, out, summary } = await scene.check(number, {
      GITHUB_TOKEN: scene.hub.workflowToken({ contents: 'read' }),
    });
    expect(code).toBe(0);
    expect(out).toContain('No comment, for the job lacks `pull-requests: write`; the job summary has all of it.');
    expect(summary).toContain('to grant');
    expect(await scene.comments(number)).toEqual([]);
  });

  test('is not written where GitHub does not answer, which is said', async () => {
    const number = await open('fay', { [asking]: request });
    scene.hub.setFaults([{ kind: 'server-error', operation: 'issues/list-comments' }]);
    const { code, out } = await scene.check(number);
    expect(code).toBe(0);
    expect(out).toMatch(/No comment: GitHub could not be asked/);
    scene.hub.setFaults([]);
  });
});

test('a pull request from a fork gets no comment and all else', async () => {
  const fork = scene.hub.fork('mal');
  scene.hub.as('mal').commit({ [asking]: request }, { branch: 'ask', repo: fork });
  const number = await scene.hub.as('mal').open('mal:ask');
  const { code, out, summary } = await scene.check(number, {
    GITHUB_TOKEN: scene.hub.workflowToken({ contents: 'read' }),
  });
  expect(code).toBe(0);
  expect(out).toContain('No comment, for a pull request from a fork gets a token that only reads');
  expect(summary).toContain('waits for 2 approvals');
});

test('what is not valid is annotated at its line, and nothing of a file is a command', async () => {
  const broken = request
    .replace('tables: [orders]', 'tables: [ordres]')
    .replace('Campaigns', '"::add-mask::x @ada <b>"');
  const number = await open('fay', { [asking]: broken, 'mesh/products/sales/extra.yaml': '::set-output name=x::y\n' });
  const { code, out } = await scene.check(number);
  expect(code).toBe(1);
  const commands = out.split('\n').filter((line) => line.startsWith('::'));
  expect(commands[0]).toMatch(/^::error file=mesh\/products\/sales\/extra\.yaml,line=1,col=\d+,title=\w+::/);
  expect(commands).toContainEqual(expect.stringMatching(/^::error file=mesh\/subscriptions.*,title=UNKNOWN_TABLE::/));
  expect(commands.at(-2)).toMatch(/^::stop-commands::/);
  expect(await verdict(number)).toMatch(/^### Not valid: \d problems$/);
});

test('code owners that are out of date are a problem', async () => {
  const orders = townMesh['products/sales/orders.yaml'] ?? '';
  const number = await open('ada', {
    'mesh/products/sales/refunds.yaml': orders
      .replace(/tables:[\s\S]*/, 'tables: { refunds: null }\n')
      .replace('kind: DataProduct', 'kind: DataProduct\nowners: [{ login: fay, id: 4 }]'),
  });
  const { code, out } = await scene.check(number);
  expect(out).toContain('title=CODEOWNERS_OUT_OF_DATE');
  expect(code).toBe(1);
});

test('an owner who may not write is a problem, for GitHub passes over them', async () => {
  const number = await open('fay', { [asking]: request });
  const mayNotRead = { GITHUB_TOKEN: scene.hub.workflowToken({ pull_requests: 'write' }) };
  expect((await scene.check(number, mayNotRead)).output['unasked']).toMatch(/^whom of the CODEOWNERS file GitHub/);
  scene.hub.setRole('bob', 'read');
  const { code, out } = await scene.check(number);
  scene.hub.setRole('bob', 'write');
  expect(out).toMatch(
    /file=\.github\/CODEOWNERS,line=\d+,col=\d+,title=CODEOWNERS_ERROR::GitHub says: Unknown owner .*@bob/,
  );
  expect(code).toBe(1);
  expect((await scene.check(number)).code).toBe(0);
});

test('with credentials it is compared with the lake, too; a lake that does not answer stops nothing', async () => {
  const emulator = await startEmulator({ seed: townSeed() });
  const number = await open('fay', { [asking]: request });
  const keys = { AWS_ENDPOINT_URL: emulator.url, ...keysOf.reader };
  const { code, output } = await scene.check(number, keys);
  await emulator.close();
  expect(code).toBe(0);
  expect(output['live']).toMatchObject({ format: 1, withheld: [] });
  expect((await scene.comments(number))[0]?.body).toContain('With the lake as it is: ');
  expect((await scene.check(number, keys)).code).toBe(0);
  expect((await scene.comments(number))[0]?.body).toContain('Not compared with the lake: NO\\_CONNECTION');
});

test.each([
  ['no event', { GITHUB_EVENT_PATH: '' }, 'NO_EVENT'],
  ['an event that is not there', { GITHUB_EVENT_PATH: '/nowhere.json' }, 'NO_EVENT'],
  ['no repository', { GITHUB_REPOSITORY: '' }, 'NO_GITHUB'],
])('%s is a problem of the set-up', async (_, env, code) => {
  const number = await open('fay', { [asking]: request });
  const ran = await scene.check(number, env);
  expect(ran.code).toBe(1);
  expect(ran.err).toContain(code);
});

// Last, for it breaks main.
test('a base that is not valid can be mended', async () => {
  scene.hub.as('ada').commit({ 'mesh/mesh.yaml': 'nothing: here\n' }, { branch: 'main' });
  const number = await open('ada', { 'mesh/mesh.yaml': townMesh['mesh.yaml'] ?? '' });
  const { code } = await scene.check(number);
  expect(code).toBe(0);
  expect(await verdict(number)).toMatch(/^### No plan/);
  expect((await scene.comments(number))[0]?.body).toContain('are not valid, so there is nothing to compare with');
});

describe('a class that limits how long access lasts', () => {
  test('is told at the line of the day that is too late, and the check fails', async () => {
    const mesh = `${townMesh['mesh.yaml']}classes: [{ name: pii, longest: 90 }]\n`;
    scene.hub.as('ada').commit({ 'mesh/mesh.yaml': mesh }, { branch: 'main' });
    const last = dayAfter(dayOf(new Date()), 90);
    const number = await open('fay', { [asking]: `${request}expires: ${dayAfter(last, 1)}\n` });
    const late = await scene.check(number);
    expect(late.code).toBe(1);
    expect(late.out).toMatch(
      new RegExp(`^::error file=${asking},line=6,col=\\d+,title=CLASS_DURATION::.*until ${last} at the latest`, 'm'),
    );
    expect(await verdict(number)).toBe('### Not valid: 1 problem');
    scene.hub.as('fay').commit({ [asking]: `${request}expires: ${last}\n` }, { branch: `ask-${branches}` });
    expect(await scene.check(number)).toMatchObject({ code: 0 });
    expect(await verdict(number)).toMatch(/waits for @bob$/);
  });
});
