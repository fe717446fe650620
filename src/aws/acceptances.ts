import { AcceptResourceShareInvitationCommand } from '@aws-sdk/client-ram';
import { type Acceptance, keyOf } from '../core/fact.ts';
import { LakeFailure, type LakeReader, type LakeWriter } from '../core/lake.ts';
import type { Clients } from './lake.ts';
import { acceptanceOf, invitations, shared, sharedKey } from './received.ts';
import { retrying } from './retry.ts';

/**
 * What other accounts share through RAM. Lake Formation makes the shares; outside an organization each has to be
 * accepted within twelve hours. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html.
 */
export function shareCalls(clients: Clients): Pick<LakeReader, 'accepted'> & Pick<LakeWriter, 'accept'> {
  const accepted = async (): Promise<readonly Acceptance[]> => {
    const found = new Map<string, Acceptance>();
    const listing = async (): Promise<void> => {
      for await (const { arn } of shared(clients)) {
        const one = acceptanceOf(arn ?? '', clients.lake);
        if (one !== undefined) found.set(keyOf(one), one);
      }
    };
    const [waiting] = await Promise.all([invitations(clients), listing()]);
    // Several shares may be about tables of one database: as long as one of them waits, not all is accepted.
    for (const { resources } of waiting)
      for (const resource of resources) found.delete(sharedKey(resource, clients.lake));
    return [...found.values()];
  };
  return {
    accepted,
    accept: (wanted) => acceptAll(clients, wanted, accepted),
  };
}

/** Accepts what is waiting of what is wanted, and waits for the rest; all at once, for RAM lists all that it has. */
async function acceptAll(
  clients: Clients,
  wanted: readonly Acceptance[],
  accepted: () => Promise<readonly Acceptance[]>,
): Promise<readonly (LakeFailure | undefined)[]> {
  const open = new Map(wanted.map((one) => [keyOf(one), one]));
  const failed = new Map<string, LakeFailure>();
  const attempt = async (): Promise<void> => {
    const asked = [...open];
    for (const { arn, sender, resources } of await invitations(clients)) {
      const offered = new Set(resources.map((resource) => sharedKey(resource, clients.lake)));
      const meant = asked.filter(([key, { catalog }]) => catalog === sender && offered.has(key));
      const failure = meant.length === 0 ? undefined : await acceptOne(clients, arn);
      for (const [key] of meant) {
        open.delete(key);
        if (failure !== undefined) failed.set(key, failure);
      }
    }
    if (open.size > 0) for (const one of await accepted()) open.delete(keyOf(one));
    const [missing] = open.values();
    if (missing !== undefined) throw notInvited(missing);
  };
  try {
    await retrying('AcceptResourceShareInvitation', () => onceOver(attempt()), {
      policy: clients.retry,
      isRead: false,
    });
  } catch (thrown) {
    if (!(thrown instanceof LakeFailure)) throw thrown;
    for (const [key, one] of open) failed.set(key, thrown.code === noInvitation ? notInvited(one) : thrown);
  }
  return wanted.map((one) => failed.get(keyOf(one)));
}

const noInvitation = 'NoInvitation';

/** It comes a while after the grant. */
function notInvited({ catalog, shares, database }: Acceptance): LakeFailure {
  return new LakeFailure({
    operation: 'AcceptResourceShareInvitation',
    code: noInvitation,
    message: `no invitation of account ${catalog} to ${shares} of ${database} is waiting`,
    kind: 'passing',
  });
}

async function acceptOne({ ram, retry: policy }: Clients, arn: string): Promise<LakeFailure | undefined> {
  const command = new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn: arn });
  try {
    await retrying('AcceptResourceShareInvitation', () => ram.send(command), { policy, isRead: false });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof LakeFailure) return thrown;
    throw thrown;
  }
}

/** What was tried often enough is not tried as often again; only an invitation that has not come yet is waited for. */
async function onceOver<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (!(thrown instanceof LakeFailure) || thrown.code === noInvitation || thrown.kind !== 'passing') throw thrown;
    const { operation, code, message } = thrown;
    throw new LakeFailure({ operation, code, message, kind: 'final', cause: thrown });
  }
}
