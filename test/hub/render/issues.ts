import { testMerge } from '../git/merging.ts';
import type { Comment, Happening, Issue, Label, PullRequest, Repo, Review, World } from '../world.ts';
import { apiUrl, association, nodeId, renderRepo, renderUser, webUrl } from './shapes.ts';

export function renderLabel(world: World, repo: Repo, label: Label) {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: apiUrl(world, repo, `/labels/${encodeURIComponent(label.name)}`),
    name: label.name,
    description: label.description,
    color: label.color,
    default: false,
  };
}

function labelsOf(world: World, repo: Repo, issue: Issue) {
  return issue.labels.flatMap((name) => {
    const label = repo.labels.find((one) => one.name === name);
    return label === undefined ? [] : [{ ...renderLabel(world, repo, label), description: label.description ?? '' }];
  });
}

/** An issue; a pull request in the form that lists of issues show it in. */
export function renderIssue(world: World, repo: Repo, issue: Issue) {
  const url = apiUrl(world, repo, `/issues/${issue.number}`);
  const { pull } = issue;
  const page = webUrl(repo, `/${pull ? 'pull' : 'issues'}/${issue.number}`);
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    url,
    repository_url: apiUrl(world, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: page,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: renderUser(world, issue.user),
    labels: labelsOf(world, repo, issue),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: issue.locked,
    assignee: issue.assignees[0] ? renderUser(world, issue.assignees[0]) : null,
    assignees: issue.assignees.map((user) => renderUser(world, user)),
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy ? renderUser(world, issue.closedBy) : null,
    author_association: association(repo, issue.user),
    ...(pull === undefined
      ? {}
      : {
          draft: pull.draft,
          pull_request: {
            url: apiUrl(world, repo, `/pulls/${issue.number}`),
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: pull.mergedAt,
          },
        }),
  };
}

export function renderComment(world: World, repo: Repo, { issue, comment }: { issue: Issue; comment: Comment }) {
  const kind = issue.pull === undefined ? 'issues' : 'pull';
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: apiUrl(world, repo, `/issues/comments/${comment.id}`),
    html_url: webUrl(repo, `/${kind}/${issue.number}#issuecomment-${comment.id}`),
    issue_url: apiUrl(world, repo, `/issues/${issue.number}`),
    body: comment.body,
    user: renderUser(world, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(repo, comment.user),
    performed_via_github_app: null,
  };
}

export function renderReview(world: World, repo: Repo, { issue, review }: { issue: Issue; review: Review }) {
  const html = webUrl(repo, `/pull/${issue.number}#pullrequestreview-${review.id}`);
  const pull = apiUrl(world, repo, `/pulls/${issue.number}`);
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: renderUser(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    _links: { html: { href: html }, pull_request: { href: pull } },
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
    author_association: association(repo, review.user),
  };
}

/** An event of an issue. */
export function renderHappening(world: World, repo: Repo, happening: Happening) {
  const { id, event, actor, createdAt, commitId, more } = happening;
  return {
    id,
    node_id: nodeId('Event', id),
    url: apiUrl(world, repo, `/issues/events/${id}`),
    actor: renderUser(world, actor),
    event,
    commit_id: commitId ?? null,
    commit_url: commitId === undefined ? null : apiUrl(world, repo, `/commits/${commitId}`),
    created_at: createdAt,
    performed_via_github_app: null,
    ...more,
  };
}

/** A pull request as lists show it. */
export function renderPull(world: World, repo: Repo, issue: PullRequest) {
  const { pull } = issue;
  const url = apiUrl(world, repo, `/pulls/${issue.number}`);
  const issueUrl = apiUrl(world, repo, `/issues/${issue.number}`);
  const page = webUrl(repo, `/pull/${issue.number}`);
  const statuses = apiUrl(world, repo, `/statuses/${pull.headSha}`);
  const href = (to: string) => ({ href: to });
  return {
    url,
    id: issue.id,
    node_id: nodeId('PullRequest', issue.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: apiUrl(world, repo, '/pulls/comments{/number}'),
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: renderUser(world, issue.user),
    body: issue.body,
    labels: labelsOf(world, repo, issue),
    milestone: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit ?? wouldBe(repo, issue),
    assignee: issue.assignees[0] ? renderUser(world, issue.assignees[0]) : null,
    assignees: issue.assignees.map((user) => renderUser(world, user)),
    requested_reviewers: pull.requested.map((user) => renderUser(world, user)),
    requested_teams: [],
    head: renderSide(world, pull.headRepo, { ref: pull.headRef, sha: pull.headSha, fallback: issue.user.login }),
    base: renderSide(world, repo, { ref: pull.baseRef, sha: pull.baseSha, fallback: '' }),
    _links: {
      self: href(url),
      html: href(page),
      issue: href(issueUrl),
      comments: href(`${issueUrl}/comments`),
      review_comments: href(`${url}/comments`),
      review_comment: href(apiUrl(world, repo, '/pulls/comments{/number}')),
      commits: href(`${url}/commits`),
      statuses: href(statuses),
    },
    author_association: association(repo, issue.user),
    auto_merge: null,
    draft: pull.draft,
  };
}

/** Until it is merged, a pull request names the commit that its merge would be, which is on no branch. */
function wouldBe(repo: Repo, { pull, state }: PullRequest): string | null {
  const base = repo.bare.ref(`refs/heads/${pull.baseRef}`);
  return base === undefined || state === 'closed' ? null : (testMerge(repo.bare, base, pull.headSha) ?? null);
}

function renderSide(world: World, repo: Repo | undefined, side: { ref: string; sha: string; fallback: string }) {
  return {
    label: `${repo?.owner.login ?? side.fallback}:${side.ref}`,
    ref: side.ref,
    sha: side.sha,
    user: repo === undefined ? null : renderUser(world, repo.owner),
    repo: repo === undefined ? null : renderRepo(world, repo),
  };
}
