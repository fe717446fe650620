import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { meshgate, type Ran } from '../support/meshgate.ts';
import { type RequestTown, requestTown } from '../support/request-town.ts';
import { central, keysOf, region, townMesh, townSeed } from '../support/town.ts';

/** A town on GitHub with its lake, and the command line of whoever is named. */
interface CutTown extends RequestTown {
  readonly emulator: Emulator;
  readonly cut: (login: string, args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>;
  readonly meshFile: () => Promise<string>;
}

const endings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of endings.splice(0)) await end();
});

async function cutTown(): Promise<CutTown> {
  const mesh = (townMesh['mesh.yaml'] ?? '').replace('{ login: ada, id: 1 }', '{ login: abe, id: 909 }');
  const town = await requestTown({ 'mesh.yaml': mesh });
  town.hub.join('abe', 'admin', { id: 909 });
  const emulator = await startEmulator({ seed: townSeed(), latencyMs: 0 });
  endings.push(
    () => town.hub.close(),
    () => emulator.close(),
  );
  const env = { AWS_ENDPOINT_URL: emulator.url, ...keysOf.admin, MESHGATE_READ_BACK: '20,50', NO_COLOR: '1' };
  const hub = { GITHUB_API_URL: town.hub.url, GITHUB_REPOSITORY: town.hub.repository };
  const run = (args: readonly string[], more: Readonly<Record<string, string>>) =>
    meshgate(args, { cwd: town.directory, env: { ...env, ...more } });
  return {
    ...town,
    emulator,
    cut: (login, args, more = {}) => run(['revoke', ...args], { ...hub, GITHUB_TOKEN: town.hub.token(login), ...more }),
    meshFile: () => readFile(join(town.directory, 'mesh/mesh.yaml'), 'utf8'),
  };
}

const asked = ['--principal', 'finance', '--reason', 'Key *leaked* for @everyone', '--now'];
const branch = /^request\/hold-abe-[0-9a-f]{8}$/;
const pulls = async ({ hub }: CutTown) =>
  (await hub.as('ada').octokit.rest.pulls.list({ owner: 'acme', repo: 'mesh', state: 'all' })).data;
/** What finance holds in the lake, which somebody once gave it by hand. */
const held = ({ emulator }: CutTown) =>
  emulator.snapshot(central, region).atoms.filter(({ principal }) => principal === '444455556666');
const today = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);

