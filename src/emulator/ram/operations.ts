import { type Operation, type Operations, reads, writes } from '../wire/operation.ts';
import { acceptResourceShareInvitation, rejectResourceShareInvitation } from './answer.ts';
import {
  associateResourceShare,
  deleteResourceShare,
  disassociateResourceShare,
  enableSharingWithAwsOrganization,
} from './change.ts';
import {
  getResourceShareAssociations,
  getResourceShareInvitations,
  getResourceShares,
  listPendingInvitationResources,
  listPrincipals,
  listResources,
} from './read.ts';
import * as shapes from './shapes.ts';

/** The RAM operations that the emulator knows: shares are made by Lake Formation, and here they are looked at and mended. */
export const ramOperations: Operations = new Map<string, Operation>([
  ['GetResourceShares', reads(shapes.getSharesShape, getResourceShares)],
  ['GetResourceShareAssociations', reads(shapes.getAssociationsShape, getResourceShareAssociations)],
  ['GetResourceShareInvitations', reads(shapes.getInvitationsShape, getResourceShareInvitations)],
  ['AcceptResourceShareInvitation', writes(shapes.answerShape, acceptResourceShareInvitation)],
  ['RejectResourceShareInvitation', writes(shapes.answerShape, rejectResourceShareInvitation)],
  ['ListResources', reads(shapes.listResourcesShape, listResources)],
  ['ListPrincipals', reads(shapes.listPrincipalsShape, listPrincipals)],
  ['ListPendingInvitationResources', reads(shapes.pendingResourcesShape, listPendingInvitationResources)],
  ['AssociateResourceShare', writes(shapes.associateShape, associateResourceShare)],
  ['DisassociateResourceShare', writes(shapes.associateShape, disassociateResourceShare)],
  ['DeleteResourceShare', writes(shapes.deleteShareShape, deleteResourceShare)],
  ['EnableSharingWithAwsOrganization', writes(shapes.enableShape, enableSharingWithAwsOrganization)],
]);
