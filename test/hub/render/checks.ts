import type { Check } from '../reports.ts';
import { appOf, type Repo, type User, type World } from '../world.ts';
import { apiUrl, nodeId, renderUser, webUrl } from './shapes.ts';

export function renderCheckRun(world: World, repo: Repo, check: Check) {
  const url = apiUrl(world, repo, `/check-runs/${check.id}`);
  return {
    id: check.id,
    node_id: nodeId('CheckRun', check.id),
    name: check.name,
    head_sha: check.sha,
    external_id: '',
    url,
    html_url: webUrl(repo, `/runs/${check.id}`),
    details_url: check.url,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.createdAt,
    completed_at: check.conclusion === null ? null : check.updatedAt,
    output: {
      title: check.title,
      summary: check.summary,
      text: null,
      annotations_count: check.annotations,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: check.id },
    app: renderApp(world, check.by),
    pull_requests: [],
  };
}

/** The app behind a bot; here both have one id. */
function renderApp(world: World, bot: User) {
  const slug = bot.login.replace('[bot]', '');
  return {
    id: appOf(bot),
    slug,
    node_id: nodeId('App', appOf(bot)),
    owner: renderUser(world, bot),
    name: slug,
    description: '',
    external_url: `https://github.com/apps/${slug}`,
    html_url: `https://github.com/apps/${slug}`,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    permissions: {},
    events: [],
  };
}

export function renderStatus(world: World, repo: Repo, check: Check) {
  return {
    url: apiUrl(world, repo, `/statuses/${check.sha}`),
    avatar_url: renderUser(world, check.by).avatar_url,
    id: check.id,
    node_id: nodeId('Status', check.id),
    state: check.status,
    description: check.summary,
    target_url: check.url,
    context: check.name,
    created_at: check.createdAt,
    updated_at: check.updatedAt,
    creator: renderUser(world, check.by),
  };
}
