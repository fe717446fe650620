import type { Call } from '../call.ts';
import { ServiceFailure } from '../failure.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import { checkArns, type Invited, receivedInvitations, renderInvitation } from './records.ts';
import type { answerShape } from './shapes.ts';
import { invitationStatus } from './share.ts';

type Request = Decoded<typeof answerShape>;

/** AcceptResourceShareInvitation: what is shared is there from then on. */
export function acceptResourceShareInvitation(call: Call, request: Request): Output {
  return answer(call, request, 'ACCEPTED');
}

/** RejectResourceShareInvitation. */
export function rejectResourceShareInvitation(call: Call, request: Request): Output {
  return answer(call, request, 'REJECTED');
}

/** The invitation that an account has received under an ARN. */
export function findInvitation(call: Call, arn: string): Invited {
  checkArns([arn], 'resource-share-invitation');
  const found = receivedInvitations(call).find(({ invitation }) => invitation.arn === arn);
  if (found) return found;
  throw new ServiceFailure(
    'ResourceShareInvitationArnNotFoundException',
    `ResourceShareInvitation ${arn} could not be found.`,
  );
}

/**
 * Answers an invitation. A second answer is refused, and so is one after twelve hours; the same request with the same
 * token is the first one again. https://docs.aws.amazon.com/ram/latest/APIReference/API_AcceptResourceShareInvitation.html
 */
function answer(
  call: Call,
  { resourceShareInvitationArn: arn, clientToken }: Request,
  status: 'ACCEPTED' | 'REJECTED',
): Output {
  const invited = findInvitation(call, arn);
  const { lake, share, invitation } = invited;
  const token = clientToken === undefined ? {} : { clientToken };
  const before = earlier(call, clientToken);
  if (before && (before.invitation.arn !== arn || before.invitation.answered?.status !== status))
    throw new ServiceFailure('IdempotentParameterMismatchException', 'The client token was used for another request.');
  if (before) return { resourceShareInvitation: renderInvitation(invited, call.at), ...token };
  refuseUnlessPending(invited, call.at);
  const answered = { ...invitation, answered: { status, at: call.at, ...token } };
  const next = {
    ...share,
    updatedAt: call.at,
    invitations: share.invitations.map((one) => (one === invitation ? answered : one)),
  };
  lake.shares.put(next);
  const name = `${share.owner} ${share.name}`;
  call.changes.push({
    verb: 'update',
    what: { kind: 'invitation', catalogId: call.caller.account, name, value: status },
  });
  return { resourceShareInvitation: renderInvitation({ lake, share: next, invitation: answered }, call.at), ...token };
}

function refuseUnlessPending({ share, invitation }: Invited, at: number): void {
  const of = `The invitation ${invitation.arn}`;
  switch (invitationStatus(share, invitation, at)) {
    case 'ACCEPTED':
      throw new ServiceFailure('ResourceShareInvitationAlreadyAcceptedException', `${of} was already accepted.`);
    case 'REJECTED':
      throw new ServiceFailure('ResourceShareInvitationAlreadyRejectedException', `${of} was already rejected.`);
    case 'EXPIRED':
      throw new ServiceFailure('ResourceShareInvitationExpiredException', `${of} has expired.`);
    case 'PENDING':
      return;
  }
}

function earlier(call: Call, token: string | undefined): Invited | undefined {
  if (token === undefined) return undefined;
  return receivedInvitations(call).find(({ invitation }) => invitation.answered?.clientToken === token);
}
