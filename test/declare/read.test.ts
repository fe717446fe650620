import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { declare } from '../../src/declare/declare.ts';
import { readMesh } from '../../src/declare/read.ts';
import { baseMesh } from '../support/problem-cases.ts';

let parent = '';
let mesh = '';

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'meshgate-read-'));
  mesh = join(parent, 'mesh');
  mkdirSync(mesh);
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(mesh, path)), { recursive: true });
  writeFileSync(join(mesh, path), content);
}

function writeBase(): void {
  for (const [path, text] of Object.entries(baseMesh())) write(path, text);
}

async function problems(directory = mesh): Promise<readonly string[]> {
  const result = declare(await readMesh(directory));
  if (result.ok) return [];
  return result.problems.map(({ code, place }) => {
    const where = place === undefined ? '' : ` ${place.file.replace(`${parent}/`, '')}:${place.line}:${place.column}`;
    return `${code}${where}`;
  });
}

describe('what is read', () => {
  test('a whole mesh, with the ids that git gives to its files', async () => {
    writeBase();
    write('README.md', '# mesh');
    write('x-notes/anything.txt', 'text');
    write('accounts/.keep', '');
    write('accounts/x-draft.yaml', 'not: {a mesh file');
    const read = await readMesh(mesh);
    expect(read.files.map(({ path }) => path)).toEqual(Object.keys(baseMesh()).toSorted());
    for (const { path, blob } of read.files) {
      expect(blob).toBe(
        execFileSync('git', ['hash-object', '--no-filters', join(mesh, path)], { encoding: 'utf8' }).trim(),
      );
    }
    expect(declare(read).ok).toBe(true);
  });

  test('a byte order mark and carriage returns, with the right positions', async () => {
    writeBase();
    const text = (baseMesh()['mesh.yaml'] ?? '').replace('publicReader: organization', 'publicReader: organisation');
    write('mesh.yaml', `\uFEFF${text.replaceAll('\n', '\r\n')}`);
    expect(await problems()).toEqual(['UNKNOWN_PRINCIPAL mesh/mesh.yaml:11:15']);
  });

  test('a directory however it is spelt', async () => {
    writeBase();
    expect((await readMesh(`${parent}/./mesh//`)).files[0]?.file).toBe(`${mesh}/accounts/marketing.yaml`);
  });
});

describe('what is refused', () => {
  test('no directory', async () => {
    expect(await problems(join(parent, 'nothing'))).toEqual(['NO_MESH']);
    writeFileSync(join(parent, 'file'), '');
    expect(await problems(join(parent, 'file'))).toEqual(['NO_MESH']);
  });

  test('an empty directory', async () => {
    expect(await problems()).toEqual(['NO_MESH_FILE mesh/mesh.yaml:1:1']);
  });

  test('symbolic links to files and folders, and as the mesh directory', async () => {
    writeBase();
    write('../elsewhere/city.yaml', 'a: 1');
    symlinkSync('../../elsewhere/city.yaml', join(mesh, 'accounts/city.yaml'));
    symlinkSync('../elsewhere', join(mesh, 'x'));
    symlinkSync('../../elsewhere', join(mesh, 'products/city'));
    symlinkSync('mesh', join(parent, 'link'));
    expect(await problems()).toEqual([
      'SYMLINK mesh/accounts/city.yaml:1:1',
      'SYMLINK mesh/products/city:1:1',
      'SYMLINK mesh/x:1:1',
    ]);
    expect(await problems(join(parent, 'link'))).toEqual(['SYMLINK link:1:1']);
  });

  test('a link in place of mesh.yaml, said once', async () => {
    writeBase();
    rmSync(join(mesh, 'mesh.yaml'));
    symlinkSync('../mesh.yaml', join(mesh, 'mesh.yaml'));
    expect(await problems()).toEqual(['SYMLINK mesh/mesh.yaml:1:1']);
  });

  test('git submodules', async () => {
    writeBase();
    write('products/partner/.git', 'gitdir: ../..');
    write('products/partner/orders.yaml', 'a: 1');
    expect(await problems()).toEqual(['SUBMODULE mesh/products/partner:1:1']);
  });

  test('a pipe, without waiting for it', async () => {
    writeBase();
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(mesh, 'accounts/city.yaml')]);
    expect(await problems()).toEqual(['NOT_A_FILE mesh/accounts/city.yaml:1:1']);
  });

  test('a file of 50 MB, without reading it', async () => {
    writeBase();
    write('accounts/city.yaml', '');
    truncateSync(join(mesh, 'accounts/city.yaml'), 50_000_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await problems()).toEqual(['FILE_TOO_LARGE mesh/accounts/city.yaml:1:1']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  test('a file that is not UTF-8, at its first wrong byte', async () => {
    writeBase();
    write('accounts/city.yaml', Buffer.from('a: \uFFFD1\nb: é\nc: M\xfcller\n', 'latin1'));
    write('accounts/town.yaml', Buffer.concat([Buffer.from('a: é\nb: ö\uFFFD'), Buffer.from([0xc3, 0x28, 0x0a])]));
    write('accounts/utf16.yaml', Buffer.from('\uFEFFa: 1\n', 'utf16le'));
    expect(await problems()).toEqual([
      'NOT_UTF8 mesh/accounts/city.yaml:1:4',
      'NOT_UTF8 mesh/accounts/town.yaml:2:6',
      'NOT_UTF8 mesh/accounts/utf16.yaml:1:1',
    ]);
  });

  test('paths that differ in case alone', async () => {
    writeBase();
    write('products/sales/Orders.yaml', 'a: 1');
    expect(await problems()).toEqual([
      'BAD_NAME mesh/products/sales/Orders.yaml:1:1',
      'CASE_CONFLICT mesh/products/sales/orders.yaml:1:1',
    ]);
  });

  test('a faulty file does not make others faulty', async () => {
    writeBase();
    truncateSync(join(mesh, 'accounts/marketing.yaml'), 2_000_000);
    expect(await problems()).toEqual(['FILE_TOO_LARGE mesh/accounts/marketing.yaml:1:1']);
  });

  // The superuser may read everything; where the tests run as root they read as nobody.
  test('files and folders that may not be read', async () => {
    writeBase();
    chmodSync(join(mesh, 'accounts/marketing.yaml'), 0o000);
    chmodSync(join(mesh, 'subscriptions'), 0o000);
    chmodSync(parent, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.('nobody');
    try {
      expect(await problems()).toEqual([
        'UNREADABLE mesh/accounts/marketing.yaml:1:1',
        'UNREADABLE mesh/subscriptions:1:1',
      ]);
    } finally {
      if (isRoot) process.seteuid?.('root');
      chmodSync(join(mesh, 'subscriptions'), 0o755);
    }
  });
});

test('20,000 files in a few seconds', { timeout: 60_000 }, async () => {
  writeBase();
  const text = baseMesh()['subscriptions/sales/orders/marketing.yaml'] ?? '';
  for (let i = 0; i < 20_000; i++)
    write(`subscriptions/sales/orders/marketing.n${i}.yaml`, text.replace('read', 'discover'));
  const started = performance.now();
  const read = await readMesh(mesh);
  expect(read.files).toHaveLength(20_000 + Object.keys(baseMesh()).length);
  expect(performance.now() - started).toBeLessThan(10_000);
});
