import { afterEach, beforeEach, expect, test } from 'vitest';
import { sealWith } from '../../src/core/seal.ts';
import { acknowledgedIn, type KeptIssue, keepIssue, openIssue } from '../../src/github/issues.ts';
import { incidentIssue } from '../../src/report/issue-incident.ts';
import { type Hub, startHub } from '../hub/hub.ts';

let hub: Hub;
const place = { owner: 'acme', repo: 'mesh' };
const [one, two] = ['1'.repeat(40), '2'.repeat(40)];

beforeEach(async () => {
  hub = await startHub({ people: { ada: 'admin' } });
});
afterEach(() => hub.close());

function kept(commits: readonly string[], key = 'k'.repeat(32), repository = hub.repo.id): KeptIssue {
  const incidents = commits.map((commit) => ({ code: 'DIRECT_PUSH', message: commit, remedy: 'look', commit }));
  const sealing = { seal: sealWith(key), repository };
  return { place, kind: 'incident', issue: incidentIssue(incidents), closing: 'Sound.', sealing };
}

const bot = () => hub.client(hub.workflowToken({ issues: 'write' }));
const close = (number: number) =>
  hub.as('ada').octokit.rest.issues.update({ ...place, issue_number: number, state: 'closed' });

async function acknowledged({ sealing }: KeptIssue) {
  if (sealing === undefined) throw new Error('nothing to believe by');
  const { commits, voided } = await acknowledgedIn(bot(), { ...place, by: [hub.user('ada').id], sealing });
  return { commits: [...commits], voided: voided.map(({ number, isSealed }) => ({ number, isSealed })) };
}

test('who closes an issue while its text is written has not seen that text', async () => {
  await keepIssue(bot(), kept([one]));
  const client = bot();
  client.hook.before('request', async ({ method }) => {
    if (method === 'PATCH') await close(1);
  });
  await keepIssue(client, kept([one, two]));
  expect(await acknowledged(kept([]))).toEqual({ commits: [], voided: [] });
  await close(1);
  expect((await acknowledged(kept([]))).commits.toSorted()).toEqual([one, two]);
});

test('a run that is killed before it has sealed its issue leaves one that acknowledges nothing', async () => {
  const client = bot();
  client.hook.before('request', ({ method }) => {
    if (method === 'PATCH') throw new Error('killed');
  });
  await expect(keepIssue(client, kept([one]))).rejects.toThrow();
  await close(1);
  expect(await acknowledged(kept([]))).toEqual({ commits: [], voided: [{ number: 1, isSealed: false }] });
});

test.each([
  ['another key', { key: 'x'.repeat(32) }],
  ['another repository', { repository: 1 }],
])('a seal with %s is none', async (_, { key, repository }: { key?: string; repository?: number }) => {
  await keepIssue(bot(), kept([one], key, repository));
  await close(1);
  expect(await acknowledged(kept([]))).toEqual({ commits: [], voided: [{ number: 1, isSealed: false }] });
});

test('an issue that has no room for its commits acknowledges none of them', async () => {
  const many = Array.from({ length: 200 }, (_, index) => index.toString(16).padStart(40, '0'));
  await keepIssue(bot(), kept(many));
  await close(1);
  expect(await acknowledged(kept([]))).toEqual({ commits: [], voided: [{ number: 1, isSealed: true }] });
});

test('a sealed text acknowledges nothing in another issue', async () => {
  await keepIssue(bot(), kept([one]));
  const { data } = await bot().rest.issues.get({ ...place, issue_number: 1 });
  // A workflow of any branch speaks as the bot that opens incidents.
  await bot().rest.issues.create({ ...place, title: 'Buy now', body: data.body ?? '', labels: ['meshgate'] });
  await close(2);
  expect(await acknowledged(kept([]))).toEqual({ commits: [], voided: [{ number: 2, isSealed: false }] });
});

test('what somebody wrote into an issue is put right, and line ends are nobody’s words', async () => {
  await keepIssue(bot(), kept([one]));
  const { data } = await bot().rest.issues.get({ ...place, issue_number: 1 });
  const write = (body: string) => bot().rest.issues.update({ ...place, issue_number: 1, body });
  await write(data.body?.replace('DIRECT', 'NO') ?? '');
  expect(await keepIssue(bot(), kept([one]))).toBe('#1 edited');
  expect(await keepIssue(bot(), kept([one]))).toBe('#1 unchanged');
  await write(data.body?.replaceAll('\n', '\r\n') ?? '');
  await close(1);
  expect(await acknowledged(kept([]))).toEqual({ commits: [one], voided: [] });
});

test('the text of an open issue is told as a run wrote it, or not at all; without a key as it stands', async () => {
  const mine = kept([one]);
  await keepIssue(bot(), mine);
  const { sealing: _, ...keyless } = mine;
  expect((await openIssue(bot(), mine))?.text).toBe(mine.issue?.body);
  expect((await openIssue(bot(), keyless))?.text).toContain('meshgate:sealed');
  const body = (await openIssue(bot(), mine))?.body.replace(one, two) ?? '';
  await bot().rest.issues.update({ ...place, issue_number: 1, body });
  expect(await openIssue(bot(), mine)).toMatchObject({ number: 1, text: undefined });
});
