import {
  AcceptResourceShareInvitationCommand,
  AssociateResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
  GetResourceShareInvitationsCommand,
  ListPendingInvitationResourcesCommand,
  ListResourcesCommand,
} from '@aws-sdk/client-ram';
import { fold } from '../core/canonical.ts';
import type { Acceptance } from '../core/fact.ts';
import { LakeFailure, type LakeReader, type LakeWriter } from '../core/lake.ts';
import type { Clients } from './lake.ts';
import { nextToken } from './permissions.ts';
import { retrying } from './retry.ts';

/**
 * What other accounts share through RAM. Lake Formation makes the shares; outside an organization each has to be
 * accepted within twelve hours. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html.
 */
export function shareCalls(
  clients: Clients,
): Pick<LakeReader, 'accepted'> & Pick<LakeWriter, 'accept' | 'inviteAgain'> {
  const accepted = async (): Promise<readonly Acceptance[]> => {
    const found = new Map<string, Acceptance>();
    for await (const { arn } of shared(clients)) {
      const one = acceptanceOf(arn ?? '', clients.lake);
      if (one !== undefined) found.set(JSON.stringify(one), one);
    }
    return [...found.values()];
  };
  const accept = async (wanted: Acceptance): Promise<void> => {
    const is = (one: Acceptance | undefined): boolean => one !== undefined && isSame(one, wanted);
    if ((await accepted()).some(is)) return;
    for (const { resourceShareInvitationArn: arn = '' } of await pendingFrom(clients, wanted.catalog)) {
      const resources = await inInvitation(clients, arn);
      if (!resources.some((resource) => is(acceptanceOf(resource, clients.lake)))) continue;
      const command = new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn: arn });
      await retrying('AcceptResourceShareInvitation', () => clients.ram.send(command), {
        policy: clients.retry,
        isRead: false,
      });
      return;
    }
    // It comes a while after the grant.
    throw new LakeFailure({
      operation: 'AcceptResourceShareInvitation',
      code: 'NoInvitation',
      message: `no invitation of account ${wanted.catalog} to ${wanted.shares} of ${wanted.database} is waiting`,
      kind: 'passing',
    });
  };
  return {
    accepted,
    inviteAgain: (account) => inviteAgain(clients, account),
    accept: (wanted) =>
      retrying('AcceptResourceShareInvitation', () => accept(wanted), { policy: clients.retry, isRead: false }),
  };
}

/** An invitation lapses after twelve hours; near to that it counts as lapsed, for nobody would accept it in time. */
const lifeHours = 11;

/**
 * Puts an account back on the shares that Lake Formation made for it and whose invitation it let lapse: RAM then sends
 * another. Source: https://github.com/aws-samples/monitor-ram-for-expired-lake-formation-invites.
 */
async function inviteAgain(clients: Clients, account: string): Promise<void> {
  const on = { principals: [account] };
  for await (const { resourceShareArn, status, lastUpdatedTime } of receivers(clients, account)) {
    const hours = (Date.now() - (lastUpdatedTime?.getTime() ?? 0)) / 3_600_000;
    const isWaiting = status === 'ASSOCIATING' && hours >= lifeHours;
    if (resourceShareArn === undefined || !(isWaiting || status === 'DISASSOCIATED')) continue;
    const calls = { policy: clients.retry, isRead: false };
    const share = { ...on, resourceShareArn };
    if (isWaiting) {
      const leave = new DisassociateResourceShareCommand(share);
      await retrying('DisassociateResourceShare', () => clients.ram.send(leave), calls);
    }
    const join = new AssociateResourceShareCommand(share);
    await retrying('AssociateResourceShare', () => clients.ram.send(join), calls);
  }
}

/** How an account stands on each share of Lake Formation. */
async function* receivers(clients: Clients, principal: string) {
  let token: string | undefined;
  do {
    const asked = { associationType: 'PRINCIPAL' as const, principal, maxResults: 500, nextToken: token };
    const command = new GetResourceShareAssociationsCommand(asked);
    const answer = await retrying('GetResourceShareAssociations', () => clients.ram.send(command), {
      policy: clients.retry,
      isRead: true,
    });
    for (const one of answer.resourceShareAssociations ?? [])
      if (one.resourceShareName?.startsWith(ownName) === true) yield one;
    token = nextToken('GetResourceShareAssociations', answer.nextToken, token);
  } while (token !== undefined);
}

/** What stands on the shares that were accepted. */
async function* shared(clients: Clients): AsyncGenerator<{ readonly arn?: string | undefined }> {
  let token: string | undefined;
  do {
    const command = new ListResourcesCommand({ resourceOwner: 'OTHER-ACCOUNTS', maxResults: 500, nextToken: token });
    const answer = await retrying('ListResources', () => clients.ram.send(command), {
      policy: clients.retry,
      isRead: true,
    });
    yield* answer.resources ?? [];
    token = nextToken('ListResources', answer.nextToken, token);
  } while (token !== undefined);
}

async function pendingFrom(clients: Clients, sender: string) {
  const found: { readonly resourceShareInvitationArn?: string | undefined }[] = [];
  let token: string | undefined;
  do {
    const command = new GetResourceShareInvitationsCommand({ maxResults: 500, nextToken: token });
    const answer = await retrying('GetResourceShareInvitations', () => clients.ram.send(command), {
      policy: clients.retry,
      isRead: true,
    });
    // What else somebody sends is theirs to explain.
    for (const one of answer.resourceShareInvitations ?? [])
      if (
        one.status === 'PENDING' &&
        one.senderAccountId === sender &&
        one.resourceShareName?.startsWith(ownName) === true
      )
        found.push(one);
    token = nextToken('GetResourceShareInvitations', answer.nextToken, token);
  } while (token !== undefined);
  return found;
}

async function inInvitation(clients: Clients, arn: string): Promise<readonly string[]> {
  const found: string[] = [];
  let token: string | undefined;
  do {
    const command = new ListPendingInvitationResourcesCommand({
      resourceShareInvitationArn: arn,
      maxResults: 500,
      nextToken: token,
    });
    const answer = await retrying('ListPendingInvitationResources', () => clients.ram.send(command), {
      policy: clients.retry,
      isRead: true,
    });
    for (const resource of answer.resources ?? []) if (resource.arn !== undefined) found.push(resource.arn);
    token = nextToken('ListPendingInvitationResources', answer.nextToken, token);
  } while (token !== undefined);
  return found;
}

/** Lake Formation names its shares so. */
const ownName = 'LakeFormation';

/** What a shared resource of Glue stands for: `arn:aws:glue:<region>:<account>:database/<name>` or `…:table/<database>/<name>`. */
function acceptanceOf(arn: string, lake: string): Acceptance | undefined {
  const match = /^arn:aws[a-z-]*:glue:[a-z0-9-]+:([0-9]{12}):(database|table)\/([^/]+)/.exec(arn);
  const [, catalog, kind, database] = match ?? [];
  if (catalog === undefined || database === undefined) return undefined;
  return {
    kind: 'acceptance',
    lake,
    catalog,
    database: fold(database),
    shares: kind === 'table' ? 'tables' : 'database',
  };
}

function isSame(a: Acceptance, b: Acceptance): boolean {
  return a.catalog === b.catalog && a.database === b.database && a.shares === b.shares;
}
