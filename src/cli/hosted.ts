import type { Octokit } from '@octokit/rest';
import { forgeFailure } from '../github/failure.ts';
import type { Sealing } from '../github/issues.ts';
import type { LakeOptions } from './options.ts';
import { settings } from './record.ts';
import { sealOf } from './seal-key.ts';

/** The repository of a run, and a client that speaks to it. */
export interface Hosted {
  readonly client: Octokit;
  readonly place: { readonly owner: string; readonly repo: string };
  /** The default branch. */
  readonly branch: string;
  /** The address of the run, where there is one. */
  readonly run: string | undefined;
  /** With what it seals what it will read again; undefined where no key is set. */
  readonly sealing: Sealing | undefined;
}

/** Reaches the repository that the environment names; throws a `SetupProblem` where it names none, else a `ForgeFailure`. */
export async function gitHub(options: LakeOptions, env: Readonly<Record<string, string | undefined>>): Promise<Hosted> {
  const reach = settings(options, env);
  const seal = sealOf(env['MESHGATE_CACHE_KEY']);
  const [owner = '', repo = ''] = reach.repository.split('/');
  const place = { owner, repo };
  const { clientOf } = await import('../github/client.ts');
  const client = clientOf(reach);
  try {
    const { data } = await client.rest.repos.get(place);
    const sealing = seal && { seal, repository: data.id };
    return { client, place, branch: data.default_branch, run: runAddress(env), sealing };
  } catch (thrown) {
    throw forgeFailure(thrown, 'the repository');
  }
}

/** The address of the run that this is a part of. */
function runAddress(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return server && repository && id ? `${server}/${repository}/actions/runs/${id}` : undefined;
}
