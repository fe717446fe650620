import { isExternal } from '../core/access.ts';
import type { Fact, Grant } from '../core/fact.ts';
import { isIamGrant, optInResource } from '../core/iam-access.ts';
import { type Change, stages } from '../core/plan.ts';
import { toPrincipal } from '../core/principal.ts';
import type { Resource } from '../core/resource.ts';

/**
 * Puts in their order the changes that have to do with IAM_ALLOWED_PRINCIPALS, so that nobody who is named is cut off on
 * the way: permissions come before their holder is opted in, and before it goes what those have who come in through IAM
 * alone. Only then come those that Lake Formation refuses as long as that is there
 * (https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html), or stores as all columns.
 */
export function inSequence(changes: readonly Change[]): readonly Change[] {
  const closing = changes.filter(closes);
  if (closing.length === 0 && !changes.some(isOptIn)) return changes;
  const isAfter = (change: Change): boolean => comesAfter(change) && closing.some((one) => isBehind(change, one));
  const before = changes.filter((change) => change.after?.kind === 'grant' && !isAfter(change));
  const keysOf = (some: readonly Change[]): Pick<Change, 'waitsFor'> =>
    some.length === 0 ? {} : { waitsFor: some.map(({ key }) => key).sort() };
  return changes.map((change) => {
    if (closes(change))
      return {
        ...change,
        steps: change.steps.map((step) => ({ ...step, stage: stages.close })),
        ...keysOf(before.filter((one) => isOnSame(change, one))),
      };
    if (isOptIn(change))
      return change.after === undefined
        ? { ...change, ...keysOf(closing.filter((one) => isBehind(change, one))) }
        : { ...change, ...keysOf(before.filter((one) => isSameHolder(one.after, change.after))) };
    if (!isAfter(change)) return change;
    const isLimited = !isAcross(change.after);
    return {
      ...change,
      steps: change.steps.map((step) => (step.action === 'grant' ? { ...step, stage: stages.grantClosed } : step)),
      ...(isLimited ? { interrupts: change.interrupts ?? limitedAfter } : {}),
      ...keysOf(closing.filter((one) => isBehind(change, one))),
    };
  });
}

const limitedAfter =
  'IAM_ALLOWED_PRINCIPALS goes before SELECT on some columns or rows comes, which would mean nothing beside it';

/** Whether a change takes something from IAM_ALLOWED_PRINCIPALS because its product asks for that. */
export function closes({ before, after, reason }: Pick<Change, 'before' | 'after' | 'reason'>): boolean {
  return reason === 'closed' && after === undefined && before !== undefined && isIamGrant(before);
}

function isOptIn({ before, after }: Change): boolean {
  return (after ?? before)?.kind === 'opt-in';
}

/** Whether a grant cannot be made while IAM_ALLOWED_PRINCIPALS holds its resource. */
export function comesAfter({ after }: Pick<Change, 'after'>): boolean {
  return isAcross(after) || (after?.kind === 'grant' && isLimited(after));
}

function isAcross(fact: Fact | undefined): boolean {
  if (fact?.kind !== 'grant') return false;
  return isExternal({ principal: toPrincipal(fact.principal), catalogAccount: fact.resource.catalog });
}

function isLimited({ resource, columns = 'all' }: Grant): boolean {
  return resource.kind === 'data-cells-filter' || columns !== 'all';
}

/** What of a change tells what it is about. */
type Turn = Pick<Change, 'before' | 'after'>;

/** Whether a change cannot be made, or is better not, before something is closed; to share a table Lake Formation looks at the database, too. */
export function isBehind(change: Turn, closing: Turn): boolean {
  const [own, other] = [resourceOf(change), resourceOf(closing)];
  return isOnSame(change, closing) || (isAcross(change.after) && other?.kind === 'database' && isInSame(own, other));
}

/** Whether two changes are both on a database itself, or have a table in common. */
export function isOnSame(a: Turn, b: Turn): boolean {
  const [x, y] = [resourceOf(a), resourceOf(b)];
  if (!isInSame(x, y) || (x?.kind === 'database') !== (y?.kind === 'database')) return false;
  return tableOf(x) === undefined || tableOf(y) === undefined || tableOf(x) === tableOf(y);
}

function isInSame(x: Resource | undefined, y: Resource | undefined): boolean {
  if (x === undefined || y === undefined || x.catalog !== y.catalog) return false;
  return 'database' in x && 'database' in y && x.database === y.database;
}

function tableOf(resource: Resource | undefined): string | undefined {
  return resource !== undefined && 'table' in resource ? resource.table : undefined;
}

function resourceOf({ before, after }: Turn): Resource | undefined {
  const fact = after ?? before;
  return fact?.kind === 'grant' || fact?.kind === 'opt-in' ? fact.resource : undefined;
}

/** Whether a permission is one that somebody is opted in for. */
export function isSameHolder(grant: Fact | undefined, optIn: Fact | undefined): boolean {
  if (grant?.kind !== 'grant' || optIn?.kind !== 'opt-in' || grant.principal !== optIn.principal) return false;
  const own = optInResource(grant.resource);
  return own !== undefined && isSameResource(own, optIn.resource);
}

function isSameResource(a: Resource, b: Resource): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
