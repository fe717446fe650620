import { type Guarding, pushesPast } from '../approve/guardrails.ts';
import type { Approver } from '../core/approvals.ts';
import { ForgeFailure } from '../core/forge.ts';
import type { Problem } from '../core/problem.ts';
import type { GoodRun } from '../github/guarding.ts';
import { hasNoOwnersFile, unsaid } from './codeowners.ts';
import type { Hosted } from './hosted.ts';

interface Asked {
  readonly good: GoodRun | undefined;
  readonly isShallow: boolean;
  readonly hasTrustRoot: boolean;
  /** The trust root and what came before it: whoever set it has looked at how that came to be there. */
  readonly trusted: readonly string[];
  /** What is wrong with the code owners. */
  readonly owners: readonly Problem[];
  /** Whose closing of an incident says that it was looked at. */
  readonly administrators: readonly Approver[];
}

/** Reads what guards the mesh beside the proof of its files; what GitHub does not tell is left out, and so counts as an incident. */
export async function guardingOf({ client, place, branch, sealing }: Hosted, asked: Asked): Promise<Guarding> {
  const { activityOf, rulesOf } = await import('../github/guarding.ts');
  const { ownerErrors } = await import('../github/owner-errors.ts');
  const { acknowledgedIn } = await import('../github/issues.ts');
  const { good, owners, isShallow, hasTrustRoot, administrators } = asked;
  const trusted = new Set(asked.trusted);
  const [rules, activity, errors] = await Promise.all([
    told(rulesOf(client, { ...place, branch })),
    told(activityOf(client, { ...place, branch, since: good?.at })),
    hasNoOwnersFile(owners) ? [] : told(ownerErrors(client, { ...place, ref: branch })),
  ]);
  const isPast = activity !== undefined && pushesPast(activity, trusted).length > 0;
  const by = administrators.map(({ id }) => id);
  const { commits = [], voided = [] } =
    (isPast && sealing && (await told(acknowledgedIn(client, { ...place, by, sealing })))) || {};
  return {
    branch,
    ...(rules && { rules }),
    ...(activity && { activity }),
    owners,
    ...(errors && { errors: unsaid(errors, owners) }),
    acknowledged: new Set([...trusted, ...commits]),
    voided,
    canAcknowledge: sealing !== undefined,
    isShallow,
    hasTrustRoot,
  };
}

async function told<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (thrown) {
    if (thrown instanceof ForgeFailure) return undefined;
    throw thrown;
  }
}
