import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { ForgeFailure } from '../core/forge.ts';

/** How GitHub is reached. */
export interface GitHubOptions {
  /** The API, such as `https://api.github.com`. */
  readonly url: string;
  /** `<owner>/<name>`. */
  readonly repository: string;
  readonly token: string;
  /** How many requests may be made. */
  readonly budget: number;
  /** The milliseconds from which waits between tries grow. */
  readonly pace: number;
  /** When nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/** A client of GitHub's API that waits where it is told to, tries again, and stops at its budget. */
export function clientOf({ url, token, budget, pace, signal }: GitHubOptions): Octokit {
  // A limit that ends within a minute is waited for, once.
  const waits = (seconds: number, _options: unknown, _client: unknown, tries: number): boolean =>
    tries < 1 && seconds <= 60;
  const client = new (Octokit.plugin(retry, throttling))({
    auth: token,
    baseUrl: url.replace(/\/+$/, ''),
    userAgent: 'meshgate',
    ...(signal && { request: { signal } }),
    retry: { retries: 3, retryAfterBaseValue: pace, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
    // Whoever asks has an own limit, and so an own pace.
    throttle: {
      id: token,
      onRateLimit: waits,
      onSecondaryRateLimit: waits,
      fallbackSecondaryRateRetryAfter: pace / 1000,
    },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  let made = 0;
  client.hook.before('request', () => {
    if (made >= budget)
      throw new ForgeFailure(
        `the budget of ${budget} requests to GitHub is used up`,
        'run it again, or give a larger --request-budget',
      );
    made += 1;
  });
  return client;
}
