import { setTimeout as sleep } from 'node:timers/promises';
import { patient, waitBefore } from '../../aws/retry.ts';
import { allTurns, carryOut } from '../../carry-out.ts';
import type { Outcome } from '../../core/outcome.ts';
import { visible } from '../../report/excerpt.ts';
import { applyFindings, exitCode } from '../../report/exit.ts';
import { outcomesJson } from '../../report/json.ts';
import { outcomesMarkdown } from '../../report/markdown.ts';
import { outcomesText } from '../../report/outcomes.ts';
import { planText } from '../../report/text.ts';
import { type Console, hasColour } from '../console.ts';
import { interruptible } from '../interrupt.ts';
import { openLedger } from '../ledger.ts';
import { type LakeOptions, SetupProblem } from '../options.ts';
import { type Prepared, prepare } from '../prepare.ts';
import { bar, progressOn } from '../progress.ts';
import { type PartOptions, type PreparedPart, prepareSaved } from '../saved/carry.ts';
import { mustBeSavable } from '../saved/file.ts';
import { saveOutcomes } from '../saved/outcomes.ts';
import { explainFailure } from '../trouble.ts';

/** Options of the commands that write. */
export interface ApplyOptions extends LakeOptions {
  readonly ledger: string;
}

/** Options of `apply`. */
export interface PlanApplyOptions extends ApplyOptions, Partial<PartOptions> {
  readonly out?: string;
}

/** Makes the lake as the mesh files say, or carries out a plan that was saved, or a part of it. */
export async function applyCommand(options: PlanApplyOptions, console: Console): Promise<number> {
  const waits = waitsOf(console.env.MESHGATE_READ_BACK);
  const { out } = options;
  if (out !== undefined) await mustBeSavable(out, console.env);
  const prepared = await preparePlan(options, console);
  const { code, outcomes } = await carryOutPlan({ ...prepared, waits }, options, console);
  try {
    if (out !== undefined)
      await saveOutcomes(out, { run: prepared.run, plan: prepared.planned.plan, outcomes }, console);
    return code;
  } catch (thrown) {
    explainFailure(thrown, console, 'What was done stays done; the ledger has it.');
    return 5;
  }
}

async function preparePlan(options: PlanApplyOptions, console: Console): Promise<Prepared & Partial<PreparedPart>> {
  const { plan } = options;
  if (plan !== undefined) return prepareSaved({ ...options, plan }, console);
  if (options.accounts === undefined && options.turn === undefined)
    return prepare(options, console, { now: new Date(), as: 'apply' });
  const hint = 'make a plan of all of them with plan --out, and give it with --plan';
  throw new SetupProblem('BAD_OPTION', 'a part of the accounts, or of the turns, is a part of a plan', hint);
}

/** What became of a plan. */
export interface Ended {
  readonly code: number;
  readonly outcomes: readonly Outcome[];
}

/** What is carried out: a plan, or a part of one. */
type Carried = Prepared & Partial<PreparedPart> & { readonly waits: readonly number[] };

/** Shows a plan, carries it out, records it, and reports; answers with the exit code and every outcome. */
export async function carryOutPlan(
  { planned, lake, consumers, names, waits, ...part }: Carried,
  options: ApplyOptions,
  console: Console,
): Promise<Ended> {
  const { observed } = planned;
  const { shown: plan = planned.plan, turns = allTurns, rest: before = [] } = part;
  const looks = { colour: hasColour(console, 'out'), names, verbose: options.verbose };
  if (options.format === 'text') console.out(planText(plan, looks));
  const progress = progressOn(console, options.quiet);
  const interrupt = interruptible(console);
  let isRecorded = true;
  const onFailure = (message: string): void => {
    isRecorded = false;
    interrupt.stop(`NO_LEDGER ${visible(message)}`);
  };
  const total = plan.changes.reduce((sum, change) => sum + change.steps.length, 0);
  let answered = 0;
  try {
    const ledger = openLedger({ file: options.ledger, plan, actor: observed.caller.arn, onFailure });
    const made = await carryOut(planned, lake, {
      ...{ consumers, turns },
      lanes: 8,
      tries: options.tries,
      pause: (attempt) => rest(waitBefore(attempt, patient), interrupt.signal),
      waits,
      wait: (milliseconds) => rest(milliseconds, interrupt.signal),
      signal: interrupt.signal,
      onAnswer: (task, sent) => {
        ledger.answer(task, sent);
        answered += 1;
        progress.show(`${bar(answered / total)} ${Math.min(answered, total)}/${total}`);
      },
    });
    const outcomes = [...made, ...before];
    ledger.end(outcomes);
    progress.end();
    if (options.format === 'json') console.out(outcomesJson(plan, outcomes));
    else if (options.format === 'markdown') console.out(outcomesMarkdown(plan, outcomes, names));
    else console.out(outcomesText(outcomes, looks));
    const findings = applyFindings(plan, outcomes);
    return { code: exitCode({ ...findings, isIncomplete: findings.isIncomplete || !isRecorded }), outcomes };
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

/** The waits that MESHGATE_READ_BACK sets, in milliseconds. */
export function waitsOf(text: string | undefined): readonly number[] {
  if (text === undefined || text === '') return patientWaits;
  if (!/^\d{1,6}(,\d{1,6})*$/.test(text))
    throw new SetupProblem(
      'BAD_OPTION',
      `MESHGATE_READ_BACK ${text} is no list of milliseconds`,
      'write it as 2000,4000,8000',
    );
  return text.split(',').map(Number);
}
