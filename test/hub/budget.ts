import type { Bearer, World } from './world.ts';

/** What is left of somebody's hour (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
export interface Rate {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Seconds since 1970 by the caller's clock, not the hub's, for that is what they compare it with. */
  readonly reset: number;
}

const hour = 3_600_000;
const limits = { person: 5000, anonymous: 60 };

/** Counts a request against its bearer's hour; `remaining` is below nothing where it is one too many. */
export function spend(world: World, bearer: Bearer | undefined, cost = 1): Rate {
  const { budget, clock } = world;
  const key = String(bearer?.user.id);
  const known = budget.spent.get(key);
  const spent = known !== undefined && clock.now - known.since < hour ? known : { since: clock.now, used: 0 };
  budget.spent.set(key, spent);
  spent.used += cost;
  const workflow = bearer?.permissions === undefined ? undefined : budget.workflow;
  const limit = workflow ?? (bearer === undefined ? limits.anonymous : limits.person);
  const reset = Math.floor((Date.now() + hour - (clock.now - spent.since)) / 1000);
  return { limit, used: spent.used, remaining: limit - spent.used, reset };
}

/** How GitHub says it with every answer. */
export function rateHeaders({ limit, used, remaining, reset }: Rate): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(remaining, 0)),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(reset),
    'x-ratelimit-resource': 'core',
  };
}
