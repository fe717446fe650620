import fc from 'fast-check';
import type { DataProduct } from '../../src/declare/files.ts';
import type { Seed, SeedAccount, SeedGrant, SeedOptIn, SeedRegion } from '../../src/emulator/seed.ts';
import { cellPlace } from '../support/law-cells.ts';
import { askedBy } from '../support/law-desired.ts';
import { type KnownCatalog, outsider, stranger } from '../support/law-lake.ts';
import { accounts, type LawMesh, shared } from '../support/law-mesh.ts';
import { central, region, today } from '../support/law-place.ts';

/** In every so many cases of a family products say what becomes of IAM_ALLOWED_PRINCIPALS. */
export const usualIamWidth = 5;

type Word = NonNullable<DataProduct['iamAllowedPrincipals']>;
const word = fc.constantFrom<Word>('hybrid', 'hybrid', 'hybrid', 'revoke', 'revoke', 'keep');
const slots = 3;
const strangers = [stranger, outsider];
const holders = [
  ...Object.values(shared),
  ...Object.values(accounts).flatMap(({ id, principals }) => [id, ...Object.values(principals ?? {})]),
  ...[...strangers, ...strangers, ...strangers],
];
/** Which table: mostly one of the first product's. */
const which = fc.oneof(fc.nat(3), fc.nat(40));
const rawOptIn = fc.record({
  who: fc.nat(holders.length - 1),
  on: fc.constantFrom('database', 'all-tables', 'table', 'table', 'table'),
  which,
});

/** What products say of IAM, and what is open to it and who is opted in when a case begins. */
export const rawIam = fc.record({
  before: fc.array(word, { minLength: slots, maxLength: slots }),
  after: fc.array(fc.record({ isSame: fc.boolean(), other: word }), { minLength: slots, maxLength: slots }),
  /** Whether all products go from keep to revoke, or stay there, where no location has hybrid access. */
  isPlain: fc.constantFrom(false, false, false, true),
  /** Whether products that leave open how far the mesh goes take what is nobody's, too. */
  isExclusive: fc.constantFrom(false, false, true),
  /** Whether all is open, as in a catalog that was there before Lake Formation, or what is named. */
  isAllOpen: fc.boolean(),
  isOpenByDefault: fc.boolean(),
  open: fc.array(fc.record({ on: fc.constantFrom('database', 'all-tables', 'table', 'table', 'table'), which }), {
    maxLength: 5,
  }),
  /** Which of the mesh's own opt-ins somebody has taken away: every n-th, or none. */
  lost: fc.constantFrom(0, 0, 2, 3),
  optIns: fc.array(rawOptIn, { maxLength: 6 }),
  /** In each account, on what the central one shares with it. */
  optInsThere: fc.array(rawOptIn, { maxLength: 4 }),
});

/** That, before it is fitted to a mesh. */
export type RawIam = typeof rawIam extends fc.Arbitrary<infer T> ? T : never;

/** The mesh whose products say what becomes of IAM_ALLOWED_PRINCIPALS; in its past they said other things. */
export function saying(mesh: LawMesh, raw: RawIam): LawMesh {
  const { before, after } = raw.isPlain ? withoutHybrid(raw) : raw;
  const later = after.map(({ isSame, other }, index) => (isSame ? (before[index] ?? other) : other));
  const { isExclusive } = raw;
  const past = mesh.past?.map((version) => said(version, { words: before, isExclusive }));
  return {
    ...said(mesh, { words: past === undefined ? before : later, isExclusive }),
    ...(past === undefined ? {} : { past }),
  };
}

function withoutHybrid({ before, after }: RawIam): Pick<RawIam, 'before' | 'after'> {
  return {
    before: before.map((says) => (says === 'hybrid' ? 'keep' : says)),
    after: after.map(({ isSame, other }) => ({ isSame, other: other === 'hybrid' ? 'revoke' : other })),
  };
}

function said(
  mesh: LawMesh,
  { words, isExclusive }: { readonly words: readonly Word[]; readonly isExclusive: boolean },
): LawMesh {
  const products = Object.entries(mesh.products).map(([id, product]) => {
    const says = words[Number(id.at(-1)) % slots] ?? 'keep';
    const enforce = product.enforce ?? (isExclusive ? 'exclusive' : undefined);
    const wide = enforce === undefined ? product : { ...product, enforce };
    return [id, says === 'keep' ? wide : { ...wide, iamAllowedPrincipals: says }] as const;
  });
  return { ...mesh, products: Object.fromEntries(products) };
}

/** What a case begins with. */
interface Ground {
  readonly raw: RawIam;
  readonly catalog: KnownCatalog;
  /** The mesh that somebody has carried out already. */
  readonly standing: LawMesh | undefined;
  /** Whether nothing is there that the files do not ask for. */
  readonly isBare: boolean;
}

