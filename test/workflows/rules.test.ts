import { expect, test } from 'vitest';
import { faultsOf, rules } from './rules.ts';
import { planted, type WorkflowFile, workflowFiles } from './workflows.ts';

const files = workflowFiles();

function fileOf(name: string): WorkflowFile {
  const found = files.find(({ path }) => path === `.github/workflows/${name}.yml`);
  if (found === undefined) throw new Error(`there is no ${name}.yml`);
  return found;
}

test('the workflows are those that are known', () => {
  const names = ['apply', 'automerge', 'check', 'drift', 'intake'];
  expect(files.map(({ path }) => path)).toEqual(names.map((name) => `.github/workflows/${name}.yml`));
});

test.each(files.map((file) => [file.path, file] as const))('%s keeps the rules', (_, file) => {
  expect(faultsOf(file)).toEqual([]);
});

test('an action has the same version everywhere', () => {
  const pins = files.flatMap(({ text }) =>
    [...text.matchAll(/uses: (\S+)@(\S+)/g)].map(([, name, sha]) => `${name}@${sha}`),
  );
  const names = new Set(pins.map((pin) => pin.split('@')[0]));
  expect(new Set(pins).size).toBe(names.size);
});

const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1';
const drift = 'npx --no-install meshgate github drift';
const faults: readonly (readonly [rule: string, workflow: string, from: string, to: string])[] = [
  ['actions are pinned', 'check', `${checkout} # v7.0.1`, 'actions/checkout@v7'],
  ['actions are pinned', 'check', `${checkout} # v7.0.1`, checkout],
  ['nothing is allowed', 'check', 'permissions: {}', 'permissions: read-all'],
  ['nothing is allowed', 'apply', 'issues: write # keeps the issue of what is withheld', 'issues: write'],
  ['a checkout leaves', 'apply', '          persist-credentials: false\n', ''],
  ['a checkout leaves', 'apply', '          fetch-depth: 0\n', ''],
  ['only a pull request', 'apply', '          ref: main\n', ''],
  ['only a pull request', 'check', 'fetch-depth: 0', 'fetch-depth: 0\n          ref: main'],
  ['a step runs', 'drift', drift, 'npx meshgate github drift'],
  [
    'a step runs',
    'drift',
    `run: ${drift}`,
    'run: |\n          echo begin\n          npx --no-install meshgate github drift',
  ],
  ['only what no stranger', 'check', '${{ github.token }}', '${{ github.event.pull_request.title }}'],
  ['nothing asks', 'automerge', "github.ref == 'refs/heads/main'", "github.actor == 'somebody'"],
  ['it begins by', 'check', 'pull_request:', 'pull_request_target:'],
  ['it begins by', 'drift', 'workflow_dispatch:', 'workflow_run:'],
  ['schedules stand', 'apply', '  workflow_dispatch:', "  schedule: [{ cron: '5 * * * *' }]\n  workflow_dispatch:"],
  ['schedules stand', 'drift', '41 6 * * *', '0 6 * * *'],
  ['schedules stand', 'automerge', '7,22,37,52', '*/15'],
  ['workflows, jobs and steps', 'apply', 'timeout-minutes: 55', 'timeout-minutes: 90'],
  ['workflows, jobs and steps', 'apply', '    timeout-minutes: 55\n', ''],
  ['workflows, jobs and steps', 'apply', '      - name: Apply\n        run', '      - run'],
  ['one run at a time', 'apply', 'cancel-in-progress: false', 'cancel-in-progress: true'],
  ['one run at a time', 'drift', 'concurrency:\n  group: mesh-drift\n  cancel-in-progress: false\n', ''],
  ['a job that may write', 'apply', '    environment: mesh-apply\n', ''],
  ['a job that may write', 'automerge', "    if: github.ref == 'refs/heads/main'\n", ''],
  ['the trust root', 'drift', '    environment: mesh-drift\n', ''],
  ['AWS is met', 'apply', 'role-to-assume:', 'aws-access-key-id: AKIA\n          role-to-assume:'],
];

test.each(faults)('a planted fault is found: %s, in %s: %j becomes %j', (rule, workflow, from, to) => {
  expect(faultsOf(planted(fileOf(workflow), from, to)).join('\n')).toContain(`: ${rule}`);
});

test('every rule finds its planted fault', () => {
  const untried = Object.keys(rules).filter((name) => !faults.some(([rule]) => name.startsWith(rule)));
  expect(untried).toEqual([]);
});
