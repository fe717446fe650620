import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { commitsBetween, isAncestor } from './git/history.ts';
import { renderIssue, renderReview } from './render/issues.ts';
import { renderFullPull } from './render/pull.ts';
import { renderFullRepo, renderUser, webUrl } from './render/shapes.ts';
import { type Activity, type Issue, isPull, type Repo, type User, type World } from './world.ts';

/** What happened, for the file that `GITHUB_EVENT_PATH` names. */
export type Event =
  | { readonly name: 'pull_request'; readonly action: string; readonly number: number; readonly more?: object }
  | { readonly name: 'pull_request_review'; readonly number: number; readonly review: number }
  | { readonly name: 'issues'; readonly action: string; readonly number: number; readonly more?: object }
  | { readonly name: 'push'; readonly branch?: string }
  | {
      readonly name: 'workflow_dispatch';
      readonly workflow: string;
      readonly inputs?: Readonly<Record<string, string>>;
    };

/** The payload of an event as GitHub sends it; throws where GitHub's schema of it says otherwise. */
export function payloadOf(
  world: World,
  repo: Repo,
  { event, sender }: { event: Event; sender: User },
): Record<string, unknown> {
  const common = { repository: renderEventRepo(world, repo), sender: renderUser(world, sender) };
  switch (event.name) {
    case 'pull_request': {
      const pull_request = pullFor(world, repo, event.number);
      const { action, number, more } = event;
      return held(`pull_request$${action}`, { action, number, pull_request, ...common, ...more });
    }
    case 'pull_request_review': {
      const issue = issueFor(repo, event.number);
      const review = issue.pull?.reviews.find(({ id }) => id === event.review);
      if (!review) throw new Error(`there is no review ${event.review}`);
      const shown = renderReview(world, repo, { issue, review });
      const given = { ...shown, state: review.state.toLowerCase(), body: review.body === '' ? null : review.body };
      return held('pull_request_review$submitted', {
        ...{ action: 'submitted', review: given, pull_request: pullFor(world, repo, event.number) },
        ...common,
      });
    }
    case 'issues': {
      const { action, more } = event;
      const issue = renderEventIssue(world, repo, issueFor(repo, event.number));
      return held(`issues$${action}`, { action, issue, ...common, ...more });
    }
    case 'push':
      return held('push$event', { ...pushOf(repo, event.branch ?? repo.defaultBranch), ...common });
    case 'workflow_dispatch': {
      const { workflow, inputs = {} } = event;
      const ref = `refs/heads/${repo.defaultBranch}`;
      return held('workflow_dispatch$event', { inputs, ref, workflow: `.github/workflows/${workflow}`, ...common });
    }
    default:
      throw new Error(`there is no event ${String(event satisfies never)}`);
  }
}

function issueFor(repo: Repo, number: number): Issue {
  const issue = repo.issues.find((one) => one.number === number);
  if (!issue) throw new Error(`there is no issue ${number}`);
  return issue;
}

function pullFor(world: World, repo: Repo, number: number) {
  const issue = issueFor(repo, number);
  if (!isPull(issue)) throw new Error(`${number} is no pull request`);
  const shown = renderFullPull(world, repo, issue);
  const side = (one: { repo: unknown }, of: Repo | undefined) => ({ ...one, repo: of && renderEventRepo(world, of) });
  return {
    ...shown,
    active_lock_reason: null,
    head: side(shown.head, issue.pull.headRepo),
    base: side(shown.base, repo),
  };
}

function renderEventIssue(world: World, repo: Repo, issue: Issue) {
  const url = `${world.url}/repos/${repo.owner.login}/${repo.name}/issues/${issue.number}/reactions`;
  const none = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0, total_count: 0 };
  return { ...renderIssue(world, repo, issue), active_lock_reason: null, reactions: { url, ...none } };
}

/** Events carry a repository with times as numbers, and more of its settings. */
function renderEventRepo(world: World, repo: Repo) {
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
  const shown = renderFullRepo(world, repo);
  return {
    ...shown,
    ...{ created_at: seconds(shown.created_at), pushed_at: seconds(shown.pushed_at), stargazers: 0 },
    ...{
      master_branch: repo.defaultBranch,
      is_template: false,
      allow_forking: true,
      web_commit_signoff_required: false,
    },
    custom_properties: {},
  };
}

function pushOf(repo: Repo, branch: string) {
  const ref = `refs/heads/${branch}`;
  const last = repo.activity.findLast((one) => one.ref === ref);
  if (!last) throw new Error(`nothing was pushed to ${branch}`);
  const { before, after, actor } = last;
  const created = last.type === 'branch_creation';
  const ids = after === none ? [] : created ? [after] : commitsBetween(repo.bare, before, after);
  const commits = ids.map((id) => renderPushed(repo, id));
  return {
    ...{ ref, before, after, created, deleted: after === none, forced: isForced(repo, last), base_ref: null },
    compare: webUrl(repo, `/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`),
    ...{ commits, head_commit: commits.at(-1) ?? null },
    pusher: { name: actor.login, email: `${actor.id}+${actor.login}@users.noreply.github.com` },
  };
}

const none = '0'.repeat(40);

function isForced(repo: Repo, { before, after }: Activity): boolean {
  return before !== none && after !== none && !isAncestor(repo.bare, before, after);
}

function renderPushed(repo: Repo, id: string) {
  const { tree, message, author, committer } = repo.bare.commit(id);
  const person = ({ name, email }: { name: string; email: string }) => ({ name, email });
  return {
    ...{ id, tree_id: tree, distinct: true, message, timestamp: author.date, url: webUrl(repo, `/commit/${id}`) },
    ...{ author: person(author), committer: person(committer), added: [], removed: [], modified: [] },
  };
}

let schemas: Ajv | undefined;

/** Takes away what events do not carry of what the REST interface shows, and holds the rest to GitHub's schema. */
function held(definition: string, payload: Record<string, unknown>): Record<string, unknown> {
  schemas ??= loaded();
  const check = schemas.getSchema(`webhooks#/definitions/${definition}`);
  if (!check) throw new Error(`GitHub has no event ${definition}`);
  const given = JSON.parse(JSON.stringify(payload)) as Record<string, unknown>;
  if (check(given)) return given;
  const faults = (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  throw new Error(`${definition} is off GitHub's schema:\n${faults.join('\n')}`);
}

function loaded(): Ajv {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-schemas/schema.json');
  const ajv = new Ajv({ strict: false, validateSchema: false, removeAdditional: true });
  ajvFormats.default(ajv);
  return ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')) as object, 'webhooks');
}
