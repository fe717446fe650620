import { setTimeout as sleep } from 'node:timers/promises';
import { carryOut } from '../../reconcile.ts';
import { applyFindings, exitCode } from '../../report/exit.ts';
import { outcomesJson } from '../../report/json.ts';
import { outcomesMarkdown } from '../../report/markdown.ts';
import { outcomesText } from '../../report/outcomes.ts';
import { planText } from '../../report/text.ts';
import { type Console, hasColour } from '../console.ts';
import { interruptible } from '../interrupt.ts';
import { openLedger } from '../ledger.ts';
import type { LakeOptions } from '../options.ts';
import { prepare } from '../prepare.ts';
import { bar, progressOn } from '../progress.ts';

/** Options of `apply`. */
interface ApplyOptions extends LakeOptions {
  readonly ledger: string;
}

/** Makes the lake as the mesh files say. */
export async function applyCommand(options: ApplyOptions, console: Console): Promise<number> {
  const { planned, lake, names } = await prepare(options, console, new Date());
  const { plan, observed } = planned;
  const looks = { colour: hasColour(console, 'out'), names, verbose: options.verbose };
  if (options.format === 'text') console.out(planText(plan, looks));
  const ledger = openLedger(options.ledger, plan, observed.caller.arn);
  const progress = progressOn(console, options.quiet);
  const interrupt = interruptible(console);
  const total = plan.changes.reduce((sum, change) => sum + change.steps.length, 0);
  let answered = 0;
  try {
    const outcomes = await carryOut(planned, lake, {
      lanes: 8,
      tries: 8,
      pause: (attempt) => rest(Math.random() * Math.min(20_000, 250 * 2 ** attempt), interrupt.signal),
      waits: waitsOf(console.env.MESHGATE_READ_BACK),
      wait: (milliseconds) => rest(milliseconds, interrupt.signal),
      signal: interrupt.signal,
      onAnswer: (task, sent) => {
        ledger.answer(task, sent);
        answered += 1;
        progress.show(`${bar(answered / total)} ${Math.min(answered, total)}/${total}`);
      },
    });
    ledger.end(outcomes);
    progress.end();
    if (options.format === 'json') console.out(outcomesJson(plan, outcomes));
    else if (options.format === 'markdown') console.out(outcomesMarkdown(plan, outcomes, names));
    else console.out(outcomesText(outcomes, looks));
    return exitCode(applyFindings(plan, outcomes));
  } finally {
    progress.end();
    interrupt.end();
  }
}

/** Waits, but not past an interruption. */
async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** How long to wait before looking again, in milliseconds: from two seconds, a minute in all. */
const patientWaits: readonly number[] = [2_000, 4_000, 8_000, 16_000, 30_000];

function waitsOf(text: string | undefined): readonly number[] {
  if (text === undefined || !/^\d+(,\d+)*$/.test(text)) return patientWaits;
  return text.split(',').map(Number);
}
