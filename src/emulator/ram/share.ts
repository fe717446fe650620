import type { Lake } from '../lake.ts';
import type { Resource } from '../resource.ts';
import type { Associations } from './associations.ts';

/** An invitation to a RAM share; that it has lapsed is told by the clock alone. */
export interface Invitation {
  readonly arn: string;
  /** The account that it was sent to. */
  readonly receiver: string;
  readonly sentAt: number;
  readonly answered?: {
    readonly status: 'ACCEPTED' | 'REJECTED';
    readonly at: number;
    readonly clientToken?: string;
  };
}

/** A RAM share that Lake Formation made: resources of one account, and the one principal they are shared with. */
export interface Share {
  readonly arn: string;
  readonly name: string;
  readonly owner: string;
  /** The id of an account, or the ARN of an organization or organizational unit. */
  readonly receiver: string;
  /** What the next grant is compared with, to join this share or make another. */
  readonly purpose: string;
  /** Whether the receiver is outside the owner's organization. */
  readonly isExternal: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletedAt?: number;
  /** Oldest first; none where the receiver needed none. */
  readonly invitations: readonly Invitation[];
  /** When the receiver was taken off the share, by whichever side. */
  readonly leftAt?: number;
  readonly resources: Associations;
}

/** The status of an invitation in the words of RAM. */
export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED';

/** The status of an association of a share with a principal or a resource. */
export type AssociationStatus = 'ASSOCIATING' | 'ASSOCIATED' | 'FAILED' | 'DISASSOCIATED';

const hour = 60 * 60 * 1000;

/**
 * For how long an invitation can be accepted: Glue's types are not among those with seven days.
 * https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
 */
export const invitationLife = 12 * hour;

/** For how long an invitation is listed: https://github.com/hashicorp/terraform-provider-aws/pull/11562 */
export const invitationMemory = 7 * 24 * hour;

/** For how long a deleted share is listed: https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-delete.html */
export const deletedMemory = 2 * hour;

/**
 * Where an invitation stood at a time. What becomes of one whose share was deleted, or whose receiver was taken off or
 * invited anew, is not documented: here it can no longer be accepted.
 */
export function invitationStatus(share: Share, invitation: Invitation, at: number): InvitationStatus {
  const { sentAt, answered } = invitation;
  if (answered && answered.at <= at) return answered.status;
  const hasLeft = share.leftAt !== undefined && share.leftAt <= at;
  const isCurrent = share.invitations.at(-1) === invitation && !isDeleted(share, at) && !hasLeft;
  return isCurrent && at - sentAt < invitationLife ? 'PENDING' : 'EXPIRED';
}

/** Where the receiver of a share stood at a time: only who is associated sees anything of it. */
export function receiverStatus(share: Share, at: number): AssociationStatus {
  if (isDeleted(share, at) || (share.leftAt !== undefined && share.leftAt <= at)) return 'DISASSOCIATED';
  const invitation = share.invitations.at(-1);
  if (!invitation) return 'ASSOCIATED';
  const status = invitationStatus(share, invitation, at);
  if (status === 'PENDING') return 'ASSOCIATING';
  return status === 'ACCEPTED' ? 'ASSOCIATED' : 'DISASSOCIATED';
}

/** Says whether a share had been deleted at a time. */
export function isDeleted({ deletedAt }: Share, at: number): boolean {
  return deletedAt !== undefined && deletedAt <= at;
}

/**
 * The kinds of resources that are shared through RAM: LF-Tags as the catalog they belong to. A location is shared by
 * the permission alone.
 */
export function isShareable({ kind }: Resource): boolean {
  return !['catalog', 'data-location', 'lf-tag-expression'].includes(kind);
}

/**
 * The ARN under which RAM holds a resource: all tables are shared as their database, after the permission
 * AWSRAMPermissionGlueAllTablesReadWriteForDatabase, and LF-Tags as the catalog. From cross-account version 5 on
 * wildcard patterns stand for tables (https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html); their
 * form is not documented.
 */
export function sharedArn(lake: { readonly account: string; readonly region: string }, resource: Resource): string {
  const catalog = `arn:aws:glue:${lake.region}:${lake.account}`;
  switch (resource.kind) {
    case 'database':
    case 'all-tables':
      return `${catalog}:database/${resource.database}`;
    case 'table':
    case 'data-cells-filter':
      return `${catalog}:table/${resource.database}/${resource.table}`;
    case 'catalog':
    case 'data-location':
    case 'lf-tag':
    case 'lf-tag-policy':
    case 'lf-tag-expression':
      return `${catalog}:catalog`;
    default:
      return resource satisfies never;
  }
}

/** The ARN that a row shared now puts on its share. */
export function sharedArnOn(lake: Lake, resource: Resource): string {
  const arn = sharedArn(lake, resource);
  return Number(lake.settings.parameters.CROSS_ACCOUNT_VERSION ?? '1') >= 5 ? patternOf(arn) : arn;
}

/** The wildcard pattern that stands for a table. */
export function patternOf(arn: string): string {
  return arn.replace(/:table\/([^/]+)\/.*$/, ':table/$1/*');
}

/** The type of a shared resource in the words of RAM. */
export function typeOf(arn: string): string {
  if (arn.endsWith(':catalog')) return 'glue:Catalog';
  return arn.includes(':database/') ? 'glue:Database' : 'glue:Table';
}
