import {
  GetResourceShareInvitationsCommand,
  ListPendingInvitationResourcesCommand,
  ListResourcesCommand,
} from '@aws-sdk/client-ram';
import { fold } from '../core/canonical.ts';
import { type Acceptance, keyOf } from '../core/fact.ts';
import type { Clients } from './lake.ts';
import { ownName, ramPages } from './ram-pages.ts';

/** What stands on the shares that were accepted. */
export async function* shared(clients: Clients) {
  for await (const { resources = [] } of ramPages(clients, 'ListResources', (paging) =>
    clients.ram.send(new ListResourcesCommand({ resourceOwner: 'OTHER-ACCOUNTS', ...paging })),
  ))
    yield* resources;
}

interface Invitation {
  readonly arn: string;
  readonly sender: string;
  /** The ARNs of what it offers. */
  readonly resources: readonly string[];
}

/** What Lake Formation of other accounts, or of this one, shares and nobody has accepted yet. */
export async function invitations(clients: Clients): Promise<readonly Invitation[]> {
  const found: Invitation[] = [];
  for await (const { resourceShareInvitations = [] } of ramPages(clients, 'GetResourceShareInvitations', (paging) =>
    clients.ram.send(new GetResourceShareInvitationsCommand(paging)),
  ))
    for (const one of resourceShareInvitations) {
      const {
        resourceShareInvitationArn: arn = '',
        senderAccountId: sender = '',
        resourceShareName = '',
        status,
      } = one;
      // What else somebody sends is theirs to explain.
      if (status !== 'PENDING' || !resourceShareName.startsWith(ownName)) continue;
      found.push({ arn, sender, resources: await inInvitation(clients, arn) });
    }
  return found;
}

async function inInvitation(clients: Clients, resourceShareInvitationArn: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { resources = [] } of ramPages(clients, 'ListPendingInvitationResources', (paging) =>
    clients.ram.send(new ListPendingInvitationResourcesCommand({ resourceShareInvitationArn, ...paging })),
  ))
    found.push(...resources.flatMap((resource) => resource.arn ?? []));
  return found;
}

/** What a shared resource of Glue stands for: `arn:aws:glue:<region>:<account>:database/<name>` or `…:table/<database>/<name>`. */
export function acceptanceOf(arn: string, lake: string): Acceptance | undefined {
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

/** The key of what a shared resource stands for; empty where that is nothing of Glue's. */
export function sharedKey(arn: string, lake: string): string {
  const one = acceptanceOf(arn, lake);
  return one === undefined ? '' : keyOf(one);
}
