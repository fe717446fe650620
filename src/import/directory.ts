import type { Principal } from '../core/principal.ts';
import { toPrincipal } from '../core/principal.ts';
import type { Declaration } from '../declare/declaration.ts';
import { nameAll, slug } from './names.ts';

/** Names for the accounts and principals of a lake: those that a mesh gives already, and new ones. */
export interface Directory {
  /** By account id. */
  readonly accounts: ReadonlyMap<string, string>;
  /** By canonical identifier; accounts have none here. */
  readonly principals: ReadonlyMap<string, string>;
}

/** Who needs a name. */
export interface Needing {
  readonly central: string;
  /** Account ids, with the names that people use where the catalog has them. */
  readonly accounts: ReadonlyMap<string, string | undefined>;
  readonly principals: Iterable<Principal>;
}

/** Where a principal is named: in mesh.yaml, or in the file of its account. */
export function homeOf(principal: Principal, central: string): 'mesh' | string {
  return principal.account === undefined || principal.account === central ? 'mesh' : principal.account;
}

/** The account that a principal asks for access through: its own; for an organization or OU its management account. */
export function consumerOf(principal: Principal): string | undefined {
  return principal.account ?? /^arn:aws[a-z-]*:organizations::(\d{12}):/.exec(principal.id)?.[1];
}

/** Gives everyone a name; what a mesh names already keeps its name. */
export function nameEveryone(needing: Needing, existing: Declaration | undefined): Directory {
  const accounts = new Map([...(existing?.accounts ?? [])].map(([name, { value }]) => [value.id, name]));
  const newAccounts = [...needing.accounts].filter(([id]) => !accounts.has(id));
  const takenAccounts = new Set(existing?.accounts.keys());
  const nameless = newAccounts.map(([id, called]) => ({
    identity: id,
    wanted: accountName(id, called, needing.central),
  }));
  for (const [id, name] of nameAll(nameless, takenAccounts)) accounts.set(id, name);
  return { accounts, principals: namePrincipals(needing, existing) };
}

function accountName(id: string, called: string | undefined, central: string): string {
  const name = slug(called ?? '');
  if (name !== '') return name;
  return id === central ? 'central' : `account-${id}`;
}

function namePrincipals({ principals: needing, central }: Needing, existing: Declaration | undefined) {
  const known = existingNames(existing);
  const principals = new Map<string, string>(known.map(({ id, name }) => [id, name]));
  const byHome = new Map<string, Principal[]>([['mesh', []]]);
  for (const principal of needing) {
    if (principals.has(principal.id) || principal.kind === 'account') continue;
    const home = homeOf(principal, central);
    byHome.set(home, [...(byHome.get(home) ?? []), principal]);
  }
  // A name of mesh.yaml must be no account's, so mesh.yaml's names come first and keep clear of all others.
  const inMesh = new Set(known.map(({ name }) => name));
  for (const [home, list] of byHome) {
    const taken = home === 'mesh' ? inMesh : new Set([...inMesh]);
    const nameless = list.map((one) => ({ identity: one.id, wanted: principalName(one) }));
    for (const [id, name] of nameAll(nameless, taken)) principals.set(id, name);
  }
  return principals;
}

function existingNames(existing: Declaration | undefined): readonly { readonly id: string; readonly name: string }[] {
  const maps = [existing?.mesh, ...(existing?.accounts.values() ?? [])].map((file) => file?.value.principals ?? {});
  return maps.flatMap((names) =>
    Object.entries(names).map(([name, identifier]) => ({ id: toPrincipal(identifier).id, name })),
  );
}

/** The last part of an identifier that tells people who it is. */
function principalName({ kind, id }: Principal): string {
  if (kind === 'all-iam-principals') return 'everyone';
  if (kind === 'organization') return 'organization';
  const last = id.split(/[/:]/).at(-1) ?? '';
  const isGroup = kind === 'identity-center-group' || kind === 'identity-center-user';
  return slug(isGroup ? `${kind}-${last.slice(0, 8)}` : last) || kind;
}
