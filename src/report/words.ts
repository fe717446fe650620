import type { Plan, Verb } from '../core/plan.ts';

/** `1 change`, `3 changes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What a report speaks of: the mesh, the commit, the lakes and where the calls went. */
export function headline(kind: string, plan: Plan): string {
  const commit = plan.commit === null ? 'files outside git' : `commit ${plan.commit.slice(0, 12)}`;
  const [central, ...others] = plan.lakes;
  const endpoints = [...new Set(others.map(({ endpoint }) => endpoint))].filter((one) => one !== central?.endpoint);
  const through = endpoints.length === 0 ? '' : ` through ${endpoints.join(', ')}`;
  const accounts = new Set(others.map(({ account }) => account));
  const more = others.length === 0 ? '' : ` and in ${counted(accounts.size, 'account')} of consumers${through}`;
  const lake = central === undefined ? '' : `${central.account}/${central.region} through ${central.endpoint}${more}`;
  const where =
    plan.scope?.isOffline === true
      ? 'by the files alone, no lake was asked'
      : central === undefined
        ? 'in no lake'
        : `on lake ${lake}`;
  return `${kind} for mesh ${plan.mesh} (${commit}) ${where}`;
}

/** How many changes of each kind a plan has. */
export function counts({ summary }: Plan): string {
  const verbs: readonly Verb[] = ['grant', 'replace', 'revoke', 'create', 'update', 'delete', 'accept'];
  const counted = verbs.filter((verb) => summary[verb] > 0).map((verb) => `${summary[verb]} to ${verb}`);
  return counted.length === 0 ? 'nothing to do' : counted.join(', ');
}

/** A plan in one sentence. */
export function verdict(plan: Plan): string {
  const refused = plan.refusals.reduce((sum, { changes }) => sum + changes.length, 0);
  const rest = [
    ...(plan.withheld.length > 0 ? [`${plan.withheld.length} withheld`] : []),
    ...(plan.leftOut.length > 0 ? [`${plan.leftOut.length} left out`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(plan.gaps.length > 0 ? [`${counted(plan.gaps.length, 'thing')} not read`] : []),
  ];
  return `Plan: ${[counts(plan), ...rest].join('; ')}.`;
}

/** The changed files that a plan is confined to, and what it leaves out; nothing for a plan of the whole mesh. */
export function scopeText({ scope }: Plan): readonly string[] {
  if (scope === undefined) return [];
  const { files, since, whole, isOffline } = scope;
  const named = files.slice(0, 5).join(', ');
  const more = files.length > 5 ? ` and ${files.length - 5} more` : '';
  const which = files.length === 0 ? 'no mesh file differs' : `changed files ${named}${more}`;
  if (isOffline === true) return [`Scope: ${which}, since ${since.slice(0, 12)}; what the lake holds may be otherwise`];
  const rest =
    whole === undefined
      ? 'what they cannot touch was not read, and is no part of this plan, nor is it judged what share of a product or of the mesh would be revoked'
      : `the whole mesh was planned: ${whole}`;
  return [`Scope: ${which}, since ${since.slice(0, 12)}; ${rest}`];
}

/** Permissions and what of them comes with the grant option, the second to stand behind what they are on. */
export function rightsText(
  permissions: readonly string[],
  withGrantOption: readonly string[],
): { readonly what: string; readonly option: string } {
  const options = withGrantOption.join(', ');
  if (permissions.length === 0) return { what: `grant option on ${options}`, option: '' };
  const what = permissions.join(', ');
  if (options === '') return { what, option: '' };
  return { what, option: options === what ? ' with grant option' : ` with grant option on ${options}` };
}
