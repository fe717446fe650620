import { covers, type FactKey } from '../../core/fact.ts';
import type { Change, Refusal } from '../../core/plan.ts';
import type { Limits } from '../../core/safety.ts';
import { type Guard, type GuardContext, isExempt } from './guard.ts';

/**
 * Refuses to revoke more of a product, or of the mesh, than its limits allow, in number or as a share of the
 * live grants that the mesh manages there. A permission and the grant option on it count as two; a grant that
 * gets fewer columns counts, one that gives way to a wider one does not, and what ends by expiry or by a hold
 * does not either.
 */
export const tooManyRevokes: Guard = (changes, context) => {
  const lost = losses(changes);
  const products = [...new Set(lost.flatMap(({ product }) => product ?? []))].sort();
  const refused = products.flatMap((id) => {
    const isOwn = ({ product }: { readonly product?: string }): boolean => product === id;
    return overLimit(lost.filter(isOwn), context, {
      limits: context.limits.product,
      live: context.managed.filter(isOwn).length,
      what: `the product ${id}`,
      scope: `product: ${id}`,
      alsoRefused: changes.filter((change) => isOwn(change) && deletes(change)),
    });
  });
  const gone = new Set(refused.flatMap((refusal) => refusal.changes));
  const rest = lost.filter((change) => !gone.has(change));
  return [
    ...refused,
    ...overLimit(rest, context, {
      limits: context.limits.mesh,
      live: context.managed.length,
      what: 'the mesh',
      scope: 'mesh: true',
      alsoRefused: changes.filter((change) => !gone.has(change) && deletes(change)),
    }),
  ];
};

/** The changes after which a principal holds less than before. */
function losses(changes: readonly Change[]): readonly Change[] {
  const coming = new Map<FactKey, Change>(changes.map((change) => [change.key, change]));
  return changes.filter((change) => {
    const { before, after, waitsFor = [] } = change;
    if (before?.kind !== 'grant' || isExempt(change)) return false;
    const instead = [after, ...waitsFor.map((key) => coming.get(key)?.after)];
    return !instead.some((fact) => fact !== undefined && covers(fact, before));
  });
}

/** A data cells filter goes with the grants on it, and stays with them. */
function deletes(change: Change): boolean {
  return change.verb === 'delete' && !isExempt(change);
}

interface Counted {
  readonly limits: Limits;
  /** How many live grants there are: what the percentage is a percentage of. */
  readonly live: number;
  readonly what: string;
  readonly scope: string;
  readonly alsoRefused: readonly Change[];
}

function overLimit(lost: readonly Change[], { soon }: GuardContext, counted: Counted): readonly Refusal[] {
  const { limits, live, what, scope, alsoRefused } = counted;
  const { length } = lost;
  const limit =
    length > limits.revokes
      ? `${limits.revokes} are allowed at once`
      : length > limits.percentFrom && length * 100 > limits.percent * live
        ? `${limits.percent} percent are allowed at once`
        : undefined;
  if (limit === undefined) return [];
  const share = live === 0 ? '' : ` (${Math.floor((length * 100) / live)} percent)`;
  return [
    {
      code: 'TOO_MANY_REVOKES',
      message: `this would revoke ${length} of the ${live} live grants of ${what}${share}, and ${limit}`,
      hint: 'if that is meant, add this to mesh.yaml and have an administrator approve it',
      yaml: `overrides:\n  - guard: TOO_MANY_REVOKES\n    scope: { ${scope} }\n    reason: WRITE WHY\n    until: ${soon}\n`,
      changes: [...lost, ...alsoRefused],
    },
  ];
}
