import {
  type Answer,
  created,
  issueOf,
  noContent,
  notFound,
  type Operations,
  ok,
  page,
  Refusal,
  type RepoCall,
} from '../call.ts';
import { renderComment, renderIssue } from '../render/issues.ts';
import { type Comment, type Issue, isAtLeast, nextId, record, roleOf, timestamp, userNamed } from '../world.ts';
import { labelled } from './labels.ts';

/** Issues and their comments; a pull request is an issue here, too. */
export const issues: Operations = {
  'issues/list-for-repo': { scope: 'issues:read', role: 'read', run: list },
  'issues/get': {
    scope: 'issues:read',
    role: 'read',
    run: (call) => ok(renderIssue(call.world, call.repo, issueOf(call))),
  },
  'issues/create': { scope: 'issues:write', role: 'read', run: create },
  'issues/update': { scope: 'issues:write', role: 'read', run: update },
  'issues/list-comments': {
    scope: 'issues:read',
    role: 'read',
    run: (call) => {
      const issue = issueOf(call);
      const { since = '' } = call.query;
      const rows = issue.comments.filter(({ updatedAt }) => updatedAt >= since);
      return page(call, rows, (comment) => renderComment(call.world, call.repo, { issue, comment }));
    },
  },
  'issues/create-comment': { scope: 'issues:write', role: 'read', run: comment },
  'issues/get-comment': {
    scope: 'issues:read',
    role: 'read',
    run: (call) => ok(renderComment(call.world, call.repo, commentOf(call))),
  },
  'issues/update-comment': { scope: 'issues:write', role: 'read', run: updateComment },
  'issues/delete-comment': { scope: 'issues:write', role: 'read', run: deleteComment },
};

const longest = { title: 256, body: 65_536 };

function checkLength(resource: string, { field, text }: { field: keyof typeof longest; text: unknown }): void {
  if (typeof text !== 'string' || text.length <= longest[field]) return;
  const message = `${field} is too long (maximum is ${longest[field]} characters)`;
  throw new Refusal(422, 'Validation Failed', { errors: [{ resource, code: 'custom', field, message }] });
}

/** GitHub takes no longer text. */
export function checkText(resource: string, text: unknown): void {
  checkLength(resource, { field: 'body', text });
}

/** Nor a longer title. */
export function checkTitle(resource: string, text: unknown): void {
  checkLength(resource, { field: 'title', text });
}

function list(call: RepoCall): Answer {
  const { state = 'open', labels = '', creator, since = '', sort = 'created', direction = 'desc' } = call.query;
  const wanted = labels.split(',').filter((name) => name !== '');
  const order = direction === 'asc' ? 1 : -1;
  const key = (issue: Issue) =>
    ({ created: issue.createdAt, updated: issue.updatedAt, comments: String(issue.comments.length).padStart(9, '0') })[
      sort
    ] ?? '';
  const rows = call.repo.issues
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => wanted.every((name) => issue.labels.includes(name)))
    .filter((issue) => creator === undefined || issue.user.login.toLowerCase() === creator.toLowerCase())
    .filter((issue) => issue.updatedAt >= since)
    .toSorted((one, other) => order * (key(one).localeCompare(key(other)) || one.number - other.number));
  return page(call, rows, (issue) => renderIssue(call.world, call.repo, issue));
}

function create(call: RepoCall): Answer {
  const { world, repo, user, body } = call;
  checkTitle('Issue', body['title']);
  checkText('Issue', body['body']);
  const now = timestamp(world);
  const issue: Issue = {
    ...{
      id: nextId(world),
      number: repo.issues.length + 1,
      user,
      title: String(body['title']),
      body: body['body'] ?? null,
    },
    ...{ state: 'open', stateReason: null, labels: [], assignees: [], locked: false, createdAt: now, updatedAt: now },
    ...{ closedAt: null, closedBy: undefined, comments: [], happenings: [] },
  };
  repo.issues.push(issue);
  // People without the right to triage cannot label: GitHub drops what they ask for, in silence.
  if (isAtLeast(roleOf(repo, user), 'triage') || user.type === 'Bot') {
    labelled(call, issue, namesOf(body['labels']));
    issue.assignees = peopleIn(call, body['assignees']);
  }
  return created(renderIssue(world, repo, issue));
}

