import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { program } from '../../src/cli/program.ts';
import { type Hub, startHub } from '../hub/hub.ts';
import type { Ran } from './meshgate.ts';
import { gitIn, temporary } from './stage.ts';
import { townMesh } from './town.ts';

/** A clone of the town's mesh, the hub it came from, and the command line of somebody in it. */
export interface RequestTown {
  readonly hub: Hub;
  readonly directory: string;
  readonly git: ReturnType<typeof gitIn>;
  readonly write: (path: string, text: string) => Promise<void>;
  /** Runs a command as eve, who owns the account marketing; the environment given is laid over. */
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>;
  /** What a file holds on a branch of the hub; undefined where there is none. */
  readonly fileOn: (branch: string, path: string) => Promise<string | undefined>;
  /** The branches of the hub. */
  readonly branches: () => Promise<readonly string[]>;
}

/** Founds the town on a hub. */
export async function requestTown(mesh: Readonly<Record<string, string>> = {}): Promise<RequestTown> {
  const files = Object.fromEntries(
    Object.entries({ ...townMesh, ...mesh }).map(([path, text]) => [`mesh/${path}`, text]),
  );
  const hub = await startHub({ files, people: { ada: 'admin', bob: 'write', eve: 'write', rita: 'read' } });
  // People push new branches, of which the hub needs to hear nothing before they are asked about.
  const directory = join(await temporary(), 'clone');
  hub.clone(directory);
  const git = gitIn(directory);
  await git('config', 'user.name', 'Eve');
  await git('config', 'user.email', 'eve@example.com');
  const write = async (path: string, text: string): Promise<void> => {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const usual = {
    GITHUB_API_URL: hub.url,
    GITHUB_REPOSITORY: hub.repository,
    NO_COLOR: '1',
  };
  const bare = gitIn(hub.directory);
  return {
    hub,
    directory,
    git,
    write,
    run: async (args, env = {}) => {
      const said = { out: '', err: '' };
      const console = {
        out: (text: string) => {
          said.out += text;
        },
        err: (text: string) => {
          said.err += text;
        },
        // A token of its own for each run: GitHub's client keeps pace by token.
        env: { ...usual, GITHUB_TOKEN: hub.token('eve'), ...env },
        exit: () => undefined,
        isTerminal: { out: false, err: false },
      };
      const code = await program([...args, '--mesh', join(directory, 'mesh')], console);
      // Where the clone is differs from run to run.
      const shown = (text: string): string => text.replaceAll(`${directory}/`, '');
      return { code, signal: null, out: shown(said.out), err: shown(said.err) };
    },
    fileOn: async (branch, path) => await bare('show', `${branch}:${path}`).catch(() => undefined),
    branches: async () => (await bare('for-each-ref', '--format=%(refname:short)', 'refs/heads')).split('\n'),
  };
}
