import pc from 'picocolors';
import { visible } from '../../report/excerpt.ts';
import { type Console, hasColour } from '../console.ts';
import { SetupProblem } from '../options.ts';
import { type Progress, progressOn } from '../progress.ts';
import { explainFailure } from '../trouble.ts';

/** What is to be done in an account, step by step, and what is not. */
export interface Undertaking {
  readonly title: string;
  readonly acts: readonly Act[];
  /** What stays as it is, and why. */
  readonly notes: readonly string[];
}

/** One step: what it changes, in words, and the doing of it. */
export interface Act {
  readonly title: string;
  readonly changes: readonly string[];
  readonly act: (progress: Progress) => Promise<void>;
}

/** Options of what acts on an account. */
export interface ActingOptions {
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly quiet: boolean;
}

/** Shows an undertaking, asks whether it is meant, and does it; answers with the exit code. */
export async function carryOut(
  { title, acts, notes }: Undertaking,
  options: ActingOptions,
  console: Console,
): Promise<number> {
  const paint = pc.createColors(hasColour(console, 'out'));
  const say = (...lines: readonly string[]): void => console.out(`${lines.join('\n')}\n`);
  say(
    visible(title),
    ...acts.flatMap((act, index) => [
      `${index + 1}. ${visible(act.title)}`,
      ...act.changes.map((change) => `   ${mark(change, paint)} ${visible(change)}`),
    ]),
    ...notes.map((note) => `· ${visible(note)}`),
  );
  if (acts.length === 0) {
    say(`There is nothing to do${options.dryRun ? '' : ', and nothing was done'}.`);
    return 0;
  }
  if (options.dryRun) {
    say('Nothing was done: this only shows it.');
    return 0;
  }
  if (!options.yes) await confirmed(console);
  const progress = progressOn(console, options.quiet);
  try {
    for (const { title: what, act } of acts) {
      progress.show(`${what} ...`);
      await act(progress);
      progress.end();
      say(`${paint.green('✓')} ${visible(what)}`);
    }
    return 0;
  } catch (thrown) {
    return explainFailure(thrown, console, 'What is ticked above is done; the rest is not. Run this again to go on.');
  } finally {
    progress.end();
  }
}

type Paint = ReturnType<typeof pc.createColors>;

function mark(change: string, paint: Paint): string {
  if (/^(take|remove|delete)\b/.test(change)) return paint.red('-');
  return /^(make|add)\b/.test(change) ? paint.green('+') : paint.yellow('~');
}

async function confirmed({ isTerminal }: Console): Promise<void> {
  if (isTerminal.in !== true || !isTerminal.err)
    throw new SetupProblem('NOT_CONFIRMED', 'nobody is there to confirm it', 'look it over, and give --yes');
  // Loaded only where somebody is asked.
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: 'Do this?', initialValue: false, output: process.stderr });
  if (answer === true && !isCancel(answer)) return;
  throw Object.assign(new Error('it was not confirmed'), { name: 'Cancelled' });
}
