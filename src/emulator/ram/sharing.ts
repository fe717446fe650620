import { invalidInput, type ServiceFailure } from '../failure.ts';
import type { StoredRow } from '../grants/grant-store.ts';
import type { Author } from '../grants/store-grant.ts';
import type { Lake } from '../lake.ts';
import { accountOf, isExternal, type Principal } from '../principal.ts';
import { hashed, randomText, randomUuid, seededRandom } from '../random.ts';
import { placeOf, type Resource } from '../resource.ts';
import type { World } from '../world.ts';
import { Associations } from './associations.ts';
import { commonOrganization, organizationIn, organizationsOf } from './organizations.ts';
import {
  type Invitation,
  isShareable,
  patternOf,
  receiverStatus,
  type Share,
  sharedArn,
  sharedArnOn,
} from './share.ts';

/** What is shared with whom. */
export interface Shared {
  readonly principal: Principal;
  readonly resource: Resource;
  /** The row as it is stored already. */
  readonly known?: StoredRow | undefined;
}

/**
 * The RAM share that carries a row: one for databases, one for tables, one for all tables and two for LF-Tags of each
 * receiver, from cross-account version 2 on used again; before that one for each grant.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html and
 * https://github.com/aws/aws-lakeformation-best-practices. A row that is stored already stays on its share, however
 * the version has changed.
 */
export function joinShare(author: Author, lake: Lake, shared: Shared): readonly string[] {
  const { known } = shared;
  if (known) {
    if (author.switches.lapsedInvitationRenewedBy === 'any-grant')
      for (const arn of known.shareArns) renew(author, lake, arn);
    return known.shareArns;
  }
  if (!needsShare(lake, shared)) return [];
  const purpose = purposeOf(author, lake, shared);
  const arn = sharedArnOn(lake, shared.resource);
  const open = lake.shares.for(purpose);
  const before = open?.resources.get(arn);
  if (open && !before && open.resources.size >= author.world.limits.resourcesPerShare) throw limitExceeded();
  const share = open ?? makeShare(author, lake, { purpose, receiver: receiverOf(shared.principal) });
  const isWell = before !== undefined && before.fault === undefined;
  share.resources.add(arn, author.at, isWell ? undefined : author.whyUnshared(shared.principal.text));
  if (open && author.switches.lapsedInvitationRenewedBy !== 'new-share') renew(author, lake, share.arn);
  return [share.arn];
}

/** Takes a row off its share; the share is deleted with its last row. */
export function leaveShare(lake: Lake, { resource, shareArns }: StoredRow, at: number): void {
  const arn = sharedArn(lake, resource);
  for (const share of shareArns.flatMap((one) => lake.shares.get(one) ?? [])) {
    share.resources.remove([arn, patternOf(arn)]);
    if (share.resources.rows === 0 && share.deletedAt === undefined)
      lake.shares.put({ ...share, deletedAt: at, updatedAt: at });
  }
}

/** Says whether a row needs a share to reach whom it is for. */
export function needsShare(lake: Lake, { principal, resource }: Shared): boolean {
  if (!isExternal(principal, lake.account) || resource.catalog !== lake.account || !isShareable(resource)) return false;
  // Below version 3 LF-Tags go through the catalog's resource policy.
  return versionOf(lake) >= 3 || !resource.kind.startsWith('lf-tag');
}

/** What rows that go to the same share have in common. */
export function purposeOf({ switches }: Pick<Author, 'switches'>, lake: Lake, { principal, resource }: Shared): string {
  const receiver = receiverOf(principal);
  if (versionOf(lake) === 1) return `${receiver} ${placeOf(resource)}`;
  const kind = resource.kind === 'data-cells-filter' ? 'table' : resource.kind;
  const isApart = versionOf(lake) >= 5 && switches.version5Shares === 'new';
  return isApart ? `${receiver} ${kind} patterns` : `${receiver} ${kind}`;
}

