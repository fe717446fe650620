import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import type { Rule } from '../hub/world.ts';
import { type Ran, start } from './meshgate.ts';
import { type PullScene, pullScene, runIn } from './pull-scene.ts';
import { central, keysOf, region, townSeed } from './town.ts';

type Env = Readonly<Record<string, string>>;

/** A hub and a lake, and what the workflows do after a merge. */
export interface ApplyScene extends PullScene {
  readonly emulator: Emulator;
  /** The same in a process of its own, which dies with its first call of an operation. */
  readonly applyKilledAt: (operation: string) => Promise<void>;
  /** The workflow that applies, from its checkout on; its end is what GitHub keeps of the run. */
  readonly apply: (env?: Env) => Promise<Ran & { readonly summary: string }>;
  readonly drift: (env?: Env) => Promise<Ran>;
  /** A command that only looks, run by somebody who may read, in a fresh clone. */
  readonly look: (args: readonly string[], env?: Env) => Promise<Ran>;
  /** The issues that are open, or of a state. */
  readonly issues: (state?: 'open' | 'closed') => Promise<readonly { number: number; title: string; body: string }[]>;
  /** Who holds what in the lake, a line each. */
  readonly held: () => readonly string[];
}

/** The ruleset that init prints. */
export const soundRules: readonly Rule[] = [
  {
    type: 'pull_request',
    parameters: {
      allowed_merge_methods: ['squash'],
      dismiss_stale_reviews_on_push: true,
      require_code_owner_review: true,
      require_last_push_approval: true,
      required_approving_review_count: 0,
      required_review_thread_resolution: false,
    },
  },
  { type: 'non_fast_forward' },
  { type: 'deletion' },
  {
    type: 'required_status_checks',
    parameters: { required_status_checks: [{ context: 'check' }], strict_required_status_checks_policy: false },
  },
] as readonly Rule[];

const workflow = 'on:\n  workflow_dispatch:\n    inputs: { reason: { type: string } }\njobs: {}\n';

/** Sets the scene: the town's mesh on main, trusted as it is, and the town's lake. */
export async function applyScene(): Promise<ApplyScene> {
  const scene = await pullScene();
  const { hub } = scene;
  // What is too old is told by the clock of whoever looks.
  hub.world.clock.now = Date.now();
  hub.as('ada').commit({ '.github/workflows/apply.yml': workflow }, { branch: 'main' });
  hub.wait(60_000);
  const root = hub.tip();
  const emulator = await startEmulator({ seed: townSeed() });
  const scratch = mkdtempSync(join(tmpdir(), 'meshgate-apply-'));
  const { rest } = hub.as('ada').octokit;
  const place = { owner: 'acme', repo: 'mesh' };
  const summary = join(scratch, 'summary.md');
  const usual = {
    GITHUB_REPOSITORY: hub.repository,
    GITHUB_API_URL: hub.url,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_RUN_ID: '7',
    MESHGATE_GITHUB_PACE: '5',
    MESHGATE_READ_BACK: '1',
    AWS_ENDPOINT_URL: emulator.url,
  };
  const applying = () => ({
    GITHUB_TOKEN: hub.workflowToken({ contents: 'read', actions: 'read', pull_requests: 'write', issues: 'write' }),
    MESHGATE_TRUST_ROOT: root,
    MESHGATE_REASON: 'merge',
    MESHGATE_CACHE_KEY: 'k'.repeat(32),
    ...keysOf.admin,
  });
  const checkedOut = (): string => {
    const work = mkdtempSync(join(scratch, 'work-'));
    hub.clone(work);
    writeFileSync(summary, '');
    return work;
  };
  const inMain = async (args: readonly string[], env: Env): Promise<Ran & { readonly summary: string }> => {
    const ran = await runIn(checkedOut(), args, { ...usual, ...env });
    return { ...ran, summary: readFileSync(summary, 'utf8') };
  };
  return {
    ...scene,
    emulator,
    applyKilledAt: async (operation) => {
      emulator.setFaults([{ kind: 'hang', operation }]);
      const { child, ended } = start(['github', 'apply'], { cwd: checkedOut(), env: { ...usual, ...applying() } });
      const isReached = (): boolean => emulator.journal().some(({ code }) => code === 'hang');
      while (!isReached() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
      child.kill('SIGKILL');
      const { signal, err } = await ended;
      if (signal !== 'SIGKILL') throw new Error(`it ended before ${operation}: ${err}`);
      emulator.setFaults([]);
    },
    apply: async (env = {}) => {
      const { sha } = { sha: hub.tip() };
      const startedAt = new Date(hub.world.clock.now).toISOString();
      const ran = await inMain(['github', 'apply'], { ...applying(), ...env });
      hub.wait(60_000);
      hub.repo.runs.push({
        ...{ id: hub.repo.runs.length + 1, workflow: 'apply.yml', ref: 'main', sha, event: 'push', inputs: {} },
        ...{ actor: hub.user('ada'), createdAt: startedAt, status: 'completed' },
        conclusion: ran.code === 0 ? 'success' : 'failure',
      });
      return ran;
    },
    drift: (env = {}) =>
      inMain(['github', 'drift'], {
        GITHUB_TOKEN: hub.workflowToken({
          contents: 'read',
          actions: 'write',
          pull_requests: 'read',
          issues: 'write',
        }),
        MESHGATE_TRUST_ROOT: root,
        ...keysOf.reader,
        ...env,
      }),
    look: (args, env = {}) =>
      inMain(args, {
        GITHUB_TOKEN: hub.workflowToken({ contents: 'read', pull_requests: 'read', issues: 'read' }),
        MESHGATE_TRUST_ROOT: root,
        ...keysOf.reader,
        ...env,
      }),
    issues: async (state = 'open') => {
      const { data } = await rest.issues.listForRepo({ ...place, state, per_page: 100 });
      return data
        .filter(({ pull_request: pull }) => pull === undefined)
        .map(({ number, title, body }) => ({ number, title, body: body ?? '' }));
    },
    held: () => emulator.snapshot(central, region).atoms.map((atom) => JSON.stringify(atom)),
    end: async () => {
      await emulator.close();
      rmSync(scratch, { recursive: true, force: true });
      await scene.end();
    },
  };
}
