import { clientOf } from '../../github/client.ts';
import type { GitHub } from '../../github/pulls.ts';
import type { Console } from '../console.ts';
import { settings } from '../record.ts';
import { apiOf, type Site } from './link.ts';

/** A request makes a handful of calls; many branches of its name make more. */
const mostRequests = 500;

/** The repository on GitHub, reached as whoever the token belongs to. */
export function gitHubAt(site: Site, env: Console['env'], signal?: AbortSignal): GitHub {
  const { owner, repo } = site;
  const connection = {
    ...env,
    GITHUB_REPOSITORY: `${owner}/${repo}`,
    GITHUB_API_URL: apiOf(env, site),
    GITHUB_TOKEN: tokenOf(env),
  };
  const reach = settings({ requestBudget: mostRequests }, connection);
  return { client: clientOf({ ...reach, ...(signal && { signal }) }), owner, repo };
}

/** The token of whoever runs this, as GitHub's own command line takes it; undefined without one. */
export function tokenOf(env: Console['env']): string | undefined {
  return env.GITHUB_TOKEN || env.GH_TOKEN || undefined;
}
