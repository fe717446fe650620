import type { LakeId } from '../../src/core/fact.ts';
import type { Desired, Observed } from '../../src/core/state.ts';

/** A lake that holds what is desired of it, and nothing else. */
export function fulfilled(
  { facts }: Desired,
  lake: LakeId,
): Pick<Observed, 'facts' | 'gaps' | 'openedByIam' | 'filterGrants'> {
  const here = [...facts].filter(([, { fact }]) => fact.lake === lake);
  return {
    facts: new Map(
      here.map(([key, { fact }]) => [key, { key, fact, parts: fact.kind === 'grant' ? [fact.columns ?? 'all'] : [] }]),
    ),
    gaps: [],
    openedByIam: new Set(),
    filterGrants: new Map(),
  };
}
