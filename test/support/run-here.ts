import { program } from '../../src/cli/program.ts';
import type { Ran } from './meshgate.ts';
import type { Env, Stage } from './stage.ts';
import { keysOf } from './town.ts';

/** Runs a command as the administrator in this process, which is quicker than in one of its own; one at a time only. */
export async function runHere(stage: Stage, args: readonly string[], env: Env = {}): Promise<Ran> {
  const before = { env: process.env, directory: process.cwd() };
  const own = { PATH: before.env['PATH'] ?? '', HOME: stage.directory, AWS_EC2_METADATA_DISABLED: 'true' };
  const quick = { MESHGATE_READ_BACK: '20,50' };
  const said = { out: '', err: '' };
  process.chdir(stage.directory);
  process.env = { ...own, ...quick, AWS_ENDPOINT_URL: stage.emulator.url, ...keysOf.admin, ...env };
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
