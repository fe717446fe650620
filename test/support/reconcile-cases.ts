import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse, stringify } from 'yaml';
import type { MeshFiles } from '../../src/declare/mesh-files.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import type { Seed, SeedDatabase, SeedGrant, SeedRegion, SeedTable } from '../../src/emulator/seed.ts';
import type { Switches } from '../../src/emulator/switches.ts';
import { seedGrant, seedOptIn } from './notation.ts';
import { meshFrom } from './problem-cases.ts';

/** A mesh file of a case: its text, its content, or null where the base's file is gone. */
export type CaseFile = string | null | Readonly<Record<string, unknown>>;

/** What is live before the run, laid over the base lake. */
export interface Live {
  readonly settings?: SeedRegion['settings'];
  readonly locations?: SeedRegion['locations'];
  readonly databases?: Readonly<
    Record<
      string,
      null | (Omit<SeedDatabase, 'tables'> & { readonly tables?: Readonly<Record<string, SeedTable | null>> })
    >
  >;
  readonly filters?: SeedRegion['filters'];
  readonly grants?: string;
  readonly optIns?: string;
  readonly rows?: readonly SeedGrant[];
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly tagged?: readonly SeedGrant[];
}

/** What is live in a consumer's lake; where it is locked, the run has no keys that open it. */
export type ConsumerLive = Pick<Live, 'databases' | 'grants' | 'optIns' | 'settings'> & { readonly isLocked?: true };

/** A mesh, what is live, and what the plan must say. */
export interface ReconcileCase {
  readonly title: string;
  readonly mesh?: Readonly<Record<string, CaseFile>>;
  /** What the mesh files were before, laid over those of the case, oldest first. */
  readonly history?: readonly ReconcileCase['mesh'][];
  readonly live?: Live;
  /** The lakes of consumers that the run may enter, by the account's name among the principals, and what is live there. */
  readonly consumers?: Readonly<Record<string, ConsumerLive>>;
  readonly isScheduled?: true;
  readonly unproven?: 'all' | readonly string[];
  readonly today?: string;
  readonly caller?: string;
  readonly switches?: Partial<Switches>;
  readonly faults?: readonly Fault[];
  readonly plan?: string;
  readonly outcomes?: Readonly<Record<string, number>>;
  readonly left?: string;
  readonly after?: string;
}

/** What every case starts from. */
export interface Base {
  readonly principals: Readonly<Record<string, string>>;
  readonly mesh: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly live: Seed;
}

const folder = new URL('../cases/', import.meta.url);

/** The cases of every file, by file. */
export function reconcileCases(): readonly (readonly [file: string, cases: readonly ReconcileCase[]])[] {
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(read('reconcile.schema.json')),
  );
  return readdirSync(new URL('reconcile/', folder))
    .toSorted()
    .map((file) => {
      const table: unknown = parse(read(`reconcile/${file}`));
      if (!validate(table)) throw new Error(`${file}: ${JSON.stringify(validate.errors)}`);
      return [file, (table as { cases: readonly ReconcileCase[] }).cases];
    });
}

/** The base of all cases. */
export function reconcileBase(): Base {
  return parse(read('reconcile-base.yaml')) as Base;
}

