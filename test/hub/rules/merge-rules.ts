import { isAncestor } from '../git/history.ts';
import { mergedTree } from '../git/merging.ts';
import { appOf, type PullRequest, type Repo, type User, type World } from '../world.ts';
import { expected, parametersOf, type RequiredCheck, requiredChecks, rulesOn, withoutBypass } from './branch-rules.ts';
import { askedOwners, counting, ownerFaults } from './owner-rules.ts';

/** How a pull request is to be merged. */
export type Method = 'merge' | 'squash' | 'rebase';

const plural: Readonly<Record<Method, string>> = {
  merge: 'Merge commits',
  squash: 'Squash merges',
  rebase: 'Rebase merges',
};

/** Why the rules of the base branch do not let a pull request in, in GitHub's words. */
export function mergeFaults(
  world: World,
  repo: Repo,
  { issue, user, method }: { issue: PullRequest; user: User; method?: Method },
): readonly string[] {
  const ref = `refs/heads/${issue.pull.baseRef}`;
  const rules = withoutBypass(rulesOn(repo, ref), { repo, user, merging: true });
  const faults = parametersOf(rules, 'pull_request').flatMap((parameters) => {
    const allowed = parameters['allowed_merge_methods'] as readonly Method[] | undefined;
    return [
      ...(method && allowed && !allowed.includes(method) ? [`${plural[method]} are not allowed on this branch.`] : []),
      ...reviewFaults(world, repo, { issue, parameters }),
    ];
  });
  const linear = rules.some(({ rule }) => rule.type === 'required_linear_history');
  return [
    ...new Set([
      ...faults,
      ...(linear && method === 'merge' ? ['This branch must not contain merge commits.'] : []),
      ...parametersOf(rules, 'required_status_checks').flatMap((parameters) => checkFaults(repo, issue, parameters)),
    ]),
  ];
}

function reviewFaults(
  world: World,
  repo: Repo,
  { issue, parameters }: { issue: PullRequest; parameters: Readonly<Record<string, unknown>> },
): readonly string[] {
  const { pull } = issue;
  const { ownersWithoutCount, lastPushAlone } = world.switches;
  const reviews = counting(repo, issue);
  const approvals = reviews.filter(({ state }) => state === 'APPROVED');
  const count = Number(parameters['required_approving_review_count'] ?? 0);
  const byOwners = parameters['require_code_owner_review'] === true && (count > 0 || ownersWithoutCount);
  const owned = byOwners && askedOwners(world, repo, issue).length > 0;
  const vetoed = reviews.some(({ state }) => state === 'CHANGES_REQUESTED');
  const lastPush = parameters['require_last_push_approval'] === true && (count > 0 || owned || lastPushAlone);
  const fresh = approvals.some((review) => review.user !== pull.lastPusher && review.pushes === pull.pushes);
  const few = `At least ${count} approving review${count === 1 ? ' is' : 's are'} required by reviewers with write access.`;
  return [
    ...(vetoed ? ['Changes must be approved by reviewers who requested changes.'] : []),
    ...(approvals.length < count ? [few] : []),
    ...(lastPush && !fresh ? ['New changes require approval from someone other than the last pusher.'] : []),
    ...(byOwners ? ownerFaults(world, repo, issue) : []),
  ];
}

function checkFaults(
  repo: Repo,
  { pull }: PullRequest,
  parameters: Readonly<Record<string, unknown>>,
): readonly string[] {
  const base = repo.bare.ref(`refs/heads/${pull.baseRef}`);
  const strict = parameters['strict_required_status_checks_policy'] === true;
  const behind = strict && base !== undefined && !isAncestor(repo.bare, base, pull.headSha);
  return [
    ...requiredChecks(parameters).flatMap((required) => checkFault(repo, pull.headSha, required)),
    ...(behind ? ['The head branch is not up to date with the base branch.'] : []),
  ];
}

function checkFault(repo: Repo, sha: string, required: RequiredCheck): readonly string[] {
  const app = required.integration_id ?? undefined;
  const newest = repo.checks.findLast(
    (check) => check.sha === sha && check.name === required.context && (app === undefined || appOf(check.by) === app),
  );
  if (newest === undefined) return [expected(required)];
  const done = newest.kind === 'status' ? newest.status : (newest.conclusion ?? newest.status);
  if (['success', 'neutral', 'skipped'].includes(done)) return [];
  if (['queued', 'in_progress', 'pending', 'waiting'].includes(done))
    return [`Required status check "${required.context}" is in progress.`];
  return [`Required status check "${required.context}" is failing.`];
}

/** Whether git can merge: undefined where there is no head or no base any more. */
export function isMergeable(repo: Repo, { pull }: PullRequest): boolean | undefined {
  const base = repo.bare.ref(`refs/heads/${pull.baseRef}`);
  return base === undefined ? undefined : mergedTree(repo.bare, base, pull.headSha) !== undefined;
}
