import type { World } from '../world.ts';

/**
 * The organization that two accounts have in common and in which sharing is on, if any: between them nobody has to
 * accept. https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
 */
export function commonOrganization(world: World, one: string, other: string): string | undefined {
  const theirs = organizationsOf(world, other);
  return organizationsOf(world, one).find((arn) => theirs.includes(arn) && world.sharesWithin(arn));
}

/** The organizations that an account belongs to, by ARN. */
export function organizationsOf(world: World, account: string): readonly string[] {
  return (world.accounts.get(account)?.memberOf ?? []).filter((arn) => arn.includes(':organization/'));
}

/** The organization that an organization or organizational unit is, or lies in. */
export function organizationIn(arn: string): string {
  return arn.replace(/:ou\/(o-[a-z0-9]+)\/.*$/, ':organization/$1');
}