/** The mesh files of a case. */
export function meshOf(base: Base, { mesh: changed = {}, consumers }: ReconcileCase): MeshFiles {
  const entering = { runsAs: { observe: 'meshgate', apply: 'meshgate' } };
  const own = changed['mesh.yaml'];
  const isEntered = consumers !== undefined && typeof own !== 'string' && own !== null;
  const mesh: Readonly<Record<string, CaseFile>> = isEntered
    ? { ...changed, 'mesh.yaml': { ...entering, ...own } }
    : changed;
  const files = new Map<string, string>();
  for (const path of new Set([...Object.keys(base.mesh), ...Object.keys(mesh)])) {
    const own = mesh[path];
    if (own === null) continue;
    if (typeof own === 'string') files.set(path, own);
    else files.set(path, stringify(withHead(path, { ...base.mesh[path], ...own }), { aliasDuplicateObjects: false }));
  }
  return meshFrom([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The head that every file of a kind has, and without null, which takes a field of the base away. */
function withHead(path: string, content: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const kind = kinds[path.split('/')[0] ?? ''] ?? 'Mesh';
  const purpose = kind === 'Subscription' ? { purpose: 'A case' } : {};
  const kept = Object.entries(content).filter(([, value]) => value !== null);
  return { apiVersion: 'meshgate/v1', kind, ...purpose, ...Object.fromEntries(kept) };
}

const kinds: Readonly<Record<string, string>> = {
  accounts: 'Account',
  products: 'DataProduct',
  subscriptions: 'Subscription',
};

/** What the emulator starts with. */
export function seedOf(base: Base, { live = {}, switches = {}, consumers = {} }: ReconcileCase): Seed {
  const central = base.live.accounts['111122223333'];
  const region = central?.regions?.['eu-west-1'] ?? {};
  const identifiers = new Map(Object.entries(base.principals));
  const isShared = Object.keys(consumers).length > 0;
  const merged: SeedRegion = {
    ...region,
    settings: { ...region.settings, ...live.settings },
    locations: [...(region.locations ?? []), ...(live.locations ?? [])],
    databases: mergeDatabases(region.databases ?? {}, live.databases ?? {}),
    filters: live.filters ?? [],
    optIns: linesOf(live.optIns ?? 'nothing').map((line) => seedOptIn(line, identifiers)),
    grants: [
      ...linesOf(live.grants ?? 'nothing').map((line) => seedGrant(line, identifiers)),
      ...(live.rows ?? []).map((grant) => ({
        ...grant,
        principal: identifiers.get(grant.principal) ?? grant.principal,
      })),
    ],
  };
  return {
    ...base.live,
    switches: { pageCuts: 'mild', ...switches },
    // Within an organization that shares, nobody has to accept an invitation.
    ...(isShared && { organizations: { [base.principals['organization'] ?? '']: { sharing: true } } }),
    accounts: {
      ...base.live.accounts,
      '111122223333': { ...central, ...(isShared && inOrganization(base)), regions: { 'eu-west-1': merged } },
      ...Object.fromEntries(Object.keys(consumers).map((name) => consumerSeed(base, name, consumers[name] ?? {}))),
    },
  };
}

function inOrganization(base: Base, more: readonly string[] = []): { readonly memberOf: readonly string[] } {
  return { memberOf: [...new Set([...more, base.principals['organization'] ?? ''])] };
}

/** The account of a consumer that the run may enter: a role of its own administers its lake. */
function consumerSeed(base: Base, name: string, live: ConsumerLive) {
  const account = base.principals[name] ?? '';
  const identifiers = new Map(Object.entries(base.principals));
  const arn = `arn:aws:iam::${account}:role/meshgate`;
  const own = base.live.accounts[account];
  const region: SeedRegion = {
    settings: {
      DataLakeAdmins: [arn],
      CreateDatabaseDefaultPermissions: [],
      CreateTableDefaultPermissions: [],
      ...live.settings,
    },
    databases: mergeDatabases({}, live.databases ?? {}),
    grants: linesOf(live.grants ?? 'nothing').map((line) => seedGrant(line, identifiers, account)),
    optIns: linesOf(live.optIns ?? 'nothing').map((line) => seedOptIn(line, identifiers, account)),
  };
  const signer = { arn, ...consumerKeys(account) };
  return [
    account,
    {
      ...own,
      ...inOrganization(base, own?.memberOf),
      principals: [...(own?.principals ?? []), signer],
      regions: { 'eu-west-1': region },
    },
  ] as const;
}

/** The keys of the role that works in a consumer's account. */
export function consumerKeys(account: string): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  return { accessKeyId: `AKIA${account}0001`, secretAccessKey: `secret of ${account}` };
}

/** The lines of a text of a case, sorted; `nothing` has none. */
export function linesOf(text: string): readonly string[] {
  return text === 'nothing' ? [] : text.trimEnd().split('\n').toSorted();
}

function mergeDatabases(
  base: Readonly<Record<string, SeedDatabase>>,
  own: NonNullable<Live['databases']>,
): Record<string, SeedDatabase> {
  const merged: Record<string, SeedDatabase> = { ...base };
  for (const [name, database] of Object.entries(own)) {
    if (database === null) {
      delete merged[name];
      continue;
    }
    const tables = Object.entries({ ...base[name]?.tables, ...database.tables }).flatMap(([key, table]) =>
      table === null ? [] : [[key, table] as const],
    );
    merged[name] = { ...base[name], ...database, tables: Object.fromEntries(tables) };
  }
  return merged;
}

function read(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8');
}
