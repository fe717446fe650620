import { appOf, isAtLeast, type Repo, type Role, type Rule, roleOf, type User } from '../world.ts';
import type { Ruleset } from './ruleset.ts';

/** A rule in force on a branch, with the ruleset it comes from. */
export interface RuleInForce {
  readonly rule: Rule;
  readonly ruleset: Ruleset;
}

/** The rules in force on a ref. */
export function rulesOn(repo: Repo, ref: string): readonly RuleInForce[] {
  return repo.rulesets
    .filter((ruleset) => ruleset.enforcement === 'active' && ruleset.target === 'branch' && covers(repo, ruleset, ref))
    .flatMap((ruleset) => ruleset.rules.map((rule) => ({ rule, ruleset })));
}

/** The parameters of all rules of one type, empty where a rule has none. */
export function parametersOf(
  rules: readonly RuleInForce[],
  type: string,
): readonly Readonly<Record<string, unknown>>[] {
  return rules.flatMap(({ rule }) => (rule.type === type ? [rule.parameters ?? {}] : []));
}

function covers(repo: Repo, { conditions }: Ruleset, ref: string): boolean {
  if (!ref.startsWith('refs/heads/')) return false;
  const { include, exclude } = conditions.ref_name;
  const matches = (pattern: string) =>
    pattern === '~ALL' ||
    (pattern === '~DEFAULT_BRANCH' && ref === `refs/heads/${repo.defaultBranch}`) ||
    globMatches(pattern, ref);
  return include.some(matches) && !exclude.some(matches);
}

/** fnmatch as rulesets use it: `*` stays in its segment, `**` does not. */
function globMatches(pattern: string, ref: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*\/?|\*|\?/g, (wild) => {
    if (wild === '?') return '[^/]';
    return wild === '*' ? '[^/]*' : '.*';
  });
  return new RegExp(`^${source}$`).test(ref);
}

/** GitHub's ids of the roles that may be named as bypass actors. */
const roleIds: Readonly<Record<number, Role>> = { 2: 'maintain', 4: 'write', 5: 'admin' };

/** The rules that do hold for somebody; `merging` says whether a pull request is on its way. */
export function withoutBypass(
  rules: readonly RuleInForce[],
  { repo, user, merging }: { repo: Repo; user: User; merging: boolean },
): readonly RuleInForce[] {
  return rules.filter(
    ({ ruleset }) =>
      !ruleset.bypass_actors.some(({ actor_id, actor_type, bypass_mode }) => {
        if (bypass_mode === 'pull_request' && !merging) return false;
        if (actor_type === 'OrganizationAdmin') return repo.owner === user;
        if (actor_type === 'Integration') return user.type === 'Bot' && actor_id === appOf(user);
        const role = actor_type === 'RepositoryRole' ? roleIds[actor_id ?? 0] : undefined;
        return role !== undefined && isAtLeast(roleOf(repo, user), role);
      }),
  );
}

/** An update of a ref, as it is about to happen. */
export interface RefUpdate {
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly forced: boolean;
}

/** Why a push is refused, in GitHub's words. */
export function pushFaults(repo: Repo, user: User, { ref, before, after, forced }: RefUpdate): readonly string[] {
  const rules = withoutBypass(rulesOn(repo, ref), { repo, user, merging: false });
  const has = (type: string) => rules.some(({ rule }) => rule.type === type);
  if (before === undefined) return has('creation') ? ['Cannot create ref due to creations being restricted.'] : [];
  if (after === undefined) return has('deletion') ? ['Cannot delete this branch'] : [];
  return [
    ...(forced && has('non_fast_forward') ? ['Cannot force-push to this branch'] : []),
    ...(has('update') ? ['Cannot update this protected ref.'] : []),
    ...(has('pull_request') ? ['Changes must be made through a pull request.'] : []),
    ...parametersOf(rules, 'required_status_checks').flatMap(requiredChecks).map(expected),
  ];
}

/** The names of the checks that a rule asks for. */
export function requiredChecks(parameters: Readonly<Record<string, unknown>>): readonly RequiredCheck[] {
  return (parameters['required_status_checks'] ?? []) as readonly RequiredCheck[];
}

export interface RequiredCheck {
  readonly context: string;
  /** The app whose check counts; without it anybody's does. */
  readonly integration_id?: number | null;
}

export function expected({ context }: RequiredCheck): string {
  return `Required status check "${context}" is expected.`;
}

/** GitHub's text over a list of broken rules. */
export function violations(faults: readonly string[]): string {
  return `Repository rule violations found\n\n${faults.join('\n\n')}\n\n`;
}
