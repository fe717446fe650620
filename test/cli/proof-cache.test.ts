import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cachedForge } from '../../src/cli/proof-cache.ts';
import type { Forge, Pull } from '../../src/core/forge.ts';
import { temporary } from '../support/stage.ts';

const key = 'k'.repeat(32);
const about = 'acme/mesh';
const merged: Pull = {
  number: 7,
  author: { login: 'eve', id: 3, isHuman: true },
  base: { repository: 1, branch: 'main' },
  isMerged: true,
  merge: 'm',
};

/** A forge that counts what it is asked. */
function forgeOf(pulls: Readonly<Record<string, readonly Pull[]>>, blobs: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  const forge: Forge = {
    home: async () => ({ repository: 1, branch: 'main' }),
    pullsOf: async (commit) => {
      asked.push(commit);
      return pulls[commit] ?? [];
    },
    renewalOf: async () => undefined,
    authorOf: async () => undefined,
    pushesTo: async () => [],
    reviewsOf: async (pull) => {
      asked.push(`reviews of ${pull}`);
      return [];
    },
    blobAt: async (commit, path) => {
      asked.push(`${commit} ${path}`);
      return blobs[`${commit} ${path}`];
    },
  };
  return { forge, asked };
}

async function file(): Promise<string> {
  return join(await temporary(), 'cache.json');
}

test('what cannot change is asked once, and all else again', async () => {
  const name = await file();
  const first = forgeOf({ a: [merged], b: [{ ...merged, isMerged: false }] }, { 'a x.yaml': 'blob' });
  const cached = await cachedForge(first.forge, { file: name, key, about });
  for (const commit of ['a', 'b', 'c']) await cached.forge.pullsOf(commit);
  await cached.forge.blobAt('a', 'x.yaml');
  await cached.forge.blobAt('a', 'none.yaml');
  await cached.save();
  const second = forgeOf({});
  const again = await cachedForge(second.forge, { file: name, key, about });
  expect(await again.forge.pullsOf('a')).toEqual([merged]);
  expect(await again.forge.blobAt('a', 'x.yaml')).toBe('blob');
  for (const commit of ['b', 'c']) await again.forge.pullsOf(commit);
  await again.forge.blobAt('a', 'none.yaml');
  await again.forge.reviewsOf(7);
  expect(second.asked).toEqual(['b', 'c', 'a none.yaml', 'reviews of 7']);
});

test.each<[what: string, change: (text: string) => string, options?: { key?: string; about?: string }]>([
  ['that somebody edited', (text) => text.replace('\\"number\\":7', '\\"number\\":8')],
  ['with a made-up seal', (text) => JSON.stringify({ ...(JSON.parse(text) as object), seal: 'a'.repeat(64) })],
  ['without a seal', (text) => JSON.stringify({ body: (JSON.parse(text) as { body: string }).body })],
  ['with another key', (text) => text, { key: 'x'.repeat(32) }],
  ['of another repository', (text) => text, { about: 'acme/other' }],
  ['that is no JSON', () => 'nothing'],
  ['that was cut', (text) => text.slice(0, 40)],
  ['that is a list', () => '[]'],
])('a file %s is no file', async (_, change, options = {}) => {
  const name = await file();
  const cached = await cachedForge(forgeOf({ a: [merged] }).forge, { file: name, key, about });
  await cached.forge.pullsOf('a');
  await cached.save();
  await writeFile(name, change(await readFile(name, 'utf8')));
  const { forge, asked } = forgeOf({});
  const again = await cachedForge(forge, { file: name, key, about, ...options });
  expect(await again.forge.pullsOf('a')).toEqual([]);
  expect(asked).toEqual(['a']);
});

test.each([undefined, '', 'short'])('a key %j is none', async (bad) => {
  await expect(cachedForge(forgeOf({}).forge, { file: 'x', key: bad, about })).rejects.toThrow('MESHGATE_CACHE_KEY');
});

test('a folder that is not there is made, and what cannot be written is no bug', async () => {
  const name = join(await file(), '..', 'of', 'proofs', 'cache.json');
  const keeping = async (where: string): Promise<void> => {
    const cached = await cachedForge(forgeOf({ a: [merged] }).forge, { file: where, key, about });
    await cached.forge.pullsOf('a');
    await cached.save();
  };
  await keeping(name);
  expect(await readFile(name, 'utf8')).toContain('seal');
  await expect(keeping(join(name, 'cache.json'))).rejects.toMatchObject({ code: 'NOT_WRITTEN' });
});
