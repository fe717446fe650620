import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from '../../src/cli/program.ts';
import { areasOf } from '../../src/codeowners/areas.ts';
import { codeownersText } from '../../src/codeowners/generate.ts';
import { type Hub, startHub } from '../hub/hub.ts';
import { declared } from './example-pull.ts';
import type { Ran } from './meshgate.ts';
import { townMesh } from './town.ts';

type Env = Readonly<Record<string, string>>;

/** What a check said, where. */
export interface Checked extends Ran {
  readonly summary: string;
  /** The file that `--output` names. */
  readonly output: Readonly<Record<string, unknown>>;
}

/** A hub with the town's mesh, whose people own what its files say, and its checks as the workflow runs them. */
export interface PullScene {
  readonly hub: Hub;
  /** Checks the merge of a pull request into main. */
  readonly check: (number: number, env?: Env) => Promise<Checked>;
  /** The comments of a pull request: who wrote each, and what. */
  readonly comments: (
    number: number,
  ) => Promise<readonly { readonly by: string; readonly id: number; readonly body: string }[]>;
  readonly end: () => Promise<void>;
}

/** Sets the scene. */
export async function pullScene(): Promise<PullScene> {
  const owners = codeownersText(areasOf(declared(townMesh), 'mesh/'), 'mesh/');
  const files = Object.fromEntries(Object.entries(townMesh).map(([path, text]) => [`mesh/${path}`, text]));
  const hub = await startHub({ files: { ...files, '.github/CODEOWNERS': owners } });
  for (const [index, login] of ['ada', 'bob', 'eve', 'fay', 'mal'].entries())
    hub.join(login, login === 'ada' ? 'admin' : 'write', { id: index + 1 });
  const scratch = mkdtempSync(join(tmpdir(), 'meshgate-pulls-'));
  const place = { owner: 'acme', repo: 'mesh' };
  const { rest } = hub.as('ada').octokit;
  return {
    hub,
    check: async (number, env = {}) => {
      const { data: pull } = await rest.pulls.get({ ...place, pull_number: number });
      const work = mkdtempSync(join(scratch, 'work-'));
      hub.clone(work);
      mergeInto(work, `refs/pull/${number}/head`);
      const [event, summary, output] = ['event.json', 'summary.md', 'output.json'].map((name) =>
        join(scratch, name),
      ) as [string, string, string];
      writeFileSync(event, JSON.stringify({ pull_request: pull }));
      writeFileSync(summary, '');
      writeFileSync(output, '{}');
      const ran = await runIn(work, ['github', 'check', '--output', output], {
        GITHUB_EVENT_PATH: event,
        GITHUB_REPOSITORY: hub.repository,
        GITHUB_API_URL: hub.url,
        GITHUB_TOKEN: hub.workflowToken({ contents: 'read', pull_requests: 'write' }),
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_SERVER_URL: 'https://github.example',
        GITHUB_RUN_ID: '7',
        MESHGATE_GITHUB_PACE: '5',
        ...env,
      });
      return { ...ran, summary: readFileSync(summary, 'utf8'), output: JSON.parse(readFileSync(output, 'utf8')) };
    },
    comments: async (number) => {
      const { data } = await rest.issues.listComments({ ...place, issue_number: number });
      return data.map(({ user, id, body = '' }) => ({ by: user?.login ?? '', id, body }));
    },
    end: async () => {
      rmSync(scratch, { recursive: true, force: true });
      await hub.close();
    },
  };
}

/** Merges as GitHub does for the run of a pull request. */
function mergeInto(work: string, ref: string): void {
  const git = (...args: readonly string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=x', '-c', 'user.email=x@example.org', '-c', 'commit.gpgsign=false', ...args],
      { cwd: work, stdio: 'pipe' },
    );
  git('fetch', '--quiet', 'origin', ref);
  git('merge', '--quiet', '--no-ff', '--message', 'Merge', 'FETCH_HEAD');
}

/** Runs a command in this process, one at a time only. */
export async function runIn(directory: string, args: readonly string[], env: Env): Promise<Ran> {
  const before = { env: process.env, directory: process.cwd() };
  const said = { out: '', err: '' };
  process.chdir(directory);
  process.env = { PATH: before.env['PATH'] ?? '', HOME: directory, AWS_EC2_METADATA_DISABLED: 'true', ...env };
  try {
    const code = await program(args, {
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
      env: process.env,
      exit: () => undefined,
      isTerminal: { out: false, err: false },
    });
    return { code, signal: null, ...said };
  } finally {
    process.env = before.env;
    process.chdir(before.directory);
  }
}
