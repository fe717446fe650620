import type { Parameters } from 'fast-check';

/**
 * How often a law is tried. `MESHGATE_LAW_RUNS=20 npx vitest run test/laws` tries each twenty times as
 * often as the defaults, which are chosen for all laws to end in well under a minute; `MESHGATE_LAW_SEED`
 * (a number, or `random`; by default every run draws the same) with `MESHGATE_LAW_PATH` replays a failure from what fast-check printed of it.
 */
export function runs<T>(usual: number): Parameters<T> {
  const factor = Number(process.env.MESHGATE_LAW_RUNS ?? 1);
  const seed = process.env.MESHGATE_LAW_SEED;
  const path = process.env.MESHGATE_LAW_PATH;
  return {
    numRuns: Math.max(1, Math.round(usual * factor)),
    endOnFailure: process.env.MESHGATE_LAW_SHRINK === undefined,
    ...(seed === undefined || seed === 'random' ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  };
}
