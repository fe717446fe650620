import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Event } from '../hub/events.ts';
import type { Hub } from '../hub/hub.ts';
import type { Bearer } from '../hub/world.ts';
import { type Artifacts, get, keep } from './artifacts.ts';
import { type Contexts, filled, holds } from './expressions.ts';
import { type Job, type Step, workflowOf } from './workflow.ts';

/** What GitHub Actions is where nothing but this machine is there. */
export interface Stage {
  readonly hub: Hub;
  /** A folder of the rehearsal's own. */
  readonly scratch: string;
  /** Folders that are searched for programs first: an `npm` that installs from what was installed once. */
  readonly path: string;
  /** Where AWS is. */
  readonly aws: string;
  /** The keys that a role is assumed with, by the role's name. */
  readonly roles: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The variables of the repository. */
  readonly vars: Readonly<Record<string, string>>;
}

/** How one job ended. */
export interface Ended {
  readonly workflow: string;
  readonly job: string;
  readonly conclusion: 'success' | 'failure' | 'skipped';
  readonly log: string;
  readonly summary: string;
  readonly artifacts: readonly string[];
}

/** Runs all jobs of a workflow for an event of somebody, and leaves at the hub what GitHub would keep of it. */
export async function runWorkflow(stage: Stage, file: string, event: Event, by: string): Promise<readonly Ended[]> {
  const { hub } = stage;
  const payload = hub.event(event, by) as Readonly<Record<string, unknown>>;
  return runJobs(stage, {
    file,
    name: event.name,
    payload,
    inputs: event.name === 'workflow_dispatch' ? event.inputs : {},
  });
}

/** Runs a workflow on its schedule. */
export async function runSchedule(stage: Stage, file: string, schedule: string): Promise<readonly Ended[]> {
  return runJobs(stage, { file, name: 'schedule', payload: { schedule }, inputs: {} });
}

/** Runs what was dispatched and waits at the hub. */
export async function runQueued(stage: Stage): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  for (let run = queued(stage.hub); run !== undefined; run = queued(stage.hub)) {
    run.status = 'completed';
    const inputs = run.inputs as Readonly<Record<string, string>>;
    const payload = stage.hub.event({ name: 'workflow_dispatch', workflow: run.workflow, inputs }, 'acme');
    ended.push(...(await runJobs(stage, { file: run.workflow, name: 'workflow_dispatch', payload, inputs }, run)));
  }
  return ended;
}

function queued(hub: Hub) {
  return hub.repo.runs.find(({ status }) => status === 'queued');
}

interface Trigger {
  readonly file: string;
  readonly name: string;
  readonly payload: unknown;
  readonly inputs: Readonly<Record<string, string>> | undefined;
}

async function runJobs(
  stage: Stage,
  { file, name, payload, inputs = {} }: Trigger,
  record?: { conclusion: string | null },
): Promise<readonly Ended[]> {
  const { hub } = stage;
  const begun = new Date(hub.world.clock.now).toISOString();
  const sha = hub.tip();
  const text = hub.repo.bare.file(sha, `.github/workflows/${file}`);
  if (text === undefined) throw new Error(`there is no workflow ${file}`);
  const workflow = workflowOf(String(text));
  const pull = (payload as { pull_request?: { number: number; head: { sha: string } } }).pull_request;
  const github = {
    event: payload,
    event_name: name,
    repository: hub.repository,
    ref: pull === undefined ? 'refs/heads/main' : `refs/pull/${pull.number}/merge`,
    token: '',
  };
  const ended: Ended[] = [];
  const artifacts: Artifacts = new Map();
  const done: Record<string, Done> = {};
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const needs = Object.fromEntries([job.needs ?? []].flat().map((name) => [name, done[name]]));
    const isSuccess = Object.values(needs).every((one) => one?.result === 'success');
    const contexts = { github, vars: stage.vars, inputs, needs };
    const parts = holds(job.if, contexts, isSuccess) ? partsOf(job, contexts) : [];
    const outputs: Record<string, string> = {};
    const results: Ended['conclusion'][] = [];
    for (const part of parts) {
      const one = await runJob(stage, { file, id, job, artifacts, outputs, contexts: { ...contexts, ...part } });
      ended.push(one);
      results.push(one.conclusion);
      const name = filled(job.name ?? id, { ...contexts, ...part });
      await keepCheck(hub, { name, head: pull?.head.sha ?? sha, conclusion: one.conclusion });
    }
    if (parts.length === 0) ended.push({ ...nothing, workflow: file, job: id });
    done[id] = { result: results.find((one) => one !== 'success') ?? results[0] ?? 'skipped', outputs };
  }
  hub.wait(60_000);
  const isGood = ended.every(({ conclusion }) => conclusion !== 'failure');
  const conclusion = isGood ? 'success' : 'failure';
  if (record !== undefined) record.conclusion = conclusion;
  else
    hub.repo.runs.push({
      ...{ id: hub.world.ids.next, workflow: file, ref: 'main', sha, event: name, inputs, actor: hub.user('acme') },
      ...{ createdAt: begun, status: 'completed', conclusion },
    });
  hub.world.ids.next += 1;
  return ended;
}

