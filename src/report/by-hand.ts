import type { Fact } from '../core/fact.ts';
import type { ByHand, Plan } from '../core/plan.ts';
import { toPrincipal } from '../core/principal.ts';
import { visible } from './excerpt.ts';
import { fenced } from './fence.ts';
import { nameOf, type Pen } from './pen.ts';
import { counted } from './words.ts';

/** The heading over what administrators of other accounts do. */
const byHandHeading = 'By hand, in accounts that no run enters';

/** What is done by hand, for a terminal: with the commands where this plan gives what they need, or all is asked for. */
export function byHandText({ byHand, changes }: Plan, pen: Pen): readonly string[] {
  if (byHand.length === 0) return [];
  const { paint, verbose } = pen;
  const given = new Set(changes.flatMap(({ after, because }) => (after ? because.map((one) => one.subscription) : [])));
  const lines = byHand.flatMap(({ account, steps }) => {
    const isTaken = changes.some(({ before, after }) => before !== undefined && !after && isFor(before, account));
    const isNew = steps.some(({ subscriptions, takes }) =>
      takes === true ? isTaken : subscriptions.some((one) => given.has(one)),
    );
    const head = `  ${paint.cyan(visible(nameOf(account, pen)))}: ${counted(steps.length, 'step')}`;
    return verbose || isNew
      ? [head, ...stepsText(steps, pen)]
      : [`${head} ${paint.dim('(--verbose shows the commands)')}`];
  });
  return ['', paint.bold(byHandHeading), ...lines];
}

function isFor(fact: Fact, account: string): boolean {
  return fact.kind === 'grant' && toPrincipal(fact.principal).account === account;
}

/** Steps with their commands. */
export function stepsText(steps: ByHand['steps'], { paint }: Pick<Pen, 'paint'>): readonly string[] {
  return steps.flatMap(({ what, command }) => [`    ${visible(what)}`, `      ${paint.yellow(visible(command))}`]);
}

/** The same for Markdown, an account each: what, and the commands to copy. */
export function byHandItems({
  byHand,
}: Pick<Plan, 'byHand'>): readonly { readonly heading: string; readonly fence: readonly string[] }[] {
  return byHand.map(({ account, region, steps }) => ({
    heading: `${byHandHeading}: ${account}/${region}, ${counted(steps.length, 'step')}`,
    fence: fenced(steps.map(({ what, command }) => `# ${what}\n${command}\n`).join(''), 'sh'),
  }));
}
