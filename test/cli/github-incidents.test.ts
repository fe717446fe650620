import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApplyScene, applyScene, soundRules } from '../support/apply-scene.ts';

let scene: ApplyScene;
const place = { owner: 'acme', repo: 'mesh' };

beforeEach(async () => {
  scene = await applyScene();
  scene.hub.setRules(soundRules);
});

afterEach(() => scene.end());

/** Somebody whom the rules do not bind pushes to main; the answer is the commit, shortened. */
function pushPast(text: string): string {
  scene.hub.setRules([]);
  const commit = scene.hub.as('mal').commit({ 'README.md': text }, { branch: 'main' });
  scene.hub.setRules(soundRules);
  return commit;
}

async function incident(): Promise<{ readonly number: number; readonly title: string; readonly body: string }> {
  const found = (await scene.issues()).find(({ title }) => title.startsWith('Incident'));
  if (found === undefined) throw new Error('no incident is open');
  return found;
}

function update(login: string, number: number, more: Readonly<Record<string, string>>) {
  return scene.hub.as(login).octokit.rest.issues.update({ ...place, issue_number: number, ...more });
}

const told = (err: string): readonly string[] =>
  err
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => /^\w+/.exec(line)?.[0] ?? '');

test('only what a run has sealed is acknowledged by closing it', async () => {
  const first = pushPast('one\n');
  const keyless = await scene.apply({ MESHGATE_CACHE_KEY: '' });
  expect(told(keyless.err)).toEqual(['DIRECT_PUSH']);
  expect(keyless.err).toContain('MESHGATE_CACHE_KEY');
  const unsealed = await incident();
  expect(unsealed.body).toContain('openssl rand -hex 32');
  await update('ada', unsealed.number, { state: 'closed' });

  // Another is opened, with a seal. Closed, it is edited to say what the administrator has not seen.
  const ran = await scene.apply();
  expect(told(ran.err)).toEqual(['DIRECT_PUSH', 'NOT_ACKNOWLEDGED']);
  expect(ran.err).toContain(`#${unsealed.number}, which @ada closed, acknowledges nothing: its text is not as a run`);
  const { number, body } = await incident();
  expect(body).toContain('NOT\\_ACKNOWLEDGED');
  await update('ada', number, { state: 'closed' });
  const second = pushPast('two\n');
  await update('mal', number, { body: body.replaceAll(first, second) });
  const forged = await scene.apply();
  expect(told(forged.err)).toEqual(['DIRECT_PUSH', 'DIRECT_PUSH', 'NOT_ACKNOWLEDGED', 'NOT_ACKNOWLEDGED']);
  expect(forged.code).toBe(3);
  const guessed = await scene.apply({ MESHGATE_CACHE_KEY: 'secret' });
  expect([guessed.code, guessed.err.includes('NO_CACHE_KEY')]).toEqual([1, true]);
});

test('an owner who may not write any more is an incident, until they may', async () => {
  scene.hub.setRole('bob', 'read');
  const ran = await scene.apply();
  expect(new Set(told(ran.err))).toEqual(new Set(['CODEOWNERS_ERROR']));
  expect((await incident()).body).toMatch(/make sure .*bob exists and has write access/);
  scene.hub.setRole('bob', 'write');
  expect((await scene.apply()).err).toBe('');
  expect((await scene.issues()).filter(({ title }) => title.startsWith('Incident'))).toEqual([]);
});