function namesOf(labels: unknown): readonly string[] {
  return ((labels ?? []) as readonly (string | { name: string })[]).map((one) =>
    typeof one === 'string' ? one : one.name,
  );
}

function peopleIn({ world }: RepoCall, logins: unknown) {
  return ((logins ?? []) as readonly string[]).flatMap((login) => userNamed(world, login) ?? []);
}

function update(call: RepoCall): Answer {
  const { world, repo, user, body } = call;
  const issue = issueOf(call);
  const mayTriage = isAtLeast(roleOf(repo, user), 'triage') || user.type === 'Bot';
  if (!mayTriage && issue.user !== user) throw new Refusal(403, 'Must have triage access.');
  checkTitle('Issue', body['title']);
  checkText('Issue', body['body']);
  if (body['title'] !== undefined && body['title'] !== null) issue.title = String(body['title']);
  if (body['body'] !== undefined) issue.body = body['body'];
  if (mayTriage && body['labels'] !== undefined) {
    issue.labels = [];
    labelled(call, issue, namesOf(body['labels']));
  }
  if (mayTriage && body['assignees'] !== undefined) issue.assignees = peopleIn(call, body['assignees']);
  if (body['state'] !== undefined && body['state'] !== issue.state) setState(call, issue);
  issue.updatedAt = timestamp(world);
  return ok(renderIssue(world, repo, issue));
}

function setState({ world, user, body }: RepoCall, issue: Issue): void {
  const isClosed = body['state'] === 'closed';
  issue.state = isClosed ? 'closed' : 'open';
  issue.stateReason = isClosed ? (body['state_reason'] ?? 'completed') : 'reopened';
  issue.closedAt = isClosed ? timestamp(world) : null;
  issue.closedBy = isClosed ? user : undefined;
  record(world, issue, { event: isClosed ? 'closed' : 'reopened', actor: user });
}

function comment(call: RepoCall): Answer {
  const { world, repo, user, body } = call;
  const issue = issueOf(call);
  checkText('IssueComment', body['body']);
  if (String(body['body']).trim() === '')
    throw new Refusal(422, 'Validation Failed', {
      errors: [{ resource: 'IssueComment', code: 'missing_field', field: 'body' }],
    });
  const now = timestamp(world);
  const made: Comment = { id: nextId(world), user, body: String(body['body']), createdAt: now, updatedAt: now };
  issue.comments.push(made);
  issue.updatedAt = now;
  return created(renderComment(world, repo, { issue, comment: made }));
}

function commentOf({ repo, path }: RepoCall): { issue: Issue; comment: Comment } {
  const id = Number(path['comment_id']);
  for (const issue of repo.issues) {
    const comment = issue.comments.find((one) => one.id === id);
    if (comment) return { issue, comment };
  }
  throw notFound();
}

/** Everybody edits and deletes their own; who may write, everybody's. */
function ownComment(call: RepoCall): { issue: Issue; comment: Comment } {
  const found = commentOf(call);
  if (found.comment.user !== call.user && !isAtLeast(roleOf(call.repo, call.user), 'write'))
    throw new Refusal(403, 'Must have write access to edit this comment.');
  return found;
}

function updateComment(call: RepoCall): Answer {
  const found = ownComment(call);
  checkText('IssueComment', call.body['body']);
  found.comment.body = String(call.body['body']);
  found.comment.updatedAt = timestamp(call.world);
  return ok(renderComment(call.world, call.repo, found));
}

function deleteComment(call: RepoCall): Answer {
  const { issue, comment } = ownComment(call);
  issue.comments.splice(issue.comments.indexOf(comment), 1);
  return noContent;
}