const nothing = { conclusion: 'skipped', log: '', summary: '', artifacts: [] } as const;

/** What is known of a job by those that need it. */
interface Done {
  readonly result: Ended['conclusion'];
  readonly outputs: Readonly<Record<string, string>>;
}

/** The jobs that a job is, by its matrix. */
function partsOf({ strategy }: Job, contexts: Contexts): readonly Contexts[] {
  if (strategy === undefined) return [{}];
  const [entry] = Object.entries(strategy.matrix);
  if (entry === undefined || Object.keys(strategy.matrix).length > 1) throw new Error('a matrix has one name');
  const [name, list] = entry;
  // GitHub's evaluator writes only plain values as text.
  const [, inside = ''] = /^\$\{\{ fromJSON\((.*)\) \}\}$/.exec(list) ?? [];
  const values = JSON.parse(filled(`\${{ ${inside} }}`, contexts)) as readonly string[];
  return values.map((value, index) => ({ matrix: { [name]: value }, strategy: { 'job-index': index } }));
}

async function keepCheck(hub: Hub, check: { name: string; head: string; conclusion: string }): Promise<void> {
  const client = hub.client(hub.workflowToken({ checks: 'write' }));
  const [owner = '', repo = ''] = hub.repository.split('/');
  await client.rest.checks.create({
    ...{ owner, repo, name: check.name, head_sha: check.head, status: 'completed' },
    conclusion: check.conclusion as 'success' | 'failure',
  });
}

interface JobRun {
  readonly file: string;
  readonly id: string;
  readonly job: Job;
  readonly contexts: Contexts;
  readonly artifacts: Artifacts;
  /** Gets what the job tells those that need it. */
  readonly outputs: Record<string, string>;
}

async function runJob(stage: Stage, { file, id, job, artifacts: kept, outputs, ...run }: JobRun): Promise<Ended> {
  const { hub, scratch } = stage;
  const github = { ...(run.contexts['github'] as Contexts), token: hub.workflowToken(permissionsOf(job)) };
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  const secrets = { MESHGATE_CACHE_KEY: 'rehearsed'.repeat(4) };
  const contexts: Contexts = { ...run.contexts, github, secrets, steps };
  const work = join(mkdtempSync(join(scratch, `${id}-`)), 'mesh');
  mkdirSync(work);
  const files = Object.fromEntries(
    ['summary', 'output', 'env', 'event'].map((name) => [name, join(work, '..', name)]),
  ) as Record<'summary' | 'output' | 'env' | 'event', string>;
  for (const path of Object.values(files)) writeFileSync(path, '');
  writeFileSync(files.event, JSON.stringify((github as Contexts)['event']));
  const log: string[] = [];
  const artifacts: string[] = [];
  const done = (conclusion: Ended['conclusion']): Ended => ({
    ...{ workflow: file, job: id, conclusion, log: log.join('\n'), artifacts },
    summary: readFileSync(files.summary, 'utf8'),
  });
  const base = {
    ...{ PATH: `${stage.path}:${process.env['PATH'] ?? ''}`, HOME: scratch, CI: 'true', GITHUB_ACTIONS: 'true' },
    ...{ GITHUB_REPOSITORY: hub.repository, GITHUB_API_URL: hub.url, GITHUB_SERVER_URL: 'https://github.example' },
    ...{
      GITHUB_RUN_ID: '7',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_EVENT_NAME: String((github as Contexts)['event_name']),
      GITHUB_REF: String((github as Contexts)['ref']),
    },
    ...{ GITHUB_EVENT_PATH: files.event, GITHUB_STEP_SUMMARY: files.summary, GITHUB_OUTPUT: files.output },
    ...{ GITHUB_ENV: files.env, AWS_ENDPOINT_URL: stage.aws, AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ MESHGATE_GITHUB_PACE: '5', MESHGATE_READ_BACK: '1', NO_COLOR: '1' },
  };
  let isSuccess = true;
  for (const step of job.steps) {
    if (!holds(step.if, contexts, isSuccess)) continue;
    const ended = await runStep(step, { stage, work, files, contexts, base, artifacts, kept, job });
    log.push(`--- ${step.name ?? step.uses ?? step.run}\n${ended.log}`);
    if (step.id !== undefined) steps[step.id] = { outputs: ended.outputs };
    if (ended.code !== 0 && step['continue-on-error'] !== true) isSuccess = false;
  }
  for (const [name, text] of Object.entries(job.outputs ?? {})) outputs[name] = filled(text, contexts);
  return done(isSuccess ? 'success' : 'failure');
}

