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
import { pagesOf } from './pages.ts';
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
    // Several shares may be about tables of one database: as long as one of them waits, not all is accepted.
    for (const { resources } of await invitations(clients))
      for (const resource of resources) found.delete(JSON.stringify(acceptanceOf(resource, clients.lake)));
    return [...found.values()];
  };
  const accept = async (wanted: Acceptance): Promise<void> => {
    const fits = (resource: string): boolean => isSame(acceptanceOf(resource, clients.lake), wanted);
    const waiting = (await invitations(clients, wanted.catalog)).filter(({ resources }) => resources.some(fits));
    for (const { arn } of waiting) {
      const command = new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn: arn });
      await retrying('AcceptResourceShareInvitation', () => clients.ram.send(command), {
        policy: clients.retry,
        isRead: false,
      });
    }
    if (waiting.length > 0 || (await accepted()).some((one) => isSame(one, wanted))) return;
    // It comes a while after the grant.
    throw new LakeFailure({
      operation: 'AcceptResourceShareInvitation',
      code: noInvitation,
      message: `no invitation of account ${wanted.catalog} to ${wanted.shares} of ${wanted.database} is waiting`,
      kind: 'passing',
    });
  };
  return {
    accepted,
    inviteAgain: (wanted, account) => inviteAgain(clients, { wanted, account }),
    accept: (wanted) =>
      retrying('AcceptResourceShareInvitation', () => onceOver(accept(wanted)), {
        policy: clients.retry,
        isRead: false,
      }),
  };
}

const noInvitation = 'NoInvitation';

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

/** Who is to accept what. */
interface Invited {
  readonly wanted: Acceptance;
  readonly account: string;
}

/**
 * Puts an account back on the shares that Lake Formation made for it of what it wants, and whose invitation it let lapse:
 * RAM then sends another. Source: https://github.com/aws-samples/monitor-ram-for-expired-lake-formation-invites.
 */
async function inviteAgain(clients: Clients, { wanted, account }: Invited): Promise<void> {
  for await (const { resourceShareArn, status, lastUpdatedTime } of associations(clients, { principal: account })) {
    const hours = (Date.now() - (lastUpdatedTime?.getTime() ?? 0)) / 3_600_000;
    const isWaiting = status === 'ASSOCIATING' && hours >= lifeHours;
    if (resourceShareArn === undefined || !(isWaiting || status === 'DISASSOCIATED')) continue;
    let isAbout = false;
    for await (const { associatedEntity = '' } of associations(clients, { resourceShareArns: [resourceShareArn] }))
      isAbout ||= isSame(acceptanceOf(associatedEntity, wanted.lake), wanted);
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

/** How an account stands on each share of Lake Formation, or what is on shares. */
async function* associations(
  clients: Clients,
  about: { readonly principal: string } | { readonly resourceShareArns: string[] },
) {
  const associationType = 'principal' in about ? ('PRINCIPAL' as const) : ('RESOURCE' as const);
  const { ram, retry: policy } = clients;
  for await (const { resourceShareAssociations = [] } of pagesOf({
    operation: 'GetResourceShareAssociations',
    policy,
    ask: (token) =>
      ram.send(new GetResourceShareAssociationsCommand({ associationType, ...about, ...full, nextToken: token })),
    tokenOf,
  }))
    for (const one of resourceShareAssociations) if (one.resourceShareName?.startsWith(ownName) === true) yield one;
}

/** What stands on the shares that were accepted. */
async function* shared({ ram, retry: policy }: Clients) {
  for await (const { resources = [] } of pagesOf({
    operation: 'ListResources',
    policy,
    ask: (token) => ram.send(new ListResourcesCommand({ resourceOwner: 'OTHER-ACCOUNTS', ...full, nextToken: token })),
    tokenOf,
  }))
    yield* resources;
}

interface Invitation {
  readonly arn: string;
  /** The ARNs of what it offers. */
  readonly resources: readonly string[];
}

/** What Lake Formation of other accounts, or of this one, shares and nobody has accepted yet. */
async function invitations(clients: Clients, sender?: string): Promise<readonly Invitation[]> {
  const { ram, retry: policy } = clients;
  const found: Invitation[] = [];
  for await (const { resourceShareInvitations = [] } of pagesOf({
    operation: 'GetResourceShareInvitations',
    policy,
    ask: (token) => ram.send(new GetResourceShareInvitationsCommand({ ...full, nextToken: token })),
    tokenOf,
  }))
    for (const one of resourceShareInvitations) {
      const { resourceShareInvitationArn: arn = '', senderAccountId, resourceShareName = '', status } = one;
      // What else somebody sends is theirs to explain.
      if (status !== 'PENDING' || !resourceShareName.startsWith(ownName)) continue;
      if (sender === undefined || senderAccountId === sender)
        found.push({ arn, resources: await inInvitation(clients, arn) });
    }
  return found;
}

async function inInvitation({ ram, retry: policy }: Clients, arn: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { resources = [] } of pagesOf({
    operation: 'ListPendingInvitationResources',
    policy,
    ask: (token) =>
      ram.send(
        new ListPendingInvitationResourcesCommand({ resourceShareInvitationArn: arn, ...full, nextToken: token }),
      ),
    tokenOf,
  }))
    found.push(...resources.flatMap((resource) => resource.arn ?? []));
  return found;
}

/** A page as long as RAM makes it. */
const full = { maxResults: 500 };

function tokenOf({ nextToken }: { readonly nextToken?: string | undefined }): string | undefined {
  return nextToken;
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

function isSame(a: Acceptance | undefined, b: Acceptance): boolean {
  return a?.catalog === b.catalog && a.database === b.database && a.shares === b.shares;
}