/** A share for a purpose, with an invitation where its receiver has to accept. */
export function makeShare(
  author: Author,
  lake: Lake,
  {
    purpose,
    receiver,
    resources,
  }: { readonly purpose: string; readonly receiver: string; readonly resources?: Associations },
): Share {
  const { world, at } = author;
  if (lake.shares.open().size >= world.limits.shares) throw limitExceeded();
  const made = lake.shares.made(purpose);
  const random = seededRandom(
    Math.floor(hashed(lake.account, lake.region, purpose, ...(made === 0 ? [] : [made])) * 2 ** 32),
  );
  const arn = `arn:aws:ram:${lake.region}:${lake.account}:resource-share/${randomUuid(random)}`;
  const label = randomText(random, 11);
  const isExternal = !isWithin(world, lake.account, receiver);
  const share: Share = {
    arn,
    // https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html shows the form of version 1.
    name: versionOf(lake) === 1 ? `${lake.account}-${receiver}-${label}` : `LakeFormation-${label}`,
    owner: lake.account,
    receiver,
    purpose,
    isExternal,
    createdAt: at,
    updatedAt: at,
    // What was there before the emulator has long been accepted.
    invitations: isExternal && author.remembers ? [invite(author, lake, { arn, receiver, count: 0 })] : [],
    resources: resources ?? new Associations(at),
  };
  lake.shares.put(share);
  return share;
}

/** Invites the receiver of a share anew where it is not associated and none of its invitations can be accepted. */
function renew(author: Pick<Author, 'world' | 'at'>, lake: Lake, arn: string): void {
  const share = lake.shares.get(arn);
  if (share && receiverStatus(share, author.at) === 'DISASSOCIATED') associate(author, lake, share);
}

/** Puts the receiver back on a share: at once where it needs no invitation. */
export function associate(author: Pick<Author, 'world' | 'at'>, lake: Lake, share: Share): Share {
  const { leftAt: _left, invitations, arn, receiver, ...rest } = share;
  const sent = share.isExternal ? [invite(author, lake, { arn, receiver, count: invitations.length })] : [];
  const next: Share = { ...rest, arn, receiver, invitations: [...invitations, ...sent], updatedAt: author.at };
  lake.shares.put(next);
  return next;
}

/** Who a share for a principal is made with: its account, or the organization itself. */
export function receiverOf(principal: Principal): string {
  return principal.kind === 'organization' ? principal.text : (accountOf(principal) ?? principal.text);
}

function invite(
  { world, at }: Pick<Author, 'world' | 'at'>,
  lake: Lake,
  { arn, receiver, count }: { readonly arn: string; readonly receiver: string; readonly count: number },
): Invitation {
  const isPending = (share: Share): boolean => receiverStatus(share, at) === 'ASSOCIATING';
  const isFull = [...lake.shares.open().values()].filter(isPending).length >= world.limits.pendingInvitations;
  if (isFull) throw limitExceeded();
  const id = randomUuid(seededRandom(Math.floor(hashed(arn, count) * 2 ** 32)));
  return { arn: `arn:aws:ram:${lake.region}:${lake.account}:resource-share-invitation/${id}`, receiver, sentAt: at };
}

function isWithin(world: World, owner: string, receiver: string): boolean {
  if (/^\d{12}$/.test(receiver)) return commonOrganization(world, owner, receiver) !== undefined;
  // Whom an organization is shared with never needs an invitation.
  return organizationsOf(world, owner).includes(organizationIn(receiver)) || !receiver.startsWith('arn:aws:iam:');
}

/** The cross-account version of a lake. */
export function versionOf(lake: Lake): number {
  return Number(lake.settings.parameters.CROSS_ACCOUNT_VERSION ?? '1');
}

/** What Lake Formation says when RAM has no room is not known. */
function limitExceeded(): ServiceFailure {
  return invalidInput(
    'The resource share limit has been exceeded. (Service: AWSRAM; Status Code: 400; Error Code: ResourceShareLimitExceededException)',
  );
}
