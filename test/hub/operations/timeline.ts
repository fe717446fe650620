import { issueOf, type Operations, page, type RepoCall } from '../call.ts';
import { commitsBetween } from '../git/history.ts';
import { rangeOf } from '../pull-range.ts';
import { renderGitCommit } from '../render/commits.ts';
import { renderComment, renderHappening, renderReview } from '../render/issues.ts';
import { renderUser } from '../render/shapes.ts';
import { isPull } from '../world.ts';

/** What happened to an issue, in order. */
export const timeline: Operations = {
  'issues/list-events': {
    scope: 'issues:read',
    role: 'read',
    run: (call) =>
      page(call, issueOf(call).happenings, (happening) => renderHappening(call.world, call.repo, happening)),
  },
  'issues/list-events-for-timeline': {
    scope: 'issues:read',
    role: 'read',
    run: (call) => page(call, rowsOf(call), (row) => row.body),
  },
};

/** What the events tell and the timeline does not (https://docs.github.com/en/rest/using-the-rest-api/issue-event-types). */
const eventsAlone: ReadonlySet<string> = new Set(['base_ref_changed']);

/** Everything in order of time: what is of one second stays as it was written. */
function rowsOf(call: RepoCall) {
  const { world, repo } = call;
  const issue = issueOf(call);
  const rows = [
    ...committed(call),
    ...(issue.pull?.reviews ?? []).map((review) => ({
      at: review.submittedAt,
      body: { event: 'reviewed', ...renderReview(world, repo, { issue, review }), state: review.state.toLowerCase() },
    })),
    ...issue.comments.map((comment) => ({
      at: comment.createdAt,
      body: {
        event: 'commented',
        ...renderComment(world, repo, { issue, comment }),
        actor: renderUser(world, comment.user),
      },
    })),
    ...issue.happenings
      .filter(({ event }) => !eventsAlone.has(event))
      .map((happening) => ({ at: happening.createdAt, body: renderHappening(world, repo, happening) })),
  ];
  return rows.toSorted((one, other) => one.at.localeCompare(other.at));
}

/** GitHub shows commits by the date that they claim. */
function committed(call: RepoCall) {
  const issue = issueOf(call);
  if (!isPull(issue)) return [];
  const { from, to } = rangeOf(call.repo, issue);
  return commitsBetween(call.repo.bare, from ?? to, to).map((id) => ({
    at: call.repo.bare.commit(id).committer.date,
    body: { event: 'committed', ...renderGitCommit(call.world, call.repo, id) },
  }));
}
