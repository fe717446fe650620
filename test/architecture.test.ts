import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { forbiddenImports, type Layer, type Source } from './support/imports.ts';

/** What each folder under `src` may import. */
const layers: Readonly<Record<string, Layer>> = {
  core: { packages: ['re2js', 'node:crypto'] },
  declare: {
    layers: ['core'],
    packages: ['yaml', 'ajv', 'ajv-formats', 'fastest-levenshtein', 'p-limit', 'node:crypto'],
    only: { 'utf8.ts': ['node:buffer'], 'read.ts': ['node:fs', 'node:path'], 'schemas.ts': ['node:fs', 'node:path'] },
  },
  desire: { layers: ['core'], types: ['declare'] },
  lifecycle: { layers: ['core'], types: ['declare'] },
  explain: { layers: ['core'], types: ['plan'] },
  doctor: { layers: ['core'] },
  observe: { layers: ['core'], packages: ['p-limit'] },
  plan: { layers: ['core'] },
  apply: { layers: ['core'], packages: ['p-limit'] },
  approve: { layers: ['core'], types: ['declare'] },
  import: { layers: ['core'], types: ['declare'], packages: ['yaml'] },
  bootstrap: { layers: ['core'], types: ['declare'], packages: ['yaml'] },
  codeowners: { layers: ['core'], types: ['declare'] },
  init: { layers: ['core'], types: ['declare', 'import'] },
  request: { layers: ['core'], types: ['declare'] },
  report: { layers: ['core'], packages: ['picocolors', 'csv-stringify/*'] },
  git: { layers: ['core'], packages: ['node:child_process', 'node:os', 'node:util'] },
  aws: { layers: ['core'], packages: ['@aws-sdk/*', 'p-retry', 'node:timers'] },
  github: { layers: ['core', 'report'], types: ['approve'], packages: ['@octokit/*', 'node:timers'] },
  emulator: { packages: ['node:*'] },
  'observing.ts': { layers: ['core', 'desire', 'observe'], types: ['declare'] },
  'reconcile.ts': {
    layers: ['core', 'desire', 'observe', 'plan', 'approve', 'observing.ts', 'trust.ts'],
    types: ['declare'],
  },
  'trust.ts': { layers: ['core', 'desire', 'approve'], types: ['declare'] },
  'carry-out.ts': { layers: ['core', 'observe', 'apply'], types: ['reconcile.ts'] },
  'offline.ts': { layers: ['core', 'desire', 'plan'], types: ['declare'] },
  'pull.ts': { layers: ['core', 'desire', 'approve'], types: ['declare'] },
  cli: { layers: ['*'], packages: ['*'] },
};

const longest = 250;
const generated = ['declare/files.ts'];
/** Files that put patterns together from their own constants, or from the schemas', and the emulator, whose text is AWS's clients'. */
const constantPatterns = [
  'core/principal.ts',
  'declare/format-faults.ts',
  'emulator/principal.ts',
  'emulator/glue/read-tables.ts',
];
const root = new URL('../src/', import.meta.url);
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .toSorted()
  .map((path): Source => ({ path, text: readFileSync(new URL(path, root), 'utf8') }));

const faults: Readonly<Record<string, (source: Source) => readonly string[]>> = {
  'each folder imports only what its layer allows': (source) => forbiddenImports(source, layers),
  [`no file is longer than ${longest} lines`]: ({ path, text }) => {
    const lines = text.split('\n').length - 1;
    return lines > longest && !generated.includes(path) ? [`${path} has ${lines} lines`] : [];
  },
  'nothing is exported by default': ({ path, text }) =>
    /^export\s+default\b|\bas\s+default\b/m.test(text) ? [`${path} has a default export`] : [],
  'no text becomes a pattern of the JavaScript engine': ({ path, text }) =>
    /\bRegExp\s*\(/.test(text) && !constantPatterns.includes(path) ? [`${path} makes a pattern of text`] : [],
  'only the entry of the command line exits': ({ path, text }) =>
    path !== 'cli/main.ts' && /\bprocess\s*\.\s*exit\b/.test(text) ? [`${path} exits`] : [],
};

describe.each(Object.entries(faults))('%s', (_, faultsOf) => {
  test('in src', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap(faultsOf)).toEqual([]);
  });
});

