import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { startHub } from '../hub/hub.ts';
import { soundRules } from '../support/apply-scene.ts';
import { withMarketing } from '../support/consumer-town.ts';
import { keysOf, townMesh, townSeed } from '../support/town.ts';
import type { Stage } from './runner.ts';

/** The town, of which runs may enter one account. */
const mesh = {
  ...townMesh,
  'accounts/marketing.yaml': `${townMesh['accounts/marketing.yaml']}runsAs: { observe: meshgate-observe, apply: meshgate-apply }\n`,
};

const top = fileURLToPath(new URL('../../', import.meta.url));

/** A mesh repository as init writes it, at a GitHub and with a lake. */
export interface Setting extends Stage {
  readonly emulator: Emulator;
  /** The built command line of the package as it was installed. */
  readonly meshgate: string;
  readonly end: () => Promise<void>;
}

/** Packs the package, installs it, writes a mesh repository with it, and puts that on the hub. */
export async function setTheStage(): Promise<Setting> {
  const scratch = mkdtempSync(join(tmpdir(), 'meshgate-rehearsal-'));
  const installed = join(scratch, 'installed');
  mkdirSync(installed);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', scratch], { cwd: top, stdio: 'pipe' });
  const [packed = ''] = readdirSync(scratch).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(installed, 'package.json'), '{ "private": true }\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', join(scratch, packed)], {
    cwd: installed,
    stdio: 'pipe',
  });
  const meshgate = join(installed, 'node_modules', 'meshgate', 'dist', 'cli', 'main.js');
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  // The package is not published yet: `npm ci` lays down what was installed once. All else is npm itself.
  writeFileSync(
    join(bin, 'npm'),
    `#!/usr/bin/env bash\nif [ "$1" = ci ]; then exec cp -al '${installed}/node_modules' node_modules; fi\nPATH=\${PATH#*:} exec npm "$@"\n`,
  );
  chmodSync(join(bin, 'npm'), 0o755);
  const repository = join(scratch, 'repository');
  for (const [path, text] of Object.entries(mesh)) write(join(repository, 'mesh', path), text);
  execFileSync(process.execPath, [meshgate, 'init', repository], { stdio: 'pipe' });
  const hub = await startHub({ files: filesIn(repository), now: new Date().toISOString() });
  for (const [index, login] of ['ada', 'bob', 'eve', 'fay', 'mal'].entries())
    hub.join(login, login === 'ada' ? 'admin' : 'write', { id: index + 1 });
  hub.wait(60_000);
  hub.setRules(soundRules);
  const emulator = await startEmulator({ seed: withMarketing()(townSeed()) });
  return {
    ...{ hub, scratch, emulator, meshgate },
    path: bin,
    aws: emulator.url,
    roles: { 'the-role-that-writes': keysOf.admin, 'the-role-that-reads': keysOf.reader },
    vars: {
      MESHGATE_APPLY_ROLE: 'the-role-that-writes',
      MESHGATE_PLAN_ROLE: 'the-role-that-reads',
      MESHGATE_REGION: 'eu-west-1',
      MESHGATE_TRUST_ROOT: hub.tip(),
      MESHGATE_APP_USER: '0',
    },
    end: async () => {
      await emulator.close();
      await hub.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function filesIn(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  const files = paths.filter((path) => statSync(path).isFile() && !relative(folder, path).startsWith('.git/'));
  return Object.fromEntries(files.map((path) => [relative(folder, path), readFileSync(path, 'utf8')]));
}

/** A text without what differs from run to run: commits, times, the ports of stand-ins. */
export function steady(text: string): string {
  const accounts = new Set(Object.values(townMesh).flatMap((file) => file.match(/\b\d{12}\b/g) ?? []));
  return text
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<seal>')
    .replaceAll(/\b[0-9a-f]{40}\b/g, '<commit>')
    .replaceAll(/\b[0-9a-f]{12}\b/g, (id) => (accounts.has(id) ? id : '<id>'))
    .replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::[\d.]+Z?)?/g, '<time>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '<address>');
}
