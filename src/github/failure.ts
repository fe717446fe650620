import { ForgeFailure } from '../core/forge.ts';

/** What GitHub's answer means for whoever waits for a proof. */
export function forgeFailure(thrown: unknown, what: string): ForgeFailure {
  if (thrown instanceof ForgeFailure) return thrown;
  const status = statusOf(thrown);
  const said = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
  if (status === 401) return new ForgeFailure(`GitHub refused the token (${said})`, 'give a valid GITHUB_TOKEN');
  if (status === 429 || (status === 403 && /rate limit/i.test(said ?? '')))
    return new ForgeFailure(`GitHub's rate limit is used up (${said})`, 'run it again later');
  if (status === 403 || status === 404)
    return new ForgeFailure(
      `GITHUB_TOKEN may not read ${what} (${said})`,
      'give it `contents: read` and `pull-requests: read` on the repository',
    );
  return new ForgeFailure(`GitHub could not be asked for ${what} (${said})`, 'run it again');
}

/** The HTTP status of a failed request; undefined where there was no answer. */
export function statusOf(thrown: unknown): number | undefined {
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : undefined;
  return typeof status === 'number' ? status : undefined;
}
