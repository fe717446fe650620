import { partitionOf } from '../core/aws-command.ts';
import type { RepositoryIdentity } from '../core/github-trust.ts';
import { toPrincipal } from '../core/principal.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Account, RunsAs } from '../declare/files.ts';

/** What an account does in a mesh. */
export type Duty = 'central' | 'producer' | 'consumer';

/** The names of the roles that Meshgate works with in an account. */
export type RoleNames = Required<RunsAs>;

/** What their sessions' names begin with, so that CloudTrail of every account tells them: run and commit follow. */
export const sessionPrefix = 'meshgate-';

const usual: RoleNames = { observe: 'meshgate-observe', apply: 'meshgate-apply' };

/** An account that is to be set up, with all of the mesh that its set-up depends on. */
export interface Site {
  readonly mesh: string;
  /** How it is called: an account file's name, or `central`. */
  readonly called: string;
  readonly account: string;
  readonly region: string;
  /** Further regions that the account's file lists. */
  readonly regions: readonly string[];
  readonly partition: string;
  readonly duties: readonly Duty[];
  readonly roles: RoleNames;
  readonly central: Member;
  /** The other accounts of the mesh, by id. */
  readonly members: readonly Member[];
  /** The name of the role that the public reader is, where it is one of the central account. */
  readonly publicReader?: string;
  /** Whether the mesh keeps parameters on databases. */
  readonly keepsParameters: boolean;
  /** The S3 paths of the account's products, by bucket. */
  readonly buckets: ReadonlyMap<string, readonly string[]>;
}

/** An account with the roles in it. */
export interface Member {
  readonly account: string;
  readonly roles: RoleNames;
}

/** Whom the roles of the central account trust. */
export interface Trusted {
  readonly repository: RepositoryIdentity;
  /** Whether the role that reads also serves pull requests, whose authors may then see what the lake grants. */
  readonly isForPullRequests: boolean;
}

/** The set-up of an account by its name, or `central`; undefined where the mesh has none of that name. */
export function siteOf(declaration: Declaration, called: string): Site | undefined {
  const { name: mesh, central, publicReader, principals = {}, catalogParameters = [] } = declaration.mesh.value;
  const account = called === 'central' ? central.account : declaration.accounts.get(called)?.value.id;
  if (account === undefined) return undefined;
  const own = fileOf(declaration, account);
  const isCentral = account === central.account;
  const reader = publicReader === undefined ? undefined : principals[publicReader];
  const role = reader === undefined ? undefined : roleIn(reader, central.account);
  return {
    mesh,
    called: isCentral ? 'central' : called,
    account,
    region: central.region,
    regions: own?.regions?.filter((region) => region !== central.region).toSorted() ?? [],
    partition: partitionOf(central.region),
    duties: [...(isCentral ? (['central'] as const) : []), ...dutiesOf(declaration, account)],
    roles: rolesOf(declaration, account),
    central: { account: central.account, roles: rolesOf(declaration, central.account) },
    members: [...declaration.accounts.values()]
      .map(({ value }) => ({ account: value.id, roles: rolesOf(declaration, value.id) }))
      .filter((member) => member.account !== central.account)
      .toSorted((a, b) => (a.account < b.account ? -1 : 1)),
    ...(isCentral && role !== undefined ? { publicReader: role } : {}),
    keepsParameters: catalogParameters.length > 0,
    buckets: bucketsOf(declaration, account),
  };
}

/** The names of the roles in an account: its file's, else those of mesh.yaml. */
export function rolesOf(declaration: Declaration, account: string): RoleNames {
  return { ...usual, ...declaration.mesh.value.runsAs, ...fileOf(declaration, account)?.runsAs };
}

/** The ARN of a role by its name. */
export function roleArn({ partition }: Pick<Site, 'partition'>, account: string, name: string): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}

function dutiesOf(declaration: Declaration, account: string): readonly Duty[] {
  const own = fileOf(declaration, account);
  return (['producer', 'consumer'] as const).filter((duty) => own?.roles.includes(duty));
}

/** What the file says that is of this account's id. */
function fileOf({ accounts }: Declaration, account: string): Account | undefined {
  return [...accounts.values()].find(({ value }) => value.id === account)?.value;
}

/** The name of a role by its identifier; undefined for any other principal, and for a role in a path, which is somebody's own. */
function roleIn(identifier: string, account: string): string | undefined {
  const principal = toPrincipal(identifier);
  if (principal.kind !== 'iam-role' || principal.account !== account) return undefined;
  return /:role\/([^/]+)$/.exec(identifier)?.[1];
}

function bucketsOf({ accounts, products }: Declaration, account: string): ReadonlyMap<string, readonly string[]> {
  const buckets = new Map<string, readonly string[]>();
  for (const { value } of products.values()) {
    if (accounts.get(value.producer)?.value.id !== account) continue;
    for (const location of value.locations ?? []) {
      const [, bucket = '', path = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(location) ?? [];
      buckets.set(bucket, [...new Set([...(buckets.get(bucket) ?? []), path])].toSorted());
    }
  }
  return new Map([...buckets].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
