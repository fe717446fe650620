import type { Association, SharingTrouble } from '../core/association.ts';
import type { Grant, LakeId } from '../core/fact.ts';
import type { LakeReader, Share, SharedResource, Sharing } from '../core/lake.ts';
import { associationOf, invitationHours, isAbout, receivers } from '../core/sharing.ts';
import { addFact, type Facts } from './facts.ts';
import { type OnGap, unread } from './gaps.ts';

/** The lake, and the databases of it whose grants are looked at. */
export interface SharingScope {
  readonly lake: LakeId;
  readonly databases: { readonly has: (name: string) => boolean };
}

/** Reads the RAM shares of the account, which takes a handful of calls; undefined, and a gap, where that fails. */
export async function readSharing(reader: LakeReader, gap: OnGap): Promise<Sharing | undefined> {
  try {
    return await reader.sharing();
  } catch (thrown) {
    const hint = 'let the role read the RAM shares of the account: bootstrap prints its policy';
    const what = unread('whether other accounts get what they are given', thrown, hint);
    gap({ code: 'NO_SHARES', ...what, blocks: 'nothing' });
    return undefined;
  }
}

/**
 * Looks whether what is live for other accounts in these databases reaches them through RAM, and puts each broken
 * association among the facts. Before a share counts as gone RAM is asked once more, after the permissions were read:
 * it may have come meanwhile, and grants are revoked for it.
 */
export async function addBroken(
  facts: Facts,
  scope: SharingScope,
  { sharing, again }: { readonly sharing: Sharing; readonly again: () => Promise<Sharing | undefined> },
): Promise<void> {
  for (const [key, { fact }] of facts) if (fact.kind === 'association') facts.delete(key);
  const isGone = ({ trouble }: Association): boolean => trouble?.kind === 'gone';
  const first = brokenIn(facts, scope, sharing);
  const now = first.some(isGone) ? await again() : sharing;
  const broken = now === undefined || now === sharing ? first : brokenIn(facts, scope, now);
  for (const one of broken) if (now !== undefined || !isGone(one)) addFact(facts, one);
}

function brokenIn(facts: Facts, scope: SharingScope, sharing: Sharing): readonly Association[] {
  const troubleOf = judging(sharing);
  const broken: Association[] = [];
  for (const given of givenAway(facts, scope)) {
    const trouble = troubleOf(given);
    const association = trouble && associationOf(given.grant);
    if (association !== undefined && trouble !== undefined) broken.push({ ...association, trouble });
  }
  return broken;
}

/** A live grant to somebody whom only RAM brings it. */
interface Given {
  readonly grant: Grant;
  /** The shares that its rows name. */
  readonly shares: readonly string[];
  readonly receiver: string;
}

const none: readonly string[] = [];

function* givenAway(facts: Facts, { lake, databases }: SharingScope): Generator<Given, void> {
  const [account = ''] = lake.split('/');
  const receiverOf = receivers(account);
  for (const { fact, shares = none } of facts.values()) {
    if (fact.kind !== 'grant' || !('database' in fact.resource) || fact.resource.catalog !== account) continue;
    const receiver = receiverOf(fact.principal);
    if (receiver !== undefined && databases.has(fact.resource.database)) yield { grant: fact, shares, receiver };
  }
}

/** A share whose receiver has joined it or may still accept, with what is on it and does not get through. */
interface Joined {
  readonly share: Share;
  readonly stuck: readonly SharedResource[];
}

/** Tells what is wrong with how grants reach whom they are for. */
function judging({ shares: all, unassociated }: Sharing): (given: Given) => SharingTrouble | undefined {
  const now = Date.now();
  const hours = ({ since }: Pick<Share, 'since'>): number =>
    since === undefined ? Number.POSITIVE_INFINITY : (now - Date.parse(since)) / 3_600_000;
  const stuck = unassociated.filter((one) => one.status === 'FAILED' || hours(one) >= associatingHours);
  const isJoined = (share: Share): boolean =>
    ['ASSOCIATED', 'RESTORING'].includes(share.status) ||
    (share.status === 'ASSOCIATING' && hours(share) < invitationHours);
  const withReceiver = (receiver: string): readonly Share[] =>
    [...all.values()].filter((share) => share.receiver === receiver);
  // Rows of one share name it in one list, so a large lake has few of these.
  const known = new Map<readonly string[], { readonly there: readonly Share[]; readonly joined: readonly Joined[] }>();
  const standingOf = ({ shares, receiver }: Given) => {
    const there = shares.length === 0 ? withReceiver(receiver) : shares.flatMap((arn) => all.get(arn) ?? []);
    const joined = there
      .filter(isJoined)
      .map((share) => ({ share, stuck: stuck.filter((one) => one.share === share.arn) }));
    return { there, joined };
  };
  return (given) => {
    const standing = known.get(given.shares) ?? standingOf(given);
    if (given.shares.length > 0) known.set(given.shares, standing);
    const { there, joined } = standing;
    if (there.length === 0) return { kind: 'gone', shares: given.shares, says: goneText(given) };
    if (joined.length === 0) return { kind: 'lapsed', ...inWords(there) };
    if (joined.some((one) => one.stuck.length === 0)) return undefined;
    const association = associationOf(given.grant);
    const failing = joined.map((one) =>
      one.stuck.filter(({ arn }) => association !== undefined && isAbout(arn, association)),
    );
    return failing.some((one) => one.length === 0)
      ? undefined
      : { kind: 'failed', ...inWords(failing.flat().map(({ share, ...one }) => ({ ...one, arn: share }))) };
  };
}

/** A resource that is associating for longer than this is stuck: it takes RAM seconds. */
const associatingHours = 1;

function goneText({ shares, receiver }: Given): string {
  return shares.length === 0
    ? `RAM has no share with ${receiver}`
    : `the RAM share that brought it, ${shares.join(' and ')}, is gone`;
}

function inWords(
  broken: readonly { readonly arn: string; readonly status: string; readonly says?: string }[],
): Pick<SharingTrouble, 'shares' | 'says'> {
  const says = broken.map((one) => (one.says === undefined ? one.status : `${one.status}: ${one.says}`));
  return { shares: [...new Set(broken.map(({ arn }) => arn))].sort(), says: [...new Set(says)].sort().join('; ') };
}