describe.concurrent('revoke --now on GitHub', { timeout: 120_000 }, () => {
  test('opens the pull request with the hold, then cuts; again it finds it open; whose does not count yet is told', async () => {
    const at = await cutTown();
    const before = await at.meshFile();
    // What else is in the working tree is none of the pull request's business.
    await at.write('mesh/mesh.yaml', `# Half a thought\n${before}`);
    const ran = await at.cut('abe', asked);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const [pull] = await pulls(at);
    expect(pull).toMatchObject({
      title: `Hold on principal finance until ${today}`,
      user: { login: 'abe' },
      head: { ref: expect.stringMatching(branch) },
      base: { ref: 'main' },
    });
    const hold = `holds:\n  - scope: { principal: finance }\n    reason: "Key *leaked* for @everyone"\n    until: ${today}`;
    expect(await at.fileOn(pull?.head.ref ?? '', 'mesh/mesh.yaml')).toBe(`${before}${hold}`);
    expect(pull?.body).toContain('> Key \\*leaked\\* for @\u200deveryone\n');
    expect(pull?.body).toContain(
      '### What it cuts\n\n- revoke DESCRIBE, SELECT with grant option on table sales.orders for finance\n',
    );
    expect(ran.out.indexOf(`Opened ${pull?.html_url}\n`)).toBeLessThan(ran.out.indexOf('Plan: '));
    expect(ran.out).toMatch(/counts in the apply workflow from now on, for @abe is an administrator/);
    expect(held(at)).toEqual([]);
    const again = await at.cut('abe', ['--principal', 'finance', '--now']);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).toContain(`Open already: ${pull?.html_url}\n`);
    expect(await pulls(at)).toHaveLength(1);
    expect((await at.meshFile()).match(/principal: finance/g)).toHaveLength(1);
    expect(await at.branches()).toHaveLength(2);
    // A pull request counts as the word of whoever opened it, so each person has one of their own.
    const other = await at.cut('bob', asked);
    expect(other).toMatchObject({ code: 0, err: '' });
    expect(other.out).toMatch(/^Opened /m);
    expect(other.out).toMatch(
      /The next apply gives back what was cut, until https:\S+ is merged: .*Have one run the same command: @abe\.\n/,
    );
    expect((await pulls(at)).map(({ user }) => user?.login)).toEqual(['bob', 'abe']);
  });

  test('killed or cut off anywhere, it is finished by the next run, with one hold and one pull request', async () => {
    const at = await cutTown();
    const operations = ['git/create-commit', 'git/create-ref', 'pulls/create'];
    for (const operation of operations.slice(1)) {
      at.hub.setFaults([{ kind: 'forbidden', operation }]);
      const ran = await at.cut('abe', asked);
      expect(ran.code).toBe(5);
      expect(ran.err).toMatch(
        /^\nGITHUB GitHub said no \(403\)[\s\S]*was made all the same, but no pull request holds it\.\n$/,
      );
      expect(ran.out).toMatch(
        /Run the same command again\.\nThe hold is in mesh\/mesh\.yaml of this working tree alone/,
      );
      expect(held(at)).toEqual([]);
    }
    at.hub.setFaults(operations.map((operation) => ({ kind: 'drop-after', operation, times: 1 })));
    expect(await at.cut('abe', asked)).toMatchObject({ code: 0, err: '' });
    at.hub.setFaults([]);
    expect((await at.cut('abe', asked)).out).toMatch(/^Open already: /m);
    expect(await pulls(at)).toHaveLength(1);
    expect((await at.meshFile()).match(/principal: finance/g)).toHaveLength(1);
    expect((await at.branches()).filter((name) => branch.test(name))).toHaveLength(1);
  });

  test('a GitHub that does not answer does not stop the cut', async () => {
    const at = await cutTown();
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const ran = await at.cut('abe', asked, { GITHUB_API_URL: url, MESHGATE_GITHUB_PACE: '50' });
    silent.close();
    expect(ran).toMatchObject({
      code: 5,
      err: expect.stringContaining('GITHUB GitHub has not answered within 1 seconds'),
    });
    expect(held(at)).toEqual([]);
  });

  test('on a main that moved the pull request is made anew, a later end is asked in the same one, and a merged hold is not asked again', async () => {
    const at = await cutTown();
    await at.cut('abe', asked);
    const moved = `# Moved\n${await at.fileOn('main', 'mesh/mesh.yaml')}\n`;
    at.hub.as('ada').commit({ 'mesh/mesh.yaml': moved }, { branch: 'main' });
    const later = await at.cut('abe', [...asked, '--until', '2999-12-31']);
    expect(later).toMatchObject({ code: 0, err: '' });
    const [pull, ...others] = await pulls(at);
    expect(others).toEqual([]);
    const text = await at.fileOn(pull?.head.ref ?? '', 'mesh/mesh.yaml');
    expect(text).toMatch(/^# Moved\n[\s\S]*until: 2999-12-31$/);
    await at.hub.as('ada').merge(pull?.number ?? 0);
    const merged = await at.cut('abe', asked);
    expect(merged).toMatchObject({ code: 0, err: '' });
    expect(merged.out).toMatch(/^origin\/main at [0-9a-f]{12} holds this already$/m);
    expect(await pulls(at)).toHaveLength(1);
  });

  test('without a token the commands and a link open it, and --dry-run only says so', async () => {
    const at = await cutTown();
    const dry = await at.cut('abe', [...asked, '--dry-run']);
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toMatch(
      /Plan: \d+ to revoke[\s\S]*Before it cuts it would open the pull request: Hold on principal finance until /,
    );
    expect(await pulls(at)).toEqual([]);
    expect(held(at)).not.toEqual([]);
    const ran = await at.cut('abe', asked, { GITHUB_TOKEN: '', GITHUB_SERVER_URL: 'https://git.example' });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(held(at)).toEqual([]);
    const [push, link] = ran.out.trimEnd().split('\n').slice(-2);
    const name = /^ {2}git push --set-upstream origin (request\/hold-[0-9a-f]{8})$/.exec(push ?? '')?.[1];
    expect(ran.out).toContain(
      `  git switch --create ${name}\n  git commit --message 'Hold on principal finance until ${today}' mesh/mesh.yaml\n`,
    );
    const page = new URL((link ?? '').trim());
    expect(page.origin + page.pathname).toBe(`https://git.example/acme/mesh/compare/main...${name}`);
    expect(page.searchParams.get('title')).toBe(`Hold on principal finance until ${today}`);
    expect(page.searchParams.get('body')).toContain('### What it cuts');
    // Where nobody can tell which repository on GitHub this is, that is no reason not to cut.
    for (const GITHUB_TOKEN of ['', 'some-token']) {
      const ran = await at.cut('abe', asked, { GITHUB_TOKEN, GITHUB_REPOSITORY: '' });
      expect(ran).toMatchObject({
        code: GITHUB_TOKEN === '' ? 0 : 5,
        out: expect.stringContaining('Commit it and merge it soon'),
      });
    }
  });
});
