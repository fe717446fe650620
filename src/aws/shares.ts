import {
  AcceptResourceShareInvitationCommand,
  AssociateResourceShareCommand,
  DisassociateResourceShareCommand,
} from '@aws-sdk/client-ram';
import { type Acceptance, keyOf } from '../core/fact.ts';
import { groupBy } from '../core/group.ts';
import { type Invited, LakeFailure, type LakeReader, type LakeWriter } from '../core/lake.ts';
import type { Clients } from './lake.ts';
import { retrying } from './retry.ts';
import { acceptanceOf, associations, invitations, shared, sharedKey } from './shared.ts';

/**
 * What other accounts share through RAM. Lake Formation makes the shares; outside an organization each has to be
 * accepted within twelve hours. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html.
 */
export function shareCalls(
  clients: Clients,
): Pick<LakeReader, 'accepted'> & Pick<LakeWriter, 'accept' | 'inviteAgain'> {
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
    inviteAgain: (invited) => inviteAgain(clients, invited),
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

/** An invitation lapses after twelve hours; near to that it counts as lapsed, for nobody would accept it in time. */
const lifeHours = 11;

/**
 * Puts accounts back on the shares that Lake Formation made for them of what they want, and whose invitation they let
 * lapse: RAM then sends another. Source: https://github.com/aws-samples/monitor-ram-for-expired-lake-formation-invites.
 */
async function inviteAgain(clients: Clients, invited: readonly Invited[]): Promise<void> {
  const byAccount = groupBy(invited, ({ account }) => account);
  const [only] = byAccount.size === 1 ? byAccount.keys() : [];
  for await (const association of associations(clients, only === undefined ? {} : { principal: only })) {
    const { resourceShareArn, associatedEntity: account = '', status, lastUpdatedTime } = association;
    const hours = (Date.now() - (lastUpdatedTime?.getTime() ?? 0)) / 3_600_000;
    const isWaiting = status === 'ASSOCIATING' && hours >= lifeHours;
    if (resourceShareArn === undefined || !(isWaiting || status === 'DISASSOCIATED')) continue;
    const wanted = new Set(byAccount.get(account)?.map((one) => keyOf(one.wanted)));
    if (wanted.size === 0) continue;
    let isAbout = false;
    for await (const { associatedEntity = '' } of associations(clients, { resourceShareArns: [resourceShareArn] }))
      isAbout ||= wanted.has(sharedKey(associatedEntity, `${account}/${clients.lake.split('/')[1]}`));
    if (isAbout) await rejoin(clients, { resourceShareArn, principals: [account] }, isWaiting);
  }
}

interface Joining {
  readonly resourceShareArn: string;
  readonly principals: string[];
}

async function rejoin(clients: Clients, share: Joining, isWaiting: boolean): Promise<void> {
  const calls = { policy: clients.retry, isRead: false };
  try {
    if (isWaiting) {
      const leave = new DisassociateResourceShareCommand(share);
      await retrying('DisassociateResourceShare', () => clients.ram.send(leave), calls);
    }
    const join = new AssociateResourceShareCommand(share);
    await retrying('AssociateResourceShare', () => clients.ram.send(join), calls);
  } catch (thrown) {
    // A share that was deleted is listed for a while; whether an invitation came is seen by who accepts.
    if (!(thrown instanceof LakeFailure)) throw thrown;
  }
}
