import { parse } from 'yaml';
import type { WorkflowFile } from './workflows.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly name?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly name?: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: { readonly group?: string; readonly 'cancel-in-progress'?: boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A rule: what a workflow does against it, in words. */
type Rule = (workflow: Workflow, file: WorkflowFile) => readonly string[];

/** What begins a workflow with more rights than its author has, or from what a stranger wrote, is not among them. */
const triggers = ['push', 'pull_request', 'pull_request_review', 'schedule', 'workflow_dispatch', 'issues'];
/** The files whose schedule may be disabled by GitHub after two months of rest, with all else that is in them. */
const scheduled = ['.github/workflows/automerge.yml', '.github/workflows/drift.yml'];
const commands = new RegExp(
  `^(?:${[
    'npm ci --ignore-scripts',
    'npm run --if-present build',
    'npx --no-install meshgate github (?:check --output check\\.json|apply|automerge|drift|remind|intake)',
    'npx --no-install meshgate plan --accounts "\\$ACCOUNTS" --out read\\.part',
    'npx --no-install meshgate github plan --merge parts --out whole\\.plan',
    'npx --no-install meshgate apply --plan whole\\.plan(?: --accounts "\\$ACCOUNTS")? --turn [1-4] --out \\.meshgate/turn\\.outcomes',
    'npx --no-install meshgate github report --plan whole\\.plan --outcomes outcomes',
  ].join('|')})$`,
);
/** What may be filled into a workflow: nothing of it is written by whoever opens a pull request or an issue. */
const expressions =
  /^(?:vars\.MESHGATE_[A-Z_]+|secrets\.MESHGATE_(?:APP|CACHE)_KEY|github\.token|github\.event_name|inputs\.reason \|\| 'merge'|steps\.app\.outputs\.token|github\.event\.(?:pull_request|issue)\.number|fromJSON\(vars\.MESHGATE_PARTS\)|matrix\.accounts|strategy\.job-index|steps\.main\.outputs\.commit|needs\.begin\.outputs\.commit|!cancelled\(\) && needs\.(?:begin|plan)\.result == 'success')$/;

/** The newest main, and the commit of main that a run began with. */
const mains = ['main', '${{ needs.begin.outputs.commit }}'];

/** Our own rules for workflows, beside what the linters know. */
export const rules: Readonly<Record<string, Rule>> = {
  'actions are pinned by commit, with the version behind': (_, { text }) =>
    lines(text, /^\s*(?:- )?uses:/).filter(
      (line) => !/^\s*(?:- )?uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line),
    ),
  'nothing is allowed but what a job says, with the reason': ({ permissions, jobs }, { text }) => [
    ...(JSON.stringify(permissions) === '{}' ? [] : ['there is no permissions: {} on top']),
    ...Object.entries(jobs).flatMap(([id, job]) => (job.permissions === undefined ? [`job ${id} has none`] : [])),
    ...lines(text, /^ {6}[a-z-]+: (?:read|write)/).filter((line) => !/: (?:read|write) # \S/.test(line)),
  ],
  'a checkout leaves no token behind, and brings the whole history': ({ jobs }) =>
    stepsOf(jobs)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@') === true)
      .filter((step) => step.with?.['persist-credentials'] !== false || step.with?.['fetch-depth'] !== 0)
      .map(({ name }) => `${name}`),
  'only a pull request is checked out as it is; all else is main': ({ on, jobs }) =>
    stepsOf(jobs)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@') === true)
      .filter((step) =>
        'pull_request' in on ? step.with?.['ref'] !== undefined : !mains.includes(String(step.with?.['ref'])),
      )
      .map(({ name }) => `${name}`),
  'a step runs one known line': ({ jobs }) =>
    stepsOf(jobs).flatMap(({ run }) => (run === undefined || commands.test(run) ? [] : [run])),
  'only what no stranger writes is filled in': (_, { text }) =>
    [...text.matchAll(/\$\{\{\s*([\s\S]*?)\s*\}\}/g)]
      .map(([, inside = '']) => inside)
      .filter((inside) => !expressions.test(inside)),
  'nothing asks who the actor is': (_, { text }) => lines(text, /github\.(?:actor|triggering_actor)/),
  'it begins by a trigger that lends nobody rights': ({ on }) =>
    Object.keys(on).filter((name) => !triggers.includes(name)),
  'schedules stand in files that may sleep, and not on the hour': ({ on }, { path }) => {
    const crons = (on['schedule'] ?? []) as readonly { readonly cron: string }[];
    const faults = crons
      .filter(({ cron }) => /^(?:0|\*)(?:[,/ ]|$)/.test(cron) || /,0[, ]/.test(cron))
      .map(({ cron }) => cron);
    return crons.length > 0 && !scheduled.includes(path) ? [...faults, 'a schedule'] : faults;
  },
  'workflows, jobs and steps have names, and jobs an end': ({ name, jobs }) => [
    ...(name === undefined ? ['the workflow has no name'] : []),
    ...Object.entries(jobs).flatMap(([id, job]) => {
      const minutes = job['timeout-minutes'] ?? 360;
      const nameless = (job.steps ?? []).filter((step) => step.name === undefined).length;
      return job.name === undefined || minutes > 55 || nameless > 0 ? [`job ${id}`] : [];
    }),
  ],
  'one run at a time, and none that writes is cancelled': ({ concurrency, on }) => {
    const cancels = concurrency?.['cancel-in-progress'];
    const isSound = concurrency?.group !== undefined && cancels === 'pull_request' in on;
    return isSound ? [] : [JSON.stringify(concurrency ?? 'there is none')];
  },
  'a job that may write, but to its own pull request, runs from main alone': ({ jobs, on }) =>
    Object.entries(jobs).flatMap(([id, { permissions = {}, environment, if: condition = '' }]) => {
      const writes = Object.values(permissions).includes('write');
      const isMain =
        environment?.startsWith('mesh-') === true || /^github\.ref == 'refs\/heads\/main'(?: &&|$)/.test(condition);
      return writes && !('pull_request' in on) && !isMain ? [`job ${id}`] : [];
    }),
  'the trust root and the roles that write come from an environment': ({ jobs }) =>
    Object.entries(jobs).flatMap(([id, { environment, steps = [] }]) =>
      /MESHGATE_(?:TRUST_ROOT|APPLY_ROLE|APP_KEY)/.test(JSON.stringify(steps)) && environment === undefined
        ? [`job ${id}`]
        : [],
    ),
  'AWS is met with a role, never with keys': (_, { text }) =>
    lines(text, /aws-(?:access-key|secret)|AWS_(?:ACCESS|SECRET)/i),
};

/** What a workflow does against the rules. */
export function faultsOf(file: WorkflowFile): readonly string[] {
  const workflow = parse(file.text) as Workflow;
  return Object.entries(rules).flatMap(([name, rule]) =>
    rule(workflow, file).map((fault) => `${file.path}: ${name}: ${fault.trim()}`),
  );
}

function stepsOf(jobs: Workflow['jobs']): readonly Step[] {
  return Object.values(jobs).flatMap(({ steps = [] }) => steps);
}

function lines(text: string, form: RegExp): readonly string[] {
  return text.split('\n').filter((line) => form.test(line));
}
