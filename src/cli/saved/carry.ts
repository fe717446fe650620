import { allTurns, type Turn, turnOf } from '../../carry-out.ts';
import { heldBack, type Outcome } from '../../core/outcome.ts';
import type { Change, Plan } from '../../core/plan.ts';
import { roleOf } from '../../core/principal.ts';
import type { Observed } from '../../core/state.ts';
import { observeCentral, observeConsumers } from '../../observing.ts';
import { planOf, stillToDo } from '../../plan/still.ts';
import { planSeen, type Run } from '../../reconcile.ts';
import { planJson } from '../../report/json.ts';
import type { Console } from '../console.ts';
import { holdsAtGitHub } from '../emergency-holds.ts';
import { formerSubscriptions } from '../former.ts';
import { checkedOut, loadMesh, principalNames } from '../load.ts';
import { loadHistory } from '../load-history.ts';
import { type LakeOptions, SetupProblem } from '../options.ts';
import { lakesFor, type Prepared, withProgress } from '../prepare.ts';
import { accountsOf, chosenOf } from './accounts.ts';
import { load, type SavedPlan } from './file.ts';
import { mustFit, other, stampOf } from './stamp.ts';

/** Which part of a saved plan is carried out. */
export interface PartOptions {
  readonly plan: string;
  readonly accounts?: string;
  readonly turn?: Turn;
}

/** A part of a plan that is to be carried out. */
export interface PreparedPart extends Prepared {
  readonly turns: readonly Turn[];
  /** The part as it is shown. */
  readonly shown: Plan;
  /** What became of that of the part which is no longer to be done. */
  readonly rest: readonly Outcome[];
}

const turnHint = 'add --turn 1 for all parts, then --turn 2, then --turn 3 for all parts, then --turn 4';

/** Hours that what was read, proven and guarded may be trusted. */
const mostHours = 2;
/** Minutes that clocks may differ. */
const mostMinutes = 10;

/**
 * A saved plan is made again from all that it was made of, and must come out the same; then the lakes of the part are
 * read again, and of the plan is left what is still to be done there.
 */
export async function prepareSaved(options: LakeOptions & PartOptions, console: Console): Promise<PreparedPart> {
  const { run, saved } = await loadSaved(options, console);
  mustBeFresh(options.plan, saved);
  const whole = await planSeen(run, saved.seen);
  if (planJson(whole.plan) !== planJson(saved.plan))
    throw other(
      `${options.plan} is not the plan that this version of Meshgate, and this history of the files, come to`,
    );
  const { observed, others } = saved.seen;
  const later = await asOfNow(run, options, console);
  const only = options.accounts === undefined ? new Set(accountsOf(run)) : chosenOf(run, options.accounts);
  const turns = options.turn === undefined ? allTurns : [options.turn];
  if (turns === allTurns && only.size < accountsOf(run).length)
    throw new SetupProblem('BAD_OPTION', '--accounts are a part of the mesh, and each turn waits for all', turnHint);
  const { lake, consumers: entered } = await lakesFor(run, { as: 'apply', options, console, only });
  mustBeAlike(observed, { endpoint: lake.endpoint, caller: await lake.caller() });
  const consumers = turns.includes(1) || turns.includes(3) ? entered : [];
  const isCentral = turns.some(isOfCentral) && only.has(accountsOf(run)[0] ?? '');
  const [central, read] = await withProgress(options, console, (onProgress) =>
    Promise.all([
      isCentral ? observeCentral({ ...later, onProgress }, lake) : undefined,
      observeConsumers(run, consumers, lake),
    ]),
  );
  const again = new Map([...(central === undefined ? [] : [central]), ...read].map((one) => [one.lake, one]));
  for (const one of others) mustBeAlike(one, again.get(one.lake));
  const planned = await planSeen(later, {
    observed: central ?? observed,
    others: others.map((one) => again.get(one.lake) ?? one),
  });
  const lakes = new Set(again.keys());
  const facts = new Map([...again.values()].flatMap((one) => [...one.facts]));
  const { plan, held, rest } = stillToDo(saved.plan, { plan: planned.plan, facts }, lakes);
  const isOfTurn = (change: Change): boolean => turns.includes(turnOf(change));
  return {
    ...{ run, lake, consumers, turns: isCentral ? turns : turns.filter((turn) => !isOfCentral(turn)) },
    planned: { ...planned, plan },
    shown: planOf(withHeld(plan, held), lakes, isOfTurn),
    rest: [...rest, ...heldBack(held)].filter(({ change }) => isOfTurn(change)),
    names: principalNames(run.declaration),
  };
}

function isOfCentral(turn: Turn): boolean {
  return turn === 2 || turn === 4;
}

/**
 * The run with what only takes away as it is by now: the day, and the holds, if GitHub was asked for them before. An
 * emergency may come between plan and apply, and what it cut is not given back.
 */
async function asOfNow(run: Run, options: LakeOptions, { env }: Console): Promise<Run> {
  const later = { ...run, now: new Date() };
  if (run.gaps === undefined) return later;
  const { holds, gaps } = await holdsAtGitHub({ options, declaration: run.declaration, now: later.now }, env);
  return { ...later, gaps, holds: [...(run.holds ?? []), ...holds] };
}

function withHeld(plan: Plan, { withheld, refusals }: Pick<Plan, 'withheld' | 'refusals'>): Plan {
  return { ...plan, withheld: [...plan.withheld, ...withheld], refusals: [...plan.refusals, ...refusals] };
}

/** A saved plan, and the run that made it, as far as files and file tell. */
export async function loadSaved(
  { mesh, plan: file }: { readonly mesh: string; readonly plan: string },
  console: Console,
): Promise<{ readonly run: Run; readonly saved: SavedPlan }> {
  const declaration = await loadMesh(mesh);
  const saved = await load(file, 'plan', console.env);
  const checkout = await checkedOut(mesh);
  mustFit(file, saved, stampOf({ declaration, ...checkout }, console));
  const history = await loadHistory(mesh);
  const former = await formerSubscriptions(mesh, declaration, history);
  // Who approved what was asked when the plan was made.
  return { run: { declaration, approvals: [], ...checkout, history, former, ...saved.given }, saved };
}

function mustBeFresh(file: string, { at, plan: { asOf } }: SavedPlan): void {
  const ages = [at, asOf].map((time) => (Date.now() - Date.parse(time)) / 60_000);
  const fault =
    Math.max(...ages) > mostHours * 60
      ? `is of ${at}; what was read and approved then counts for ${mostHours} hours`
      : Math.min(...ages) < -mostMinutes
        ? `is for ${asOf}, which is yet to come`
        : undefined;
  if (fault !== undefined) throw new SetupProblem('OLD_PLAN', `${file} ${fault}`, 'plan again');
}

/** Refuses to carry out elsewhere, or as somebody else, what was planned of a lake: the plan spares the access of who made it. */
function mustBeAlike(
  { lake, endpoint, caller }: Observed,
  now: Pick<Observed, 'endpoint' | 'caller'> | undefined,
): void {
  // Of a lake that was not read nothing is planned, and nobody knows who would have called.
  if (now === undefined || caller.arn === '') return;
  if (now.endpoint !== endpoint)
    throw other(`${lake} was planned through ${endpoint}, and the calls would go to ${now.endpoint}`);
  if (now.caller.arn !== '' && roleOf(now.caller.arn) !== roleOf(caller.arn))
    throw other(`the plan of ${lake} was made by ${roleOf(caller.arn)}, and the caller is ${roleOf(now.caller.arn)}`);
}
