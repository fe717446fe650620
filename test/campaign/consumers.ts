import fc from 'fast-check';
import type { Import } from '../../src/declare/files.ts';
import type { Seed, SeedAccount, SeedDatabase, SeedGrant, SeedRegion, SeedShare } from '../../src/emulator/seed.ts';
import { permissionsIn } from '../support/law-access.ts';
import { importsWantedBy } from '../support/law-imports.ts';
import type { KnownCatalog } from '../support/law-lake.ts';
import { accounts, type LawMesh, shared } from '../support/law-mesh.ts';
import { caller, central, region, today } from '../support/law-place.ts';
import { grantsFrom } from './standing.ts';

/** The role that a run takes on in a consumer's account. */
const applyRole = (account: string): string => `arn:aws:iam::${account}:role/meshgate-apply`;
const strangerIn = (account: string): string => `arn:aws:iam::${account}:role/stranger`;
const elsewhere = '666677778888';

const rawImport = fc.record({
  isThere: fc.constantFrom(true, true, true, false),
  name: fc.nat(3),
  grants: fc.array(
    fc.record({ principals: fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }), permissions: fc.nat(6) }),
    {
      maxLength: 2,
    },
  ),
});
const slots = 5;
const rawConsumer = fc.record({
  /** What has the name of a link already: of somebody else, or the mesh's own, made by somebody else. */
  taken: fc.constantFrom('', '', '', '', 'link', 'database', 'by hand'),
  isMember: fc.boolean(),
  isOpen: fc.constantFrom(false, false, false, true),
  strangers: fc.array(
    fc.record({ on: fc.constantFrom('link', 'target', 'table'), who: fc.nat(3), permission: fc.nat(2) }),
    { maxLength: 3 },
  ),
  invitation: fc.constantFrom(undefined, undefined, 'PENDING', 'EXPIRED', 'REJECTED'),
  isInvitedByStranger: fc.constantFrom(false, false, true),
});

/** What subscriptions bring into consumers' accounts, and what is there. */
export const rawImports = fc.record({
  /** Where it stands which roles are taken on. */
  roles: fc.constantFrom('mesh', 'mesh', 'mesh', 'marketing', 'nobody'),
  before: fc.array(rawImport, { minLength: slots, maxLength: slots }),
  after: fc.array(fc.record({ isSame: fc.constantFrom(true, true, true, false), other: rawImport }), {
    minLength: slots,
    maxLength: slots,
  }),
  consumers: fc.array(rawConsumer, { minLength: slots, maxLength: slots }),
});

/** That, before it is fitted to a mesh. */
export type RawImports = typeof rawImports extends fc.Arbitrary<infer T> ? T : never;
type RawImport = RawImports['before'][number];

const roles = { observe: 'meshgate-observe', apply: 'meshgate-apply' };

/** The mesh whose subscriptions bring what they ask into the consumers' own accounts; in its past they brought other things. */
export function bringing(mesh: LawMesh, raw: RawImports): LawMesh {
  const after = raw.after.map(({ isSame, other }, index) => (isSame ? raw.before[index] : other));
  const past = (mesh.past ?? []).map((version) => brought(version, raw.roles, raw.before));
  const now = mesh.past === undefined ? raw.before : after;
  return { ...brought(mesh, raw.roles, now), ...(past.length === 0 ? {} : { past }) };
}

