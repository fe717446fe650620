import { type Answer, noContent, type Operations, ok, pullOf, Refusal, type RepoCall } from '../call.ts';
import { commitsBetween } from '../git/history.ts';
import { mergeCommit, rebase, squash } from '../git/merging.ts';
import { merged, moveRef } from '../moves.ts';
import { apiUrl } from '../render/shapes.ts';
import { violations } from '../rules/branch-rules.ts';
import { isMergeable, type Method, mergeFaults } from '../rules/merge-rules.ts';
import { hubSignature, type PullRequest, type Repo, signatureOf, type User, type World } from '../world.ts';

/** Merging, and bringing a branch up to date. */
export const merging: Operations = {
  'pulls/check-if-merged': {
    scope: 'pull_requests:read',
    role: 'read',
    run: (call) => (pullOf(call).pull.mergedAt === null ? { status: 404 } : noContent),
  },
  'pulls/merge': { scope: 'contents:write', role: 'write', run: merge },
  'pulls/update-branch': { scope: 'pull_requests:write', role: 'write', run: updateBranch },
};

function merge(call: RepoCall): Answer {
  const { world, repo, user, body } = call;
  const issue = pullOf(call);
  const method = (body['merge_method'] ?? 'merge') as Method;
  if (issue.state === 'closed' || isMergeable(repo, issue) === undefined)
    throw new Refusal(405, 'Pull Request is not mergeable');
  if (issue.pull.draft) throw new Refusal(405, 'Pull Request is still a draft');
  if (body['sha'] !== undefined && body['sha'] !== issue.pull.headSha)
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  if (!repo.settings[method]) throw new Refusal(405, `${words[method]} are not allowed on this repository.`);
  const faults = mergeFaults(world, repo, { issue, user, method });
  if (faults.length > 0) throw new Refusal(405, violations(faults));
  const said = { title: body['commit_title'], message: body['commit_message'] } as Said;
  const sha = mergePull(world, repo, { issue, by: user, method, said });
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

const words: Readonly<Record<Method, string>> = {
  merge: 'Merge commits',
  squash: 'Squash merges',
  rebase: 'Rebase merges',
};

interface Said {
  readonly title?: string;
  readonly message?: string;
}

/** Merges without a look at the rules, and answers the commit that the base branch then points to. */
export function mergePull(
  world: World,
  repo: Repo,
  {
    issue,
    by,
    method,
    said = {},
    queued = false,
  }: { issue: PullRequest; by: User; method: Method; said?: Said; queued?: boolean },
): string {
  const { pull } = issue;
  const ref = `refs/heads/${pull.baseRef}`;
  const base = repo.bare.ref(ref);
  const landed = base === undefined ? undefined : land(world, repo, { issue, by, method, said, base });
  const tip = landed?.at(-1);
  if (base === undefined || landed === undefined || tip === undefined)
    throw new Refusal(405, 'Pull Request is not mergeable');
  // Frozen as they were: what a merged pull request changed must not depend on what follows.
  pull.baseSha = base;
  const brought = method === 'merge' ? [...commitsBetween(repo.bare, base, pull.headSha), tip] : landed;
  moveRef(world, repo, { ref, to: tip, by, merging: issue, queued });
  merged(world, issue, { by, commit: tip, landed: brought });
  const { headRepo, headRef } = pull;
  if (repo.settings.deleteBranchOnMerge && headRepo === repo)
    moveRef(world, repo, { ref: `refs/heads/${headRef}`, to: undefined, by });
  return tip;
}

function land(
  world: World,
  repo: Repo,
  { issue, by, method, said, base }: { issue: PullRequest; by: User; method: Method; said: Said; base: string },
): readonly string[] | undefined {
  const { headSha, headRepo, headRef } = issue.pull;
  const author = { ...signatureOf(world, by) };
  const web = hubSignature(world);
  if (method === 'rebase') return rebase(repo.bare, base, headSha, signatureOf(world, by));
  const from = `${headRepo?.owner.login ?? issue.user.login}/${headRef}`;
  const [title, text] =
    method === 'squash'
      ? [`${issue.title} (#${issue.number})`, '']
      : [`Merge pull request #${issue.number} from ${from}`, issue.title];
  const message = `${[said.title ?? title, said.message ?? text].filter((part) => part !== '').join('\n\n')}\n`;
  const squashed = method === 'squash' ? { ...signatureOf(world, issue.user) } : author;
  const given = { by: web, author: squashed, message };
  const commit =
    method === 'squash' ? squash(repo.bare, base, headSha, given) : mergeCommit(repo.bare, base, headSha, given);
  return commit === undefined ? undefined : [commit];
}

function updateBranch(call: RepoCall): Answer {
  const { world, repo, user, body } = call;
  const issue = pullOf(call);
  const { pull } = issue;
  const expected = body['expected_head_sha'];
  if (expected !== undefined && expected !== pull.headSha)
    throw new Refusal(422, 'expected head sha didn’t match current head ref.', { errors: [] });
  const base = repo.bare.ref(`refs/heads/${pull.baseRef}`);
  if (base === undefined || pull.headRepo === undefined || issue.state === 'closed')
    throw new Refusal(422, 'Validation Failed', { errors: [] });
  if (commitsBetween(repo.bare, pull.headSha, base).length === 0)
    throw new Refusal(422, 'There are no new commits on the base branch.', { errors: [] });
  const message = `Merge branch '${pull.baseRef}' into ${pull.headRef}\n`;
  const commit = mergeCommit(repo.bare, pull.headSha, base, {
    by: hubSignature(world),
    author: signatureOf(world, user),
    message,
  });
  if (commit === undefined) throw new Refusal(422, 'merge conflict between base and head', { errors: [] });
  pull.headRepo.bare.fetch(repo.bare, commit);
  moveRef(world, pull.headRepo, { ref: `refs/heads/${pull.headRef}`, to: commit, by: user });
  return {
    status: 202,
    body: { message: 'Updating pull request branch.', url: apiUrl(world, repo, `/pulls/${issue.number}`) },
  };
}
