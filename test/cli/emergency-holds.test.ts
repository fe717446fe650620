import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmergencyHolds, emergencyHolds, provenAdministrators } from '../../src/cli/emergency-holds.ts';
import { gitHub } from '../../src/cli/hosted.ts';
import { loadMesh } from '../../src/cli/load.ts';
import { recordOf } from '../../src/cli/record.ts';
import { type Hub, startHub } from '../hub/hub.ts';
import { townMesh } from '../support/town.ts';

let hub: Hub;
let root: string;
let scratch: string;
const mesh = townMesh['mesh.yaml'] ?? '';
const file = 'mesh/mesh.yaml';
const place = { owner: 'acme', repo: 'mesh' };
const now = new Date();

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'meshgate-holds-'));
  const administrators = mesh.replace(
    /administrators:.*\n/,
    'administrators: [{ login: ada, id: 1 }, { login: abe, id: 20 }]\n',
  );
  const files = { ...townMesh, 'mesh.yaml': administrators };
  hub = await startHub({
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [`mesh/${path}`, text])),
    now: now.toISOString(),
  });
  for (const [login, id] of Object.entries({ ada: 1, abe: 20, mal: 19 })) hub.join(login, 'write', { id });
  root = hub.tip();
});

afterEach(async () => {
  rmSync(scratch, { recursive: true, force: true });
  await hub.close();
});

const textOf = (branch = 'main'): string => String(hub.repo.bare.file(hub.tip(branch), file));
const holding = (account: string, until = '2099-12-31'): string =>
  `${textOf().trimEnd()}\nholds:\n  - { scope: { account: ${account} }, reason: Leaked., until: ${until} }\n`;

/** Opens a pull request that brings a mesh.yaml. */
async function open(login: string, text: string, { branch = 'hold', base = 'main' } = {}): Promise<number> {
  hub.as(login).commit({ [file]: text }, { branch });
  return hub.as(login).open(branch, { base });
}

async function set(login: string, number: number, more: { state?: 'open' | 'closed'; base?: string }) {
  await hub.as(login).octokit.rest.pulls.update({ ...place, pull_number: number, ...more });
  hub.wait(1000);
}

/** What a run sees that only reads. */
async function seen(): Promise<EmergencyHolds> {
  const clone = mkdtempSync(join(scratch, 'clone-'));
  hub.clone(clone);
  const token = hub.workflowToken({ contents: 'read', pull_requests: 'read', issues: 'read' });
  const env = {
    ...{ GITHUB_TOKEN: token, GITHUB_REPOSITORY: hub.repository, GITHUB_API_URL: hub.url, MESHGATE_GITHUB_PACE: '1' },
  };
  const directory = join(clone, 'mesh');
  const options = { mesh: directory, requestBudget: 100 } as Parameters<typeof gitHub>[0];
  const declaration = await loadMesh(directory);
  const { record } = await recordOf(options, root, env);
  const administrators = await provenAdministrators(declaration, record);
  return emergencyHolds(await gitHub(options, env), { declaration, record, directory, administrators, now });
}

/** Whose accounts are held, and what is told. */
async function held(): Promise<{ readonly held: readonly (string | undefined)[]; readonly told: readonly string[] }> {
  const { holds, incidents } = await seen();
  return { held: holds.map(({ value }) => value.scope.account), told: incidents.map(({ code }) => code) };
}

const nothing = { held: [], told: [] };

test('a hold counts from the opening of its pull request until who decides closes it', async () => {
  const number = await open('ada', holding('finance'));
  await open('mal', holding('marketing'), { branch: 'other' });
  expect(await held()).toEqual({ held: ['finance'], told: [] });
  await set('abe', number, { state: 'closed' });
  expect(await held()).toEqual(nothing);
  await set('mal', number, { state: 'open' });
  expect(await held()).toEqual({ held: [], told: ['HOLD_DISPUTED'] });
  await set('ada', number, { state: 'closed' });
  await set('ada', number, { state: 'open' });
  expect(await held()).toEqual({ held: ['finance'], told: [] });
});

test('a hold that a stranger closes goes on to count, and is told', async () => {
  const number = await open('ada', holding('finance'));
  await set('mal', number, { state: 'closed' });
  const { holds, incidents } = await seen();
  expect(holds).toHaveLength(1);
  expect(incidents[0]?.message).toBe(
    `the hold of @ada in #${number} (account finance) counts: @mal closed it, and is neither its author nor an administrator`,
  );
  // Deleting the branch closes it, too; its author takes the hold back by it.
  hub.as('mal').commit({ [file]: textOf() }, { branch: 'hold' });
  expect((await held()).held).toEqual(['finance']);
  await hub.as('ada').octokit.rest.git.deleteRef({ ...place, ref: 'heads/hold' });
  expect(await held()).toEqual(nothing);
});