function brought(mesh: LawMesh, where: RawImports['roles'], raw: readonly (RawImport | undefined)[]): LawMesh {
  const names = new Map<string, string>();
  const subscriptions = Object.entries(mesh.subscriptions).map(([path, value]) => {
    const [domain = '', name = '', last = ''] = path.split('/');
    const consumer = last.split('.')[0] ?? '';
    const one = raw[slotOf(path)];
    const database = mesh.products[`${domain}/${name}`]?.database ?? '';
    if (one?.isThere !== true) return [path, value];
    const own = Object.keys(mesh.accounts[consumer]?.principals ?? {});
    const passable = [...new Set(value.access.flatMap((access) => access.withGrantOption ?? permissionsIn(access)))];
    const grants = one.grants.flatMap(({ principals, permissions }): NonNullable<Import['grants']> => {
      const readers = new Set(principals.flatMap((at) => own[at % own.length] ?? []));
      const passed = passable.filter((_, at) => (permissions + at) % 3 > 0);
      return readers.size === 0 || passed.length === 0 ? [] : [{ principals: [...readers], permissions: passed }];
    });
    const short = ['town', database, `${database}_link`, 'town'][one.name] ?? database;
    const known = names.get(`${consumer} ${short}`);
    const link = known === undefined || known === database ? short : `${database}_link`;
    names.set(`${consumer} ${link}`, database);
    const isForAccount = value.principals === undefined && grants.length > 0;
    return [path, { ...value, import: { database: link, ...(isForAccount ? { grants } : {}) } }];
  });
  return {
    ...mesh,
    mesh: where === 'mesh' ? { ...mesh.mesh, runsAs: roles } : mesh.mesh,
    accounts: Object.fromEntries(
      Object.entries(mesh.accounts).map(([name, one]) => [name, name === where ? { ...one, runsAs: roles } : one]),
    ),
    subscriptions: Object.fromEntries(subscriptions),
  };
}

function slotOf(path: string): number {
  return [...path].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % slots;
}

/** What the accounts of a case are made from. */
interface Ground {
  readonly raw: RawImports;
  readonly meshes: readonly LawMesh[];
  /** The mesh that somebody has carried out already. */
  readonly standing: LawMesh | undefined;
  readonly catalog: KnownCatalog;
}

/** A seed with the lakes of consumers. */
export function withConsumers(seed: Seed, ground: Ground): Seed {
  const own = Object.values(accounts).map(({ id }, index) => [id, ground.raw.consumers[index]] as const);
  const shares = own.flatMap(([id, raw]): SeedShare[] =>
    raw?.invitation === undefined || raw.isMember
      ? []
      : (['database', 'table'] as const).map((kind) => ({
          receiver: id,
          kind,
          invitation: raw.invitation as 'PENDING',
        })),
  );
  const lake = seed.accounts[central]?.regions?.[region];
  const invited = own.flatMap(([id, raw]) => (raw?.isInvitedByStranger === true ? [id] : []));
  const others = own.map(([id, raw]): [string, SeedAccount] => [id, accountOf(id, seed, { ...ground, one: raw })]);
  return {
    ...seed,
    accounts: {
      ...seed.accounts,
      [central]: {
        ...seed.accounts[central],
        regions: { [region]: { ...lake, ...(shares.length === 0 ? {} : { shares }) } },
      },
      ...Object.fromEntries(others),
      ...(invited.length === 0 ? {} : { [elsewhere]: strangers(seed, ground, invited) }),
    },
  };
}

type Of = Ground & { readonly one: RawImports['consumers'][number] | undefined };

