import type { LakeId } from '../core/fact.ts';
import type { Note } from '../core/plan.ts';
import { toPrincipal } from '../core/principal.ts';
import type { Scope } from '../core/scope.ts';
import type { Observed } from '../core/state.ts';

/** The lakes of a plan: the central one, and those of consumers. */
interface Lakes {
  readonly scope: Pick<Scope, 'principals'>;
  readonly observed: Observed;
  readonly others: readonly Observed[];
}

/**
 * The lakes that nobody can look into any more and nobody needs to, with what is to be said of each: of accounts that left
 * the files, and to which the central catalog gives nothing. What is left in such a lake gives nothing to anybody, and an
 * account that was closed would be a gap for ever.
 */
export function leftMesh({ scope, observed, others }: Lakes): ReadonlyMap<LakeId, Note> {
  const unread = others.filter(({ gaps }) => gaps.some(({ code }) => code === 'NO_LAKE'));
  const gone = unread.filter(({ lake }) => !scope.principals.has(accountOf(lake)));
  if (gone.length === 0 || observed.gaps.some(({ blocks }) => blocks !== 'nothing')) return new Map();
  const principals = new Set<string>();
  for (const { fact } of observed.facts.values()) if (fact.kind === 'grant') principals.add(fact.principal);
  const holding = [...principals].map(toPrincipal);
  // Nobody here knows which accounts belong to an organization.
  if (holding.some(({ kind }) => kind.startsWith('organization'))) return new Map();
  const holders = new Set(holding.map(({ account }) => account));
  return new Map(gone.flatMap((one) => (holders.has(accountOf(one.lake)) ? [] : [[one.lake, noteOf(one)]])));
}

function accountOf(lake: LakeId): string {
  return lake.split('/')[0] ?? '';
}

function noteOf({ gaps: [gap] }: Observed): Note {
  return {
    code: 'ACCOUNT_LEFT',
    message: `${gap?.message ?? ''}; no file names the account any more, and the central catalog gives it nothing`,
    hint: 'what is left there gives nothing to anybody; its administrator may delete the resource links',
  };
}