test('a hold whose branch a stranger deletes goes on to count', async () => {
  await open('ada', holding('finance'));
  await hub.as('mal').octokit.rest.git.deleteRef({ ...place, ref: 'heads/hold' });
  expect(await held()).toEqual({ held: ['finance'], told: ['HOLD_DISPUTED'] });
});

test('a hold is neither brought to main nor taken from it by a stranger who turns it', async () => {
  hub.as('ada').push(hub.tip(), { branch: 'later' });
  const there = await open('ada', holding('finance'), { base: 'later' });
  expect(await held()).toEqual(nothing);
  await set('mal', there, { base: 'main' });
  expect(await held()).toEqual({ held: [], told: ['HOLD_DISPUTED'] });
  await set('ada', there, { state: 'closed' });
  const here = await open('ada', holding('marketing'), { branch: 'here' });
  await set('mal', here, { base: 'later' });
  expect(await held()).toEqual({ held: ['marketing'], told: ['HOLD_DISPUTED'] });
  await hub.as('mal').merge(here);
  expect(await held()).toEqual({ held: ['marketing'], told: ['HOLD_DISPUTED'] });
});

test('a hold that main has or had since is not added by an older pull request', async () => {
  const before = textOf();
  hub.as('abe').commit({ [file]: holding('finance') }, { branch: 'main' });
  const same = `${textOf().trimEnd()}\n  - { scope: { account: marketing }, reason: Leaked., until: 2099-12-31 }\n`;
  await open('ada', same, { branch: 'two' });
  expect((await held()).held).toEqual(['marketing']);
  hub.as('abe').commit({ [file]: before }, { branch: 'main' });
  // The one that began with the hold does not bring it back, nor does one that proposed it before main had and lifted it.
  expect((await held()).held).toEqual(['marketing']);
  hub.as('ada').commit({ [file]: holding('finance') }, { branch: 'three', from: root });
  await hub.as('ada').open('three');
  expect((await held()).held).toEqual(['marketing']);
  await open('ada', holding('finance'), { branch: 'four' });
  expect((await held()).held).toEqual(['marketing', 'finance']);
});

test('what is over, and what an administrator did not push, is no hold', async () => {
  await open('ada', holding('finance', '2020-01-01'));
  expect(await held()).toEqual(nothing);
  hub.as('mal').commit({ [file]: holding('finance') }, { branch: 'theirs' });
  await hub.as('ada').open('theirs');
  expect(await held()).toEqual(nothing);
});

test('what cannot be read is told, and nothing is granted until it is mended', async () => {
  const bad = await open('ada', `${holding('finance')}oops: true\n`, { branch: 'bad' });
  const unknown = await open('ada', holding('nobody'), { branch: 'unknown' });
  // Nobody can tell who pushed to a fork that others may edit and the token may not read.
  const fork = hub.fork('ada');
  hub.as('ada').commit({ [file]: holding('finance') }, { branch: 'forked', repo: fork });
  const forked = await hub.as('ada').open('ada:forked', { maintainer_can_modify: true });
  const { holds, incidents, gaps } = await seen();
  expect(holds).toEqual([]);
  const start = 'the holds of open pull requests are not all known:';
  expect(incidents.map(({ code, message }) => `${code} ${message}`)).toEqual([
    `HOLDS_UNREAD ${start} #${bad} of @ada: its mesh.yaml has problems`,
    `HOLDS_UNREAD ${start} #${unknown} of @ada: its hold on account nobody names what main does not have`,
    `HOLDS_UNREAD ${start} #${forked} of @ada: it changes ${file}, and nobody can tell who pushed that`,
  ]);
  expect(gaps.map(({ blocks }) => blocks)).toEqual(['grants', 'grants', 'grants']);
  // It never held anything, so that closing it ends nothing.
  await set('mal', forked, { state: 'closed' });
  expect((await seen()).gaps).toHaveLength(2);
});

test('what GitHub does not tell of one pull request leaves that one unknown', async () => {
  await open('ada', holding('marketing'), { branch: 'first' });
  await open('ada', holding('finance'));
  for (const operation of ['issues/list-events', 'repos/compare-commits', 'repos/list-activities', 'git/get-blob']) {
    hub.setFaults([{ kind: 'not-found', operation, times: 1 }]);
    const { holds, gaps } = await seen();
    expect([operation, holds.length, gaps.length]).toEqual([operation, 1, 1]);
  }
  hub.setFaults([{ kind: 'forbidden', operation: 'pulls/list' }]);
  expect(await seen()).toMatchObject({ holds: [], gaps: [{ code: 'HOLDS_UNREAD' }] });
});
