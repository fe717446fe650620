import { anyText, integer, listOf, oneOf, structure } from '../wire/shape.ts';

// After the service model: https://github.com/boto/botocore/blob/develop/botocore/data/ram/2018-01-04/service-2.json.

const arns = listOf(anyText);
const paging = { nextToken: anyText, maxResults: integer(1, 500) };
const resourceOwner = oneOf('SELF', 'OTHER-ACCOUNTS');
const regionScope = oneOf('ALL', 'REGIONAL', 'GLOBAL');

/** GetResourceShares. */
export const getSharesShape = structure(
  { resourceOwner },
  {
    ...paging,
    resourceShareArns: arns,
    resourceShareStatus: oneOf('PENDING', 'ACTIVE', 'FAILED', 'DELETING', 'DELETED'),
    name: anyText,
    tagFilters: listOf(structure({}, { tagKey: anyText, tagValues: listOf(anyText) })),
    permissionArn: anyText,
    permissionVersion: integer(),
  },
);

/** GetResourceShareAssociations. */
export const getAssociationsShape = structure(
  { associationType: oneOf('PRINCIPAL', 'RESOURCE', 'SOURCE') },
  {
    ...paging,
    resourceShareArns: arns,
    resourceArn: anyText,
    principal: anyText,
    associationStatus: oneOf(
      'ASSOCIATING',
      'ASSOCIATED',
      'FAILED',
      'DISASSOCIATING',
      'DISASSOCIATED',
      'SUSPENDED',
      'SUSPENDING',
      'RESTORING',
    ),
  },
);

/** GetResourceShareInvitations. */
export const getInvitationsShape = structure(
  {},
  { ...paging, resourceShareInvitationArns: arns, resourceShareArns: arns },
);

/** AcceptResourceShareInvitation and RejectResourceShareInvitation. */
export const answerShape = structure({ resourceShareInvitationArn: anyText }, { clientToken: anyText });

/** ListPendingInvitationResources. */
export const pendingResourcesShape = structure(
  { resourceShareInvitationArn: anyText },
  { ...paging, resourceRegionScope: regionScope },
);

/** ListResources. */
export const listResourcesShape = structure(
  { resourceOwner },
  {
    ...paging,
    principal: anyText,
    resourceType: anyText,
    resourceArns: arns,
    resourceShareArns: arns,
    resourceRegionScope: regionScope,
  },
);

/** ListPrincipals. */
export const listPrincipalsShape = structure(
  { resourceOwner },
  { ...paging, resourceArn: anyText, principals: arns, resourceType: anyText, resourceShareArns: arns },
);

/** AssociateResourceShare and DisassociateResourceShare. */
export const associateShape = structure(
  { resourceShareArn: anyText },
  { resourceArns: arns, principals: arns, clientToken: anyText, sources: arns },
);

/** DeleteResourceShare. */
export const deleteShareShape = structure({ resourceShareArn: anyText }, { clientToken: anyText });

/** EnableSharingWithAwsOrganization. */
export const enableShape = structure({}, {});
