import type { Desired, Observed } from '../../src/core/state.ts';

/** A lake that holds what is desired, and nothing else. */
export function fulfilled({ facts }: Desired): Pick<Observed, 'facts' | 'gaps' | 'openedByIam' | 'filterGrants'> {
  return {
    facts: new Map(
      [...facts].map(([key, { fact }]) => [
        key,
        { key, fact, parts: fact.kind === 'grant' ? [fact.columns ?? 'all'] : [] },
      ]),
    ),
    gaps: [],
    openedByIam: new Set(),
    filterGrants: new Map(),
  };
}
