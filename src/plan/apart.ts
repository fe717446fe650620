import { isExternal } from '../core/access.ts';
import { type Fact, type FactKey, type Grant, meet } from '../core/fact.ts';
import type { Step } from '../core/plan.ts';
import { passesOn, toPrincipal } from '../core/principal.ts';
import type { Observed } from '../core/state.ts';
import { goesWhole } from './held.ts';
import { inFull, type Move, type Moves, type Waiting } from './move.ts';
import { type Pair, pairOf } from './pair.ts';
import { clashingIn, isRefusedBeside } from './replaced.ts';
import { cannotBeLess, cannotComeBack, doesNotGoTogether } from './spare.ts';
import { cellSteps } from './steps.ts';
import { isOpenedByIam, openedByIam, type Shortfall } from './target.ts';

/** What a move is judged beside. */
interface Beside {
  /** What stays as it is although a move of it was thought of. */
  readonly staying: readonly Fact[];
  readonly observed: Observed;
}

/**
 * Holds back what Lake Formation would refuse beside that which stays, or would store as more than was sent.
 * What a hold takes goes even so, as a whole.
 */
export function apart({ made, leftOut, withheld }: Moves, { staying, observed }: Beside): Moves {
  const isRefused = isRefusedBeside(staying.filter((fact) => fact.kind === 'grant'));
  const byKey = new Map(made.map((move) => [move.key, move]));
  const isClashing = clashingIn(grantsAfter(byKey, observed));
  const waiting: Waiting[] = [];
  const known = new Set(withheld.map(({ move: { key } }) => key));
  const rest = made.flatMap((move): readonly Move[] => {
    const pair = pairOf(move, { byKey, observed });
    const shortfall = shortfallOf(move, { pair, isRefused, isClashing, observed });
    if (shortfall === undefined) return [move];
    // A part of what is desired waits as the whole does, and is named once.
    const whole = move.desired === undefined ? move : inFull(move.desired, move.observed);
    if (!known.has(move.key)) waiting.push({ move: whole, shortfall });
    const isHeld = move.reason === 'held' || pair?.twin?.reason === 'held';
    return isHeld ? [{ ...move, after: undefined, reason: 'held', note: goesWhole }] : [];
  });
  return { made: rest, leftOut, withheld: [...withheld, ...waiting] };
}

interface Trouble {
  readonly pair: Pair<Move> | undefined;
  readonly isRefused: (grant: Grant) => boolean;
  readonly isClashing: (grant: Grant) => boolean;
  readonly observed: Observed;
}

function shortfallOf(
  { after, observed: live }: Move,
  { pair, isRefused, isClashing, observed }: Trouble,
): Shortfall | undefined {
  const isBarred =
    after?.kind === 'grant' && isRefused(after) && !(live !== undefined && isRefused(live.fact as Grant));
  if (isBarred) return doesNotGoTogether;
  if (pair !== undefined && isSentAgain(pair, isClashing)) return cannotComeBack;
  if (pair !== undefined && isSentAlone(pair)) return cannotBeLess;
  return pair !== undefined && isVoid(pair, observed) ? openedByIam : undefined;
}

/** What is there after the run. */
function* grantsAfter(byKey: ReadonlyMap<FactKey, Move>, { facts }: Observed): Generator<Grant> {
  for (const { after } of byKey.values()) if (after?.kind === 'grant') yield after;
  for (const [key, { fact }] of facts) if (fact.kind === 'grant' && !byKey.has(key)) yield fact;
}

/**
 * Whether something of a pair would be given, or given again, beside what Lake Formation does not give it with. Both may
 * stand there, for its documents disagree on whether a list may come second.
 */
function isSentAgain({ before, after }: Pair<Move>, isClashing: (grant: Grant) => boolean): boolean {
  const stays = [after.plain, after.option].some((cell) => cell !== undefined && isClashing(cell.grant));
  if (!stays) return false;
  const { plain, option } = cellSteps(before, after, undefined);
  return [...plain, ...option].some(({ action }) => action === 'grant');
}

/**
 * Whether another account, or an organization, would be given something without the grant option, which Lake Formation
 * refuses (https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html).
 */
function isSentAlone({ before, after }: Pair<Move>): boolean {
  const grant = after.plain?.grant;
  if (grant === undefined) return false;
  const principal = toPrincipal(grant.principal);
  if (!passesOn(principal) || !isExternal({ principal, catalogAccount: grant.resource.catalog })) return false;
  const { plain, option } = cellSteps(before, after, undefined);
  const listOf = ({ action, fact }: Step): readonly string[] =>
    action === 'grant' && fact.kind === 'grant' ? [JSON.stringify(fact.columns ?? 'all')] : [];
  const withOption = new Set(option.flatMap(listOf));
  return plain.flatMap(listOf).some((list) => !withOption.has(list));
}

/**
 * Whether a pair cannot become what it should without SELECT on a list of columns being given while
 * IAM_ALLOWED_PRINCIPALS holds the table: that comes back as SELECT on all columns
 * (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lakeformation_permissions).
 * A revoked list may take its columns out of one that stays, which would have to be given again.
 */
function isVoid({ before, after }: Pair<Move>, observed: Observed): boolean {
  if (observed.openedByIam.size === 0) return false;
  const { plain, option } = cellSteps(before, after, undefined);
  const lists = [after.plain, after.option].flatMap((cell) =>
    cell !== undefined && isOpenedByIam(cell.grant, observed) ? [cell.grant] : [],
  );
  return [...plain, ...option].some(({ action, fact }) =>
    action === 'grant' ? isOpenedByIam(fact, observed) : lists.some((list) => meet(list, fact) !== undefined),
  );
}
