import { groupBy } from '../core/group.ts';
import { matchesAny } from '../core/pattern.ts';
import type { Principal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import { undecidedPerson } from '../core/undecided.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Account, Mesh, Person } from '../declare/files.ts';
import { type Directory, homeOf } from './directory.ts';
import { apiVersion, type Edit, type NewFile } from './file.ts';

/** What the mesh needs of its accounts and principals. */
export interface Needs {
  readonly central: string;
  readonly region: string;
  /** The mesh's name, where it is new. */
  readonly name: string;
  readonly administrators: readonly Person[] | undefined;
  readonly directory: Directory;
  /** The databases of each producer, by account id. */
  readonly producers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly consumers: ReadonlySet<string>;
  /** What people call an account, where the catalog says it. */
  readonly called: ReadonlyMap<string, string>;
  readonly principals: readonly Principal[];
  /** Who may create databases, as mesh.yaml names them. */
  readonly creators: readonly string[];
}

/** Files for accounts that have none, and mesh.yaml where there is none; for those that are there, what to add by hand. */
export function frameFiles(
  needs: Needs,
  existing: Declaration | undefined,
): { readonly files: readonly NewFile[]; readonly edits: readonly Edit[] } {
  const files: NewFile[] = [];
  const edits: Edit[] = [];
  const homes = groupBy(needs.principals, (principal) => homeOf(principal, needs.central));
  const named = (list: readonly Principal[] = []): Readonly<Record<string, string>> =>
    Object.fromEntries(
      list
        .map(({ id }) => [needs.directory.principals.get(id) ?? '', id] as const)
        .sort(([a], [b]) => compareText(a, b)),
    );
  if (existing === undefined) files.push(meshFile(needs, named(homes.get('mesh'))));
  else edits.push(...missingNames(existing.mesh, named(homes.get('mesh'))));
  const ids = new Set([...needs.producers.keys(), ...needs.consumers]);
  for (const id of [...homes.keys()]) if (id !== 'mesh') ids.add(id);
  for (const id of [...ids].sort(compareText)) {
    const name = needs.directory.accounts.get(id) ?? id;
    const declared = existing?.accounts.get(name);
    const own = named(homes.get(id));
    if (declared === undefined) files.push(accountFile(needs, { id, name, own }));
    else edits.push(...missingNames(declared, own), ...missingRoles(needs, declared));
  }
  return { files, edits };
}

interface One {
  readonly id: string;
  readonly name: string;
  readonly own: Readonly<Record<string, string>>;
}

function accountFile({ producers, consumers, called, administrators }: Needs, { id, name, own }: One): NewFile {
  const databases = [...(producers.get(id) ?? [])].sort(compareText);
  const displayName = called.get(id);
  const value: Account = {
    apiVersion,
    kind: 'Account',
    ...(displayName === undefined ? {} : { displayName }),
    id,
    roles: [
      ...(databases.length === 0 ? [] : (['producer'] as const)),
      ...(consumers.has(id) || databases.length === 0 ? (['consumer'] as const) : []),
    ],
    ...(databases.length === 0 ? {} : { databases }),
    owners: administrators ?? [undecidedPerson],
    ...(Object.keys(own).length === 0 ? {} : { principals: own }),
  };
  const isNamed = displayName !== undefined || name === 'central';
  return {
    path: `accounts/${name}.yaml`,
    value,
    head: isNamed
      ? []
      : ['To be decided: the name of the account, which is the name of this file and of its subscriptions.'],
    comments: { owners: ['To be decided: who may ask for access on behalf of this account.'] },
  };
}

function meshFile(needs: Needs, principals: Readonly<Record<string, string>>): NewFile {
  const { central, region, name, administrators, creators } = needs;
  const value: Mesh = {
    apiVersion,
    kind: 'Mesh',
    name,
    central: { account: central, region },
    administrators: administrators ?? [undecidedPerson],
    ...(Object.keys(principals).length === 0 ? {} : { principals }),
    ...(creators.length === 0 ? {} : { grants: [{ principals: creators, permissions: ['CREATE_DATABASE'] }] }),
  };
  return {
    path: 'mesh.yaml',
    value,
    head: [`What Lake Formation in account ${central}, ${region}, granted when this mesh began.`],
    comments: { administrators: ['To be decided: who approves this file, accounts and new products.'] },
  };
}

type WithNames = { readonly path: string; readonly value: { readonly principals?: Readonly<Record<string, string>> } };

function missingNames({ path, value }: WithNames, named: Readonly<Record<string, string>>): readonly Edit[] {
  const missing = Object.entries(named).filter(([name]) => value.principals?.[name] === undefined);
  return missing.map(([name, id]) => ({ path, text: `principals: { ${name}: "${id}" }` }));
}

function missingRoles(
  { consumers, producers }: Needs,
  { path, value }: { path: string; value: Account },
): readonly Edit[] {
  const wants: readonly (readonly ['producer' | 'consumer', boolean])[] = [
    ['producer', producers.has(value.id)],
    ['consumer', consumers.has(value.id)],
  ];
  const roles = wants.flatMap(([role, isWanted]) =>
    isWanted && !value.roles.includes(role) ? [{ path, text: `roles: [${role}]` }] : [],
  );
  const isListed = matchesAny(value.databases ?? []);
  const databases = [...(producers.get(value.id) ?? [])].filter((name) => !isListed(name));
  return [...roles, ...databases.map((name) => ({ path, text: `databases: [${name}]` }))];
}
