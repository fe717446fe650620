import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Hub, startHub } from './hub.ts';
import { strict } from './strict.ts';

let hub: Hub;
let folder: string;
const run = promisify(execFile);

beforeEach(async () => {
  hub = await startHub({ people: { ann: 'write', rita: 'read' }, rules: strict });
  folder = mkdtempSync(join(tmpdir(), 'meshgate-hub-clone-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await hub.close();
});

/** Runs git as its own process, as people do. */
async function git(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
  const { stdout } = await run('git', ['-C', folder, ...who, ...args], { env });
  return stdout.trim();
}

async function edit(text: string): Promise<string> {
  writeFileSync(join(folder, 'a.yaml'), text);
  await git('add', '.');
  await git('commit', '-q', '-m', 'Edit');
  return git('rev-parse', 'HEAD');
}

test('a branch pushed by git becomes a pull request, and a second push moves it', async () => {
  const { token } = hub.as('ann');
  await git('clone', '-q', hub.remote(token), '.');
  await git('switch', '-q', '-c', 'topic');
  await edit('a: 1\n');
  await git('push', '-q', 'origin', 'topic');
  const number = await hub.as('ann').open('topic');
  const second = await edit('a: 2\n');
  await git('push', '-q', 'origin', 'topic');
  expect(hub.repo.bare.ref(`refs/pull/${number}/head`)).toBe(second);
  await git('commit', '-q', '--amend', '-m', 'Otherwise');
  await expect(git('push', '-q', 'origin', 'topic')).rejects.toThrow('non-fast-forward');
  await git('push', '-q', '--force', 'origin', 'topic');
  const seen = hub.repo.activity.filter(({ ref }) => ref === 'refs/heads/topic');
  expect(seen.map(({ type, actor }) => `${type} ${actor.login}`)).toEqual([
    'branch_creation ann',
    'push ann',
    'force_push ann',
  ]);
  await git('push', '-q', 'origin', ':topic');
  expect(hub.repo.issues[0]?.state).toBe('closed');
});

test('the rules hold for git, too', async () => {
  const before = hub.tip();
  await git('clone', '-q', hub.remote(hub.token('ann')), '.');
  await edit('a: 1\n');
  await expect(git('push', 'origin', 'main')).rejects.toThrow(
    /Changes must be made through a pull request[\s\S]*remote rejected/,
  );
  await git('commit', '-q', '--amend', '-m', 'Begin anew');
  await expect(git('push', '--force', 'origin', 'HEAD:main')).rejects.toThrow('remote rejected');
  await expect(git('push', 'origin', ':main')).rejects.toThrow('Cannot delete this branch');
  expect(hub.tip()).toBe(before);
});

test('who may only read clones and does not push; who may not read sees nothing', async () => {
  await git('clone', '-q', hub.remote(hub.token('rita')), '.');
  await edit('a: 1\n');
  await expect(git('push', 'origin', 'HEAD:topic')).rejects.toThrow('403');
  hub.join('eve');
  await expect(git('ls-remote', hub.remote(hub.token('eve')))).rejects.toThrow('403');
  await expect(git('ls-remote', `${hub.url}/acme/mesh.git`)).rejects.toThrow('could not read Username');
  expect(await git('ls-remote', hub.remote(hub.workflowToken({ contents: 'read' })), 'main')).toContain(hub.tip());
});

test('a working copy reads the folder, and pushes through the hub in somebody’s name', async () => {
  hub.clone(join(folder, 'copy'), { as: 'ann' });
  folder = join(folder, 'copy');
  const commit = await edit('a: 1\n');
  await git('push', '-q', 'origin', 'HEAD:topic');
  expect(hub.tip('topic')).toBe(commit);
  expect(hub.repo.activity.at(-1)?.actor.login).toBe('ann');
  await expect(git('push', 'origin', 'HEAD:main')).rejects.toThrow('Changes must be made through a pull request');
  await expect(git('push', `file://${hub.directory}`, 'HEAD:other')).rejects.toThrow('push through the hub');
});

test('a hook of the repository may decline', async () => {
  const { token } = hub.as('ann');
  writeFileSync(join(hub.directory, 'hooks/pre-receive'), '#!/bin/sh\nread line\necho "no: $line" >&2\nexit 1\n', {
    mode: 0o755,
  });
  await git('clone', '-q', hub.remote(token), '.');
  const commit = await edit('a: 1\n');
  const line = `no: ${'0'.repeat(40)} ${commit} refs/heads/topic`;
  await expect(git('push', 'origin', 'HEAD:topic')).rejects.toThrow(line);
  expect(hub.repo.bare.ref('refs/heads/topic')).toBeUndefined();
});

test('a shallow clone has one commit', async () => {
  hub.setRules([]);
  hub.as('ann').commit({ 'a.yaml': 'a: 1\n' }, { branch: 'main' });
  hub.clone(join(folder, 'copy'), { depth: 1 });
  folder = join(folder, 'copy');
  expect(await git('rev-list', '--count', 'HEAD')).toBe('1');
});
