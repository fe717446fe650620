import {
  AcceptResourceShareInvitationCommand,
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
export function shareCalls(clients: Clients): Pick<LakeReader, 'accepted'> & Pick<LakeWriter, 'accept'> {
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
    accept: (wanted) =>
      retrying('AcceptResourceShareInvitation', () => accept(wanted), { policy: clients.retry, isRead: false }),
  };
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
    // Lake Formation names its shares so; what else somebody sends is theirs to explain.
    for (const one of answer.resourceShareInvitations ?? [])
      if (
        one.status === 'PENDING' &&
        one.senderAccountId === sender &&
        one.resourceShareName?.startsWith('LakeFormation') === true
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
