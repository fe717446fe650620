import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node } from './processes.ts';
import type { Row } from './row.ts';
import { scratch } from './scratch.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const meshgate = join(root, 'dist/cli/main.js');

/** What starting costs: which files `--help` loads, and `validate` on the example against Node alone. */
export async function startRows(): Promise<readonly Row[]> {
  const help = await loadedBy('--help');
  const plan = await loadedBy('plan', '--mesh', join(root, 'mesh'));
  // The way of counting is only worth something if it sees the client where it is loaded.
  if (plan.filter(isAws).length === 0) throw new Error('plan is not seen to load the AWS client');
  const idle = await fastest(['-e', '0']);
  const validate = await fastest([meshgate, 'validate', '--mesh', join(root, 'mesh')]);
  return [
    {
      work: 'start',
      what: 'modules of an AWS client that --help loads',
      value: help.filter(isAws).length,
      measure: 'calls',
      most: 0,
    },
    { work: 'start', what: 'validate on the example / node -e 0', value: validate / idle, measure: 'times' },
    { work: 'start', what: 'validate on the example', value: validate, measure: 'seconds' },
  ];
}

const isAws = (url: string): boolean => /node_modules\/(@aws-sdk|@smithy)\//.test(url);

/** The files that Node loaded for a command, as its coverage lists them. */
async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
  const directory = mkdtempSync(join(scratch, 'loaded-'));
  await node([meshgate, ...args], {
    NODE_V8_COVERAGE: directory,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
  });
  const files = readdirSync(directory).map((file) => readFileSync(join(directory, file), 'utf8'));
  return files.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url));
}

/** The least processor time of five runs. */
async function fastest(args: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const { code, seconds, err } = await node(args);
    if (code !== 0) throw new Error(err);
    times.push(seconds);
  }
  return Math.min(...times);
}