function accountOf(id: string, seed: Seed, { one, meshes, standing, catalog }: Of): SeedAccount {
  const known = seed.accounts[id] ?? {};
  const links = linksIn(meshes, id);
  const first = [...links.keys()][0] ?? 'own';
  const knowledge = { catalog, today, unproven: new Set<string>(), open: new Set<string>() };
  const stands = standing === undefined ? undefined : importsWantedBy(standing, knowledge, id);
  const databases: Record<string, SeedDatabase> = { own: { tables: { things: { columns: { id: 'bigint' } } } } };
  for (const [name, { database }] of stands?.links ?? []) databases[name] = linkTo(central, database, applyRole(id));
  const target = [...(links.get(first) ?? [])][0] ?? 'sales';
  const byHand: Readonly<Record<string, SeedDatabase>> = {
    link: linkTo(elsewhere, 'theirs', strangerIn(id)),
    database: { tables: { things: { columns: { id: 'bigint' } } } },
    'by hand': linkTo(central, target, strangerIn(id)),
  };
  const held = byHand[one?.taken ?? ''];
  if (held !== undefined) databases[first] = held;
  const principals = [...(known.principals ?? []).map(({ arn }) => arn), strangerIn(id)];
  const hands = (one?.strangers ?? []).flatMap(({ on, who, permission }): SeedGrant[] => {
    const principal = principals[who % principals.length] ?? strangerIn(id);
    const table = catalog.tables.find(({ database }) => database === target)?.name ?? 'a1';
    const permissions = [['DESCRIBE', 'SELECT', 'DESCRIBE'][permission] ?? 'DESCRIBE'];
    const resource = {
      link: { Database: { Name: first } },
      target: { Database: { CatalogId: central, Name: target } },
      table: { Table: { CatalogId: central, DatabaseName: target, Name: table } },
    }[on];
    if (on === 'link' && databases[first] === undefined) return [];
    return [
      { principal, resource, permissions: on === 'table' ? permissions : ['DESCRIBE'], lastUpdatedBy: strangerIn(id) },
    ];
  });
  const everybody = [{ principal: 'IAM_ALLOWED_PRINCIPALS', permissions: ['ALL'] }];
  const own: SeedRegion = {
    settings: {
      DataLakeAdmins: [applyRole(id)],
      ReadOnlyAdmins: [`arn:aws:iam::${id}:role/meshgate-observe`],
      CreateDatabaseDefaultPermissions: one?.isOpen === true ? everybody : [],
      CreateTableDefaultPermissions: one?.isOpen === true ? everybody : [],
    },
    databases,
    grants: [
      ...(stands === undefined ? [] : grantsFrom(stands.cells, { lastUpdatedBy: applyRole(id), owner: central })),
      ...hands,
    ],
  };
  return {
    ...known,
    ...(one?.isMember === true ? { memberOf: [shared['organization'] ?? ''] } : {}),
    principals: [
      ...(known.principals ?? []),
      { arn: applyRole(id), trusts: [caller] },
      { arn: `arn:aws:iam::${id}:role/meshgate-observe`, trusts: [caller] },
      { arn: strangerIn(id) },
    ],
    regions: { [region]: own },
  };
}

function linkTo(catalogId: string, database: string, createdBy: string): SeedDatabase {
  return { target: { catalogId, database }, createdBy };
}

/** The links that some meshes give an account, with the databases that each stands for. */
function linksIn(meshes: readonly LawMesh[], account: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const mesh of meshes.flatMap((one) => [...(one.past ?? []), one]))
    for (const [path, value] of Object.entries(mesh.subscriptions)) {
      const [domain = '', name = '', last = ''] = path.split('/');
      const database = mesh.products[`${domain}/${name}`]?.database;
      if (mesh.accounts[last.split('.')[0] ?? '']?.id !== account) continue;
      if (value.import === undefined || database === undefined) continue;
      const known = found.get(value.import.database) ?? new Set();
      found.set(value.import.database, known.add(database));
    }
  return found;
}

/** An account that nobody knows, which shares databases of the same names. */
function strangers(seed: Seed, { catalog }: Ground, invited: readonly string[]): SeedAccount {
  const names = [...new Set(catalog.tables.map(({ database }) => database))];
  const [first = 'sales'] = names;
  const table: SeedDatabase = { tables: { a1: { columns: { c1: 'string' } } } };
  return {
    ...seed.accounts[elsewhere],
    regions: {
      [region]: {
        settings: { CreateDatabaseDefaultPermissions: [], CreateTableDefaultPermissions: [] },
        databases: Object.fromEntries([...names, 'theirs'].map((name) => [name, table])),
        grants: invited.map((principal) => ({
          principal,
          resource: { Table: { DatabaseName: first, Name: 'a1' } },
          permissions: ['SELECT'],
          withGrantOption: ['SELECT'],
        })),
        shares: invited.map((receiver) => ({ receiver, kind: 'table', of: `${first}.a1`, invitation: 'PENDING' })),
      },
    },
  };
}