/** A seed that is open to IAM, in which some are opted in: as a mesh that stands asks, and others. */
export function openToIam(seed: Seed, ground: Ground): Seed {
  const { raw, catalog } = ground;
  const others = Object.entries(seed.accounts).map(([id, account]): [string, SeedAccount] => {
    const lake = account.regions?.[region];
    if (lake === undefined || (id !== central && !Object.values(accounts).some((one) => one.id === id)))
      return [id, account];
    const optIns = [...standingIn(ground, id), ...(ground.isBare ? [] : straysIn(ground, id))];
    const one: SeedRegion = id === central ? { ...lake, ...opened(lake, { raw, catalog }) } : lake;
    const unique = new Map(optIns.map((optIn) => [JSON.stringify(optIn), optIn]));
    return [id, { ...account, regions: { ...account.regions, [region]: { ...one, optIns: [...unique.values()] } } }];
  });
  return { ...seed, accounts: Object.fromEntries(others) };
}

const everybody = [{ principal: 'IAM_ALLOWED_PRINCIPALS', permissions: ['ALL'] }];

function opened(
  { grants = [], settings = {}, locations = [] }: SeedRegion,
  { raw, catalog: { tables } }: Pick<Ground, 'raw' | 'catalog'>,
): Pick<SeedRegion, 'grants' | 'settings' | 'locations'> {
  const databases = [...new Set(tables.map(({ database }) => database))];
  const all = [
    ...databases.map((database) => ({ kind: 'database', database })),
    ...tables.map(({ database, name: table }) => ({ kind: 'table', database, table })),
  ];
  const named = raw.open.flatMap(({ on, which }) => placeOf(tables, { on, which }) ?? []);
  const resources = (raw.isAllOpen ? [...all, ...named] : named).map((place) => JSON.stringify(resourceOf(place)));
  const iam = [...new Set(resources)].map(
    (text): SeedGrant => ({
      ...everybody[0],
      principal: 'IAM_ALLOWED_PRINCIPALS',
      permissions: ['ALL'],
      resource: JSON.parse(text),
    }),
  );
  // What of it was drawn before is there once.
  const isElse = ({ principal, resource }: SeedGrant): boolean =>
    principal !== 'IAM_ALLOWED_PRINCIPALS' || !resources.includes(JSON.stringify(resource));
  return {
    grants: [...grants.filter(isElse), ...iam],
    locations: locations.map((one) => ({ ...one, hybrid: one.hybrid === true && !raw.isPlain })),
    settings: raw.isOpenByDefault
      ? { ...settings, CreateDatabaseDefaultPermissions: everybody, CreateTableDefaultPermissions: everybody }
      : settings,
  };
}

interface Place {
  readonly kind: string;
  readonly database: string;
  readonly table?: string;
}

function placeOf(
  tables: KnownCatalog['tables'],
  { on, which }: { readonly on: string; readonly which: number },
): Place | undefined {
  const table = tables[which % Math.max(1, tables.length)];
  if (table === undefined) return undefined;
  return { kind: on, database: table.database, ...(on === 'table' ? { table: table.name } : {}) };
}

function resourceOf({ kind, database, table }: Place, owner?: string): Readonly<Record<string, unknown>> {
  const of = owner === undefined ? {} : { CatalogId: owner };
  if (kind === 'database') return { Database: { ...of, Name: database } };
  const on = { ...of, DatabaseName: database };
  return { Table: kind === 'table' ? { ...on, Name: table } : { ...on, TableWildcard: {} } };
}

/** The opt-ins that a mesh asks for in the lake of an account, by the checker's own reading of its files. */
function standingIn({ standing, catalog, raw: { lost } }: Ground, account: string): readonly SeedOptIn[] {
  if (standing === undefined) return [];
  const [asOf, own] = [today, account === central ? undefined : account];
  const known = { catalog, today, unproven: new Set<string>(), open: new Set<string>() };
  return [...askedBy(standing, known, asOf, own).optIns].flatMap(([key, isGiven], index): readonly SeedOptIn[] => {
    const { principal, kind, database = '', table } = cellPlace(key);
    if (!isGiven || (lost > 0 && index % lost === 0)) return [];
    const place = { kind, database, ...(table === undefined ? {} : { table }) };
    return [{ principal, resource: resourceOf(place, own === undefined ? undefined : central) }];
  });
}

/** Opt-ins of whomever to whatever: leftovers of what was, and of strangers. */
function straysIn({ raw, catalog: { tables } }: Ground, account: string): readonly SeedOptIn[] {
  const isHere = account === central;
  const own = holders.filter((one) => isHere || one.includes(`::${account}:`));
  return (isHere ? raw.optIns : raw.optInsThere).flatMap((one): readonly SeedOptIn[] => {
    const [place, principal] = [placeOf(tables, one), own[one.who % Math.max(1, own.length)]];
    if (place === undefined || principal === undefined) return [];
    return [{ principal, resource: resourceOf(place, isHere ? undefined : central) }];
  });
}
