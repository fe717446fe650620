import type { Call } from '../call.ts';
import { ServiceFailure } from '../failure.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import { takenOff } from './associations.ts';
import { organizationsOf } from './organizations.ts';
import { checkArns, joinedShares, ownShares, renderPrincipal, renderResource, unknownShare } from './records.ts';
import type { associateShape, deleteShareShape } from './shapes.ts';
import { isDeleted, receiverStatus, type Share } from './share.ts';
import { associate } from './sharing.ts';
import { whyUnshared } from './trouble.ts';

type Request = Decoded<typeof associateShape>;

/**
 * AssociateResourceShare, as far as it mends a share: puts its receiver back on it, with another invitation where one
 * is needed, and tries its resources again. What Lake Formation did not put there cannot be added.
 * https://github.com/aws-samples/monitor-ram-for-expired-lake-formation-invites
 */
export function associateResourceShare(call: Call, request: Request): Output {
  const share = ownShare(call, request);
  for (const arn of request.resourceArns ?? []) {
    if (!share.resources.get(arn)) throw notPermitted(`${arn} is not shared by Lake Formation on this share`);
    share.resources.mark(arn, call.at, whyUnshared(call, share.receiver));
  }
  const isBack = (request.principals ?? []).length > 0 && receiverStatus(share, call.at) === 'DISASSOCIATED';
  const next = isBack ? associate({ world: call.world, at: call.at }, call.lake, share) : share;
  return changed(call, request, next);
}

/** DisassociateResourceShare: by the owner, or by a receiver that leaves the share. */
export function disassociateResourceShare(call: Call, request: Request): Output {
  const { resourceShareArn: arn, resourceArns = [], principals = [] } = request;
  const joined = joinedShares(call).find((one) => one.arn === arn);
  if (joined) {
    if (joined.receiver !== call.caller.account || principals.join() !== call.caller.account || resourceArns.length > 0)
      throw notPermitted('Only the own account can be taken off a share of another');
    return changed(call, request, leave(call, joined));
  }
  const share = ownShare(call, request);
  for (const one of resourceArns) share.resources.mark(one, call.at, takenOff);
  return changed(call, request, principals.length > 0 ? leave(call, share) : share);
}

/** DeleteResourceShare: the grants that it carried stay, and reach nobody. */
export function deleteResourceShare(call: Call, request: Decoded<typeof deleteShareShape>): Output {
  const share = ownShare(call, request);
  call.lake.shares.put({ ...share, deletedAt: call.at, updatedAt: call.at });
  record(call, share, 'delete');
  return { returnValue: true, ...tokenOf(request) };
}

/** EnableSharingWithAwsOrganization: by the management account, whose id stands in the organization's ARN. */
export function enableSharingWithAwsOrganization(call: Call): Output {
  const { account } = call.caller;
  const managed = organizationsOf(call.world, account).filter((arn) => arn.split(':')[4] === account);
  if (managed.length === 0) throw notPermitted('Only the management account of an organization can turn sharing on');
  for (const arn of managed) call.world.closedOrganizations.delete(arn);
  return { returnValue: true };
}

function ownShare(
  call: Call,
  { resourceShareArn: arn, principals = [] }: Pick<Request, 'resourceShareArn' | 'principals'>,
): Share {
  checkArns([arn], 'resource-share');
  const share = ownShares(call).find((one) => one.arn === arn);
  if (!share || isDeleted(share, call.at)) throw unknownShare(arn);
  if (principals.some((principal) => principal !== share.receiver))
    throw notPermitted('A share of Lake Formation is with one principal');
  return share;
}

function leave(call: Call, share: Share): Share {
  const next = { ...share, leftAt: call.at, updatedAt: call.at };
  call.world.lake(share.owner, call.region).shares.put(next);
  return next;
}

function changed(call: Call, request: Request, share: Share): Output {
  const { principals = [], resourceArns = [] } = request;
  record(call, share, 'update');
  const resources = resourceArns.flatMap((arn) => share.resources.get(arn) ?? []);
  return {
    resourceShareAssociations: [
      ...(principals.length > 0 ? [renderPrincipal(share, call.at)] : []),
      ...resources.map((association) => renderResource(share, association, call.at)),
    ],
    ...tokenOf(request),
  };
}

function record(call: Call, { owner, name }: Share, verb: 'update' | 'delete'): void {
  call.changes.push({ verb, what: { kind: 'resource-share', catalogId: owner, name } });
}

function tokenOf({ clientToken }: { readonly clientToken?: string }): Output {
  return clientToken === undefined ? {} : { clientToken };
}

function notPermitted(message: string): ServiceFailure {
  return new ServiceFailure('OperationNotPermittedException', `${message}.`);
}
