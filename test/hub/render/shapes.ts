import type { Repo, User, World } from '../world.ts';

/** Global ids of GitHub say nothing to anybody. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}

/** Where people look at a repository. */
export function webUrl(repo: Repo, path = ''): string {
  return `https://github.com/${repo.owner.login}/${repo.name}${path}`;
}

/** Where programs do. */
export function apiUrl(world: World, repo: Repo, path = ''): string {
  return `${world.url}/repos/${repo.owner.login}/${repo.name}${path}`;
}

/** GitHub's account for what deleted people left behind. */
const ghost: User = { id: 10137, login: 'ghost', type: 'User', deleted: false };

export function renderUser(world: World, user: User) {
  const { login, id, type } = user.deleted ? ghost : user;
  const api = `${world.url}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url: api,
    html_url: `https://github.com/${type === 'Bot' ? `apps/${login.replace('[bot]', '')}` : login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type,
    site_admin: false,
  };
}

/** A user with what their own page shows. */
export function renderPublicUser(world: World, user: User) {
  return {
    ...renderUser(world, user),
    name: user.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
  };
}

/** What an author is to a repository, in one word. */
export function association(repo: Repo, user: User): string {
  if (user === repo.owner) return 'OWNER';
  return repo.collaborators.has(user) ? 'COLLABORATOR' : 'NONE';
}

const templates: Readonly<Record<string, string>> = {
  archive: '/{archive_format}{/ref}',
  assignees: '/assignees{/user}',
  blobs: '/git/blobs{/sha}',
  branches: '/branches{/branch}',
  collaborators: '/collaborators{/collaborator}',
  comments: '/comments{/number}',
  commits: '/commits{/sha}',
  compare: '/compare/{base}...{head}',
  contents: '/contents/{+path}',
  contributors: '/contributors',
  deployments: '/deployments',
  downloads: '/downloads',
  events: '/events',
  forks: '/forks',
  git_commits: '/git/commits{/sha}',
  git_refs: '/git/refs{/sha}',
  git_tags: '/git/tags{/sha}',
  hooks: '/hooks',
  issue_comment: '/issues/comments{/number}',
  issue_events: '/issues/events{/number}',
  issues: '/issues{/number}',
  keys: '/keys{/key_id}',
  labels: '/labels{/name}',
  languages: '/languages',
  merges: '/merges',
  milestones: '/milestones{/number}',
  notifications: '/notifications{?since,all,participating}',
  pulls: '/pulls{/number}',
  releases: '/releases{/id}',
  stargazers: '/stargazers',
  statuses: '/statuses/{sha}',
  subscribers: '/subscribers',
  subscription: '/subscription',
  tags: '/tags',
  teams: '/teams',
  trees: '/git/trees{/sha}',
};

/** A repository in its short form, as lists of workflow runs carry it. */
export function renderMinimalRepo(world: World, repo: Repo) {
  const urls = Object.entries(templates).map(([name, path]) => [`${name}_url`, apiUrl(world, repo, path)]);
  return {
    id: repo.id,
    node_id: nodeId('Repository', repo.id),
    name: repo.name,
    full_name: `${repo.owner.login}/${repo.name}`,
    owner: renderUser(world, repo.owner),
    private: repo.private,
    html_url: webUrl(repo),
    description: null,
    fork: repo.parent !== undefined,
    url: apiUrl(world, repo),
    ...(Object.fromEntries(urls) as Record<string, string>),
  };
}

/** A repository as pull requests carry it. */
export function renderRepo(world: World, repo: Repo) {
  const openIssues = repo.issues.filter((issue) => issue.state === 'open').length;
  return {
    ...renderMinimalRepo(world, repo),
    git_url: `git://github.com/${repo.owner.login}/${repo.name}.git`,
    ssh_url: `git@github.com:${repo.owner.login}/${repo.name}.git`,
    clone_url: webUrl(repo, '.git'),
    svn_url: webUrl(repo),
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    default_branch: repo.defaultBranch,
    open_issues: openIssues,
    open_issues_count: openIssues,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: repo.private ? 'private' : 'public',
    pushed_at: repo.activity.at(-1)?.timestamp ?? repo.createdAt,
    created_at: repo.createdAt,
    updated_at: repo.createdAt,
  };
}

/** A repository as it answers for itself. */
export function renderFullRepo(world: World, repo: Repo) {
  return {
    ...renderRepo(world, repo),
    subscribers_count: 0,
    network_count: 0,
    allow_merge_commit: repo.settings.merge,
    allow_squash_merge: repo.settings.squash,
    allow_rebase_merge: repo.settings.rebase,
    delete_branch_on_merge: repo.settings.deleteBranchOnMerge,
    ...(repo.parent === undefined
      ? {}
      : { parent: renderRepo(world, repo.parent), source: renderRepo(world, repo.parent) }),
  };
}
