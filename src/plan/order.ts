import { orderOf } from '../core/fact.ts';
import type { Change, Summary, Verb } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';

/** The order in which a plan shows its changes: what is taken away first. */
export function compareChanges(a: Change, b: Change): number {
  const [x, y] = [a.after ?? a.before, b.after ?? b.before];
  const takes = Number(a.after === undefined) - Number(b.after === undefined);
  return -takes || (x === undefined || y === undefined ? 0 : orderOf(x) - orderOf(y)) || compareText(a.key, b.key);
}

/** How many changes there are of each verb. */
export function summarise(changes: readonly Change[]): Summary {
  const count = (verb: Verb): number => changes.filter((change) => change.verb === verb).length;
  return {
    grant: count('grant'),
    revoke: count('revoke'),
    replace: count('replace'),
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    accept: count('accept'),
  };
}
