import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { changesOf } from '../../src/cli/changed.ts';
import { checkedOut, loadApprovals, loadMesh, loadPast } from '../../src/cli/load.ts';
import { loadHistory } from '../../src/cli/load-history.ts';
import type { Changes } from '../../src/observing.ts';
import type { Run } from '../../src/reconcile.ts';
import { changedPaths, meshFilesOf } from './law-case.ts';

/** A real git repository that holds a mesh. */
export interface Repository {
  /** Commits the files on main and gives what the command line would make of the checkout. */
  readonly commit: (
    files: Readonly<Record<string, unknown>>,
    now: Date,
  ) => Promise<{
    readonly made: Run;
    /** The products and subscriptions that came with the commit, as `plan --changed-files` reads them; undefined for the first. */
    readonly changes: Changes | undefined;
    readonly unproven: ReadonlySet<string>;
  }>;
  readonly remove: () => Promise<void>;
}

/** A repository in a temporary directory, in which the n-th commit (from 0) is the trust root. */
export async function repositoryOf(rootIndex: number): Promise<Repository> {
  const directory = mkdtempSync(join(tmpdir(), 'meshgate-campaign-'));
  const git = (...args: readonly string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args],
      {
        cwd: directory,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', HOME: directory, GIT_CONFIG_NOSYSTEM: '1' },
      },
    ).trim();
  git('init', '--quiet', '--initial-branch=main');
  const commits: string[] = [];
  let former: Readonly<Record<string, unknown>> = {};
  /** The commit that each file's content came with. */
  const since = new Map<string, { readonly text: string; readonly commit: number }>();
  return {
    commit: async (files, now) => {
      const index = commits.length;
      const branch = `change-${index}`;
      const isMerged = index > 0 && index % 2 === 0;
      if (isMerged) git('checkout', '--quiet', '-b', branch);
      const texts = new Map(meshFilesOf(files).files.map(({ path, text }) => [path, text]));
      for (const path of since.keys()) if (!texts.has(path)) rmSync(join(directory, 'mesh', path));
      for (const path of [...since.keys()]) if (!texts.has(path)) since.delete(path);
      for (const [path, text] of texts) {
        const file = join(directory, 'mesh', path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        if (since.get(path)?.text !== text) since.set(path, { text, commit: index });
      }
      git('add', '--all', 'mesh');
      git('commit', '--quiet', '--allow-empty', '--message', `Version ${index}`);
      if (isMerged) {
        git('checkout', '--quiet', 'main');
        git('merge', '--quiet', '--no-ff', '--message', `Merge version ${index}`, branch);
      }
      commits.push(git('rev-parse', 'HEAD'));
      const mesh = join(directory, 'mesh');
      const root = commits[Math.min(rootIndex, index)] ?? '';
      const options = { mesh, trustRoot: root } as Parameters<typeof loadApprovals>[0];
      const made: Run = {
        declaration: await loadMesh(mesh),
        approvals: await loadApprovals(options, {}),
        ...(await pastIn(options)),
        ...(await checkedOut(mesh)),
        history: await loadHistory(mesh),
        now,
      };
      const unproven = [...since].filter(([, { commit }]) => commit > rootIndex).map(([path]) => path);
      const paths = index === 0 ? [] : changedPaths(former, files);
      former = files;
      const changedFiles = paths.map((path) => join(mesh, path));
      const changes = paths.length === 0 ? undefined : await changesOf({ mesh, changedFiles }, made.declaration);
      return { made, changes, unproven: new Set(unproven) };
    },
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function pastIn(options: Parameters<typeof loadPast>[0]): Promise<Pick<Run, 'past'>> {
  const past = await loadPast(options, {});
  return past === undefined ? {} : { past };
}
