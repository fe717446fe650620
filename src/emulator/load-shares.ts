import { invalidInput } from './failure.ts';
import type { Lake } from './lake.ts';
import { founder } from './load-grants.ts';
import { parsePrincipal } from './principal.ts';
import { underWay } from './ram/associations.ts';
import type { Invitation, Share } from './ram/share.ts';
import { invitationLife } from './ram/share.ts';
import { makeShare, purposeOf } from './ram/sharing.ts';
import { hashed, randomUuid, seededRandom } from './random.ts';
import type { Resource } from './resource.ts';
import type { SeedShare } from './seed.ts';
import type { World } from './world.ts';

/** Brings a share, made by grants of the seed or left over from others, to the state that the seed describes. */
export function loadShare(world: World, lake: Lake, seeded: SeedShare): void {
  const receiver = parsePrincipal(seeded.receiver);
  if (!receiver) throw invalidInput('Invalid principal');
  const author = founder(world);
  const purpose = purposeOf(author, lake, { principal: receiver, resource: sampleOf(lake, seeded) });
  const share = lake.shares.for(purpose) ?? makeShare(author, lake, { purpose, receiver: seeded.receiver });
  for (const [names, fault, hours] of [
    [seeded.failed, seeded.statusMessage ?? 'The resource could not be associated with the resource share.', 0],
    [seeded.associating, underWay, 24],
    [seeded.orphans, undefined, 0],
  ] as const)
    for (const name of names ?? [])
      share.resources.mark(
        `arn:aws:glue:${lake.region}:${lake.account}:${name}`,
        author.at - hours * 60 * 60 * 1000,
        fault,
      );
  lake.shares.put({ ...share, ...invitationOf(lake, share, { seeded, at: author.at }) });
}

function invitationOf(
  lake: Lake,
  { arn, receiver }: Share,
  { seeded, at }: { readonly seeded: SeedShare; readonly at: number },
): Partial<Share> {
  const { invitation: status, invitedAt } = seeded;
  if (status === undefined) return {};
  const usual = status === 'EXPIRED' ? at - invitationLife : at;
  const sentAt = invitedAt === undefined ? usual : Date.parse(invitedAt);
  const id = randomUuid(seededRandom(Math.floor(hashed(arn, 'seed') * 2 ** 32)));
  const invitation: Invitation = {
    arn: `arn:aws:ram:${lake.region}:${lake.account}:resource-share-invitation/${id}`,
    receiver,
    sentAt,
    ...(status === 'ACCEPTED' || status === 'REJECTED' ? { answered: { status, at: sentAt } } : {}),
  };
  return { invitations: [invitation], isExternal: true, createdAt: sentAt };
}

/** A resource of the kind that a share is for; version 1 has a share for each resource, so it must be named. */
function sampleOf({ account: catalog }: Lake, { kind, of }: SeedShare): Resource {
  const [database = '', table = ''] = (of ?? '').split('.');
  switch (kind) {
    case 'database':
    case 'all-tables':
      return { kind, catalog, database };
    case 'table':
      return { kind, catalog, database, table };
    case 'lf-tag':
      return { kind, catalog, key: database, values: [] };
    case 'lf-tag-policy':
      return { kind, catalog, resourceType: 'TABLE', expression: [] };
    default:
      return kind satisfies never;
  }
}