/** A job's permissions in the words of the hub. */
function permissionsOf({ permissions = {} }: Job): NonNullable<Bearer['permissions']> {
  const entries = Object.entries(permissions).filter(([name]) => name !== 'id-token');
  return Object.fromEntries(entries.map(([name, level]) => [name.replaceAll('-', '_'), level])) as NonNullable<
    Bearer['permissions']
  >;
}

interface StepRun {
  readonly stage: Stage;
  readonly work: string;
  readonly files: Readonly<Record<'summary' | 'output' | 'env' | 'event', string>>;
  readonly contexts: Contexts;
  readonly base: Readonly<Record<string, string>>;
  readonly artifacts: string[];
  readonly kept: Artifacts;
  readonly job: Job;
}

interface StepEnded {
  readonly code: number;
  readonly log: string;
  readonly outputs: Record<string, string>;
}

async function runStep(step: Step, run: StepRun): Promise<StepEnded> {
  if (step.uses !== undefined) return runAction(step, run);
  const written = Object.fromEntries(
    readFileSync(run.files.env, 'utf8')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const own = { ...run.job.env, ...step.env };
  const env = Object.fromEntries(Object.entries(own).map(([name, text]) => [name, filled(String(text), run.contexts)]));
  return bash(String(step.run), { cwd: run.work, env: { ...run.base, ...written, ...env } });
}

/** A step's script, as the runner starts it (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax). */
function bash(script: string, at: { cwd: string; env: Record<string, string> }): Promise<StepEnded> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], at);
    let log = '';
    child.stdout.on('data', (text: Buffer) => {
      log += String(text);
    });
    child.stderr.on('data', (text: Buffer) => {
      log += String(text);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, log, outputs: {} }));
  });
}

/** The few actions that the workflows use: what each does here in place of GitHub's runner. */
function runAction({ uses = '', with: given = {} }: Step, run: StepRun): StepEnded {
  const { stage, work, files, contexts, artifacts } = run;
  const [name = '', pin = ''] = uses.split('@');
  if (!/^[0-9a-f]{40}$/.test(pin)) throw new Error(`${uses} is not pinned by a commit`);
  const input = (key: string): string => filled(String(given[key] ?? ''), contexts);
  const none = (log = ''): StepEnded => ({ code: 0, log, outputs: {} });
  switch (name) {
    case 'actions/checkout': {
      if (input('persist-credentials') !== 'false') throw new Error('a checkout keeps its credentials');
      stage.hub.clone(work, input('fetch-depth') === '0' ? {} : { depth: 1 });
      const { ref } = contexts['github'] as { ref: string };
      const [, number] = /^refs\/pull\/(\d+)\/merge$/.exec(ref) ?? [];
      if (number !== undefined && input('ref') === '') mergePull(work, number);
      const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: work, encoding: 'utf8' });
      if (/^[0-9a-f]{40}$/.test(input('ref'))) git('checkout', '--quiet', input('ref'));
      return { ...none(git('log', '--oneline', '-1')), outputs: { commit: git('rev-parse', 'HEAD').trim() } };
    }
    case 'actions/setup-node':
      return none();
    case 'aws-actions/configure-aws-credentials': {
      if (run.job.permissions?.['id-token'] !== 'write') throw new Error('the job lacks id-token: write');
      const keys = stage.roles[input('role-to-assume')];
      if (keys === undefined) return { code: 1, log: `no role ${input('role-to-assume')}`, outputs: {} };
      const lines = Object.entries({ ...keys, AWS_REGION: input('aws-region') });
      appendFileSync(files.env, lines.map(([key, value]) => `${key}=${value}\n`).join(''));
      return none();
    }
    case 'actions/upload-artifact': {
      const path = join(work, input('path'));
      if (existsSync(path)) {
        artifacts.push(input('name'));
        keep(run.kept, input('name'), { from: path, in: join(stage.scratch, `kept-${basename(dirname(work))}`) });
      } else if (input('if-no-files-found') !== 'ignore') return { code: 1, log: `${path} is not there`, outputs: {} };
      return none();
    }
    case 'actions/download-artifact': {
      const wanted = { name: input('name'), pattern: input('pattern') };
      return get(run.kept, wanted, join(work, input('path')))
        ? none()
        : { code: 1, log: 'no such artifact', outputs: {} };
    }
    case 'actions/create-github-app-token': {
      const permissions = { contents: 'write', pull_requests: 'write' } as const;
      return { code: 0, log: '', outputs: { token: stage.hub.appToken('mesh-app[bot]', permissions) } };
    }
    default:
      throw new Error(`nobody has said what ${uses} does`);
  }
}

function mergePull(work: string, number: string): void {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=GitHub', '-c', 'user.email=noreply@github.com', ...args], { cwd: work });
  git('fetch', '--quiet', 'origin', `refs/pull/${number}/head`);
  git('-c', 'commit.gpgsign=false', 'merge', '--quiet', '--no-ff', '--message', 'Merge', 'FETCH_HEAD');
}
