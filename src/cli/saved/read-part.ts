import type { Observed } from '../../core/state.ts';
import { observeCentral, observeConsumers } from '../../observing.ts';
import { visible } from '../../report/excerpt.ts';
import { counted } from '../../report/words.ts';
import type { Console } from '../console.ts';
import { loadMesh } from '../load.ts';
import { type LakeOptions, SetupProblem } from '../options.ts';
import { lakesFor, runFor, withProgress } from '../prepare.ts';
import { accountsOf, chosenOf } from './accounts.ts';
import { save } from './file.ts';
import { stampOf } from './stamp.ts';

/** Options of a `plan` that only reads the lakes of some accounts. */
interface PartOptions extends LakeOptions {
  readonly accounts: string;
  readonly out?: string;
}

/** Reads the lakes of some accounts, with the roles that apply, and saves what was observed for the plan of all. */
export async function readPart({ out, ...options }: PartOptions, console: Console): Promise<number> {
  if (out === undefined)
    throw new SetupProblem('BAD_OPTION', 'a part of the accounts is no plan yet', 'save it with --out, and --merge it');
  const now = new Date();
  const { run } = await runFor({ declaration: await loadMesh(options.mesh), now }, options, console);
  const only = chosenOf(run, options.accounts);
  const { lake, consumers } = await lakesFor(run, { as: 'apply', options, console, only });
  const [central = ''] = accountsOf(run);
  const [observed, others] = await withProgress(options, console, (onProgress) =>
    Promise.all([
      only.has(central) ? observeCentral({ ...run, onProgress }, lake) : undefined,
      observeConsumers(run, consumers, lake),
    ]),
  );
  const lakes = [...(observed === undefined ? [] : [observed]), ...others];
  await save(out, 'part', { ...stampOf(run, console), at: now.toISOString(), lakes }, console.env);
  for (const line of [...lakes.flatMap(linesOf), `${counted(lakes.length, 'lake')} read, and saved in ${out}`])
    console.err(`${visible(line)}\n`);
  return lakes.some(({ gaps }) => gaps.length > 0) ? 5 : 0;
}

function linesOf({ lake, endpoint, rows, gaps }: Observed): readonly string[] {
  return [`${lake} through ${endpoint}: ${rows} rows`, ...gaps.map(({ code, message }) => `  ${code} ${message}`)];
}
