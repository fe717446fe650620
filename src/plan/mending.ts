import { type Fact, type FactKey, keyOf } from '../core/fact.ts';
import { type Step, stages } from '../core/plan.ts';
import { associationOf } from '../core/sharing.ts';
import type { Observed, ObservedFact } from '../core/state.ts';
import type { Move } from './move.ts';

/** What decides how an association is mended. */
interface Mending {
  /** What else this plan makes of facts. */
  readonly byKey: ReadonlyMap<FactKey, Move>;
  readonly observed: Observed;
}

/**
 * What is sent to mend a broken association. On a share that is there RAM is asked to try again, and no grant is
 * touched; only where the share is gone, so that nothing is lost, is all that it carried revoked and granted again, as
 * AWS advises (https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html). While some of that changes
 * by itself, nothing is sent: the next look tells what is left to do.
 */
export function mending(
  { key, observed: live }: Move,
  { byKey, observed }: Mending,
): { readonly steps: readonly Step[]; readonly interrupts?: string } | undefined {
  if (live?.fact.kind !== 'association' || live.fact.trouble === undefined) return undefined;
  if (live.fact.trouble.kind !== 'gone')
    return { steps: [{ stage: stages.associate, action: 'write', fact: live.fact }] };
  const carried = [...observed.facts.values()].filter(({ fact }) => {
    const association = fact.kind === 'grant' ? associationOf(fact) : undefined;
    return association !== undefined && keyOf(association) === key;
  });
  if (carried.some((one) => byKey.has(one.key))) return undefined;
  return { steps: [...carried.flatMap(taken), ...carried.map(given)], interrupts: anew };
}

/** What keeps a grant from the account that it is for, and what is done about it; undefined for any other fact. */
export function troubleIn(fact: Fact | undefined): string | undefined {
  if (fact?.kind !== 'association' || fact.trouble === undefined) return undefined;
  const { kind, says } = fact.trouble;
  const said = says.replace(/\.$/, '');
  switch (kind) {
    case 'failed':
      return `the account does not get it: RAM says ${said}; RAM is asked to try again`;
    case 'lapsed':
      return `the account does not get it: it did not accept in time, or left the share (${said}); it is invited again`;
    case 'gone':
      return `the account does not get it: ${said}`;
  }
}

const anew = 'the RAM share is gone: what it carried is revoked and granted again, which makes another';

function taken({ fact, parts }: ObservedFact): readonly Step[] {
  const sent =
    fact.kind === 'grant' && fact.columns !== undefined ? parts.map((columns) => ({ ...fact, columns })) : [fact];
  return sent.map((one) => ({ stage: stages.makeRoom, action: 'revoke', fact: one }));
}

function given({ fact }: ObservedFact): Step {
  return { stage: stages.grant, action: 'grant', fact };
}
