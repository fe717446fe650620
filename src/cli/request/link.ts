import { SetupProblem } from '../options.ts';

/** Where a repository is for people with a browser. */
export interface Site {
  /** `https://github.com`. */
  readonly server: string;
  readonly owner: string;
  readonly repo: string;
}

/** GitHub answers 414 to an address of more than about 8 kB; what comes with a login must fit, too. */
const longest = 7000;

/** The page on which a browser shows a new file with this text, and proposes it; undefined where it is too long. */
export function newFileLink(
  site: Site,
  { branch, path, text }: { branch: string; path: string; text: string },
): string | undefined {
  const query = `filename=${encoded(path)}&value=${encoded(text)}`;
  const link = `${addressOf(site)}/new/${encodePath(branch)}?${query}`;
  return link.length < longest ? link : undefined;
}

/**
 * The page that opens a pull request from a branch, with its title and text; without the text where that is too long.
 * Source: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/using-query-parameters-to-create-a-pull-request.
 */
export function newPullLink(
  site: Site,
  { base, branch, title, body }: { base: string; branch: string; title: string; body: string },
): string {
  const page = `${addressOf(site)}/compare/${encodePath(base)}...${encodePath(branch)}?quick_pull=1&title=${encoded(title)}`;
  const link = `${page}&body=${encoded(body)}`;
  return link.length < longest ? link : page;
}

/** The page on which a file is edited, or deleted. */
export function fileLink(
  site: Site,
  { branch, path, action }: { branch: string; path: string; action: 'edit' | 'delete' },
): string {
  return `${addressOf(site)}/${action}/${encodePath(branch)}/${encodePath(path)}`;
}

/** Also what ends a link in Markdown. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function addressOf({ server, owner, repo }: Site): string {
  return `${server.replace(/\/+$/, '')}/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`;
}

function encodePath(path: string): string {
  return path.split('/').map(encoded).join('/');
}

/** The repository that the environment names, or the address of the remote. */
export function siteOf(env: Readonly<Record<string, string | undefined>>, remote: string | undefined): Site {
  const [owner, repo, ...more] = (env.GITHUB_REPOSITORY ?? '').split('/');
  const found = remote === undefined ? undefined : parsed(remote);
  const server = env.GITHUB_SERVER_URL ?? found?.server ?? 'https://github.com';
  if (owner && repo && more.length === 0) {
    const [said, there] = [`${owner}/${repo}`, `${found?.owner}/${found?.repo}`];
    if (found !== undefined && said.toLowerCase() !== there.toLowerCase())
      throw new SetupProblem(
        'OTHER_REPOSITORY',
        `GITHUB_REPOSITORY says ${said}, and the remote is ${there}`,
        'unset GITHUB_REPOSITORY, or name the remote that is meant: --remote',
      );
    return { server, owner, repo };
  }
  if (found !== undefined) return { ...found, server };
  throw new SetupProblem(
    'NO_REPOSITORY',
    'nothing says which repository on GitHub this is',
    'set GITHUB_REPOSITORY to <owner>/<name>',
  );
}

/** The address of the REST API. */
export function apiOf(env: Readonly<Record<string, string | undefined>>, { server }: Site): string {
  if (env.GITHUB_API_URL) return env.GITHUB_API_URL;
  // Source: https://docs.github.com/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api.
  return server === 'https://github.com' ? 'https://api.github.com' : `${server.replace(/\/+$/, '')}/api/v3`;
}

function parsed(remote: string): Site | undefined {
  const match =
    /^(?:https?|ssh|git):\/\/(?:[^@/]+@)?([^/:]+)(?::\d+)?\/([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(remote) ??
    /^(?:[^@/]+@)?([^/:]+):([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(remote);
  const [, host, owner, repo] = match ?? [];
  return host === undefined || owner === undefined || repo === undefined
    ? undefined
    : { server: `https://${host}`, owner, repo };
}