describe('a planted fault is found', () => {
  test.each([
    ['core/x.ts', "import { readFileSync } from 'node:fs';"],
    ['core/x.ts', "import { plan } from '../plan/plan.ts';"],
    ['core/x.ts', "import type { Plan } from '../plan/plan.ts';"],
    ['core/x.ts', "export { plan } from '../plan/plan.ts';"],
    ['core/x.ts', "import 'node:fs';"],
    ['core/x.ts', "const fs = await import('node:fs');"],
    ['core/x.ts', "import pc from\n  'picocolors';"],
    ['plan/guards/x.ts', "import { desire } from '../../desire/desire.ts';"],
    ['desire/x.ts', "import { declare } from '../declare/declare.ts';"],
    ['desire/x.ts', "import { type Access } from '../declare/files.ts';"],
    [
      'desire/x.ts',
      "import { a } from '../core/a.ts';\nimport type { B } from '../declare/b.ts';\nimport {\n  c,\n} from '../declare/c.ts';",
    ],
    ['approve/x.ts', "import { declare } from '../declare/declare.ts';"],
    ['declare/x.ts', "import { readFileSync } from 'node:fs';"],
    ['declare/rules/read.ts', "import { readFileSync } from 'node:fs';"],
    ['report/x.ts', "import { writeFileSync } from 'node:fs';"],
    ['doctor/x.ts', "import { connectLake } from '../aws/lake.ts';"],
    ['observe/x.ts', "import { connectLake } from '../aws/lake.ts';"],
    ['apply/x.ts', "import { LakeFormationClient } from '@aws-sdk/client-lakeformation';"],
    ['git/x.ts', "import { readFileSync } from 'node:fs';"],
    ['aws/x.ts', "import { execFile } from 'node:child_process';"],
    ['emulator/x.ts', "import { fold } from '../core/canonical.ts';"],
    ['emulator/x.ts', "import { LakeFormationClient } from '@aws-sdk/client-lakeformation';"],
    ['reconcile.ts', "import { connectLake } from './aws/lake.ts';"],
    ['reconcile.ts', "import { declare } from './declare/declare.ts';"],
    ['other/x.ts', 'export const x = 1;'],
    ['core/x.ts', "import { x } from '../../test/x.ts';"],
  ])('%s: %s', (path, text) => {
    expect(forbiddenImports({ path, text }, layers)).toHaveLength(1);
  });

  test.each([
    ['core/x.ts', 'x\n'.repeat(longest + 1)],
    ['core/x.ts', 'export default function x(): void {}\n'],
    ['core/x.ts', 'export { x as default };\n'],
    ['core/pattern.ts', 'export const x = new RegExp(text);\n'],
    ['declare/x.ts', 'export const x = RegExp (text);\n'],
    ['cli/program.ts', 'process.exit(1);\n'],
    ['cli/program.ts', 'const { exit } = { exit: process . exit };\n'],
  ])('%s: %j', (path, text) => {
    expect(Object.values(faults).flatMap((faultsOf) => faultsOf({ path, text }))).toHaveLength(1);
  });

  test.each([
    [
      'core/x.ts',
      "import { RE2JS } from 're2js';\nimport { fold } from './canonical.ts';\n// what comes from \"node:fs\" is not imported",
    ],
    ['desire/x.ts', "import type {\n  Access,\n  DataProduct,\n} from '../declare/files.ts';"],
    ['declare/read.ts', "import { open } from 'node:fs/promises';\nimport { posix } from 'node:path';"],
    ['aws/x.ts', "import { GlueClient } from '@aws-sdk/client-glue';"],
    ['cli/x.ts', "import { connectLake } from '../aws/lake.ts';\nconst { plan } = await import('./commands/plan.ts');"],
  ])('and none is made up: %s: %j', (path, text) => {
    expect(Object.values(faults).flatMap((faultsOf) => faultsOf({ path, text }))).toEqual([]);
  });
});
