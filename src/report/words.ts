import type { Plan, Verb } from '../core/plan.ts';

/** `1 change`, `3 changes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What a report speaks of: the mesh, the commit, the lakes and where the calls went. */
export function headline(kind: string, plan: Plan): string {
  const commit = plan.commit === null ? 'files outside git' : `commit ${plan.commit.slice(0, 12)}`;
  const lakes = plan.lakes.map(({ account, region, endpoint }) => `${account}/${region} through ${endpoint}`);
  return `${kind} for mesh ${plan.mesh} (${commit}) on lake ${lakes.join(', ')}`;
}

/** A plan in one sentence. */
export function verdict(plan: Plan): string {
  const verbs: readonly Verb[] = ['grant', 'replace', 'revoke', 'create', 'update', 'delete'];
  const counts = verbs.filter((verb) => plan.summary[verb] > 0).map((verb) => `${plan.summary[verb]} to ${verb}`);
  const refused = plan.refusals.reduce((sum, { changes }) => sum + changes.length, 0);
  const rest = [
    ...(plan.withheld.length > 0 ? [`${plan.withheld.length} withheld`] : []),
    ...(plan.leftOut.length > 0 ? [`${plan.leftOut.length} left out`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(plan.gaps.length > 0 ? [`${counted(plan.gaps.length, 'thing')} not read`] : []),
  ];
  const what = counts.length === 0 ? 'nothing to do' : counts.join(', ');
  return `Plan: ${[what, ...rest].join('; ')}.`;
}
