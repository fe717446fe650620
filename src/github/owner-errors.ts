import type { Octokit } from '@octokit/rest';
import type { Problem } from '../core/problem.ts';
import { forgeFailure } from './failure.ts';
import type { Place } from './trees.ts';

/**
 * What GitHub finds wrong with the CODEOWNERS file at a commit: what the file alone cannot tell is that an owner may not
 * write to the repository, whom GitHub then passes over. Without a file there is nothing to ask: it answers 404.
 * Source: https://docs.github.com/en/rest/repos/repos#list-codeowners-errors.
 */
export async function ownerErrors(
  client: Octokit,
  { ref, ...place }: Place & { readonly ref: string },
): Promise<readonly Problem[]> {
  try {
    const { data } = await client.rest.repos.codeownersErrors({ ...place, ref });
    return data.errors.map(({ kind, message, path, line, column, source, suggestion }) => ({
      code: 'CODEOWNERS_ERROR',
      message: `GitHub says: ${message.split('\n')[0] ?? kind}`,
      hint: suggestion || remedies.get(kind) || 'run meshgate codeowners, and have what it writes reviewed',
      place: { file: path, line, column },
      ...(source === undefined ? {} : { excerpt: source }),
    }));
  } catch (thrown) {
    throw forgeFailure(thrown, 'what is wrong with CODEOWNERS');
  }
}

const remedies: ReadonlyMap<string, string> = new Map([
  ['Unknown owner', 'let whoever is named write to the repository, or name somebody else in the mesh file'],
]);
