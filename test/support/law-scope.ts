import type { CellPlace } from './law-cells.ts';
import { claims } from './law-desired.ts';
import type { KnownCatalog } from './law-lake.ts';
import type { LawMesh } from './law-mesh.ts';
import { caller, central } from './law-place.ts';

/** What is judged: a permission, or a data cells filter. */
type Place = Pick<CellPlace, 'kind' | 'database' | 'table' | 'arn'>;

/** A product of one version of a mesh that a resource is on. */
interface Claim {
  readonly id: string;
  readonly product: LawMesh['products'][string];
  readonly version: LawMesh;
}

/** All versions of a mesh, oldest first. */
function versionsOf(mesh: LawMesh): readonly LawMesh[] {
  return [...(mesh.past ?? []), mesh];
}

type LawProduct = LawMesh['products'][string];
type Enforcement = NonNullable<LawProduct['enforce']>;

function gentlest(...said: readonly Enforcement[]): Enforcement {
  return (['additive', 'full', 'exclusive'] as const).find((one) => said.includes(one)) ?? 'full';
}

/**
 * The mesh as far as what it puts at stake is proven: a file that nothing proves goes no further than it did when it was
 * proven last on its database, or than one that says nothing and what is gone from there; nobody is unprotected by it,
 * and no day of access is put off.
 */
export function asProven(mesh: LawMesh, unproven: ReadonlySet<string>): LawMesh {
  const { past = [], trusted = 0 } = mesh;
  const proven = past.slice(0, trusted).toReversed();
  const former = past.flatMap(({ products }) => Object.entries(products));
  const goneFrom = (database: string): readonly Enforcement[] => {
    const gone = former.filter(([id]) => mesh.products[id] === undefined);
    const lastOf = new Map(gone.map(([id, product]) => [id, product.database]));
    return gone.flatMap(([id, { enforce = 'full' }]) => (lastOf.get(id) === database ? enforce : []));
  };
  const toned = (id: string, product: LawProduct): LawProduct => {
    const isGone = mesh.products[id] === undefined;
    const was = proven
      .flatMap(({ products }) => products[id] ?? [])
      .filter(({ database }) => isGone || database === product.database);
    const otherwise = gentlest('full', ...(isGone ? [] : goneFrom(product.database)));
    return {
      ...product,
      enforce: gentlest(product.enforce ?? 'full', was[0] ? (was[0].enforce ?? 'full') : otherwise),
    };
  };
  const tonedIn = (products: LawMesh['products'], isOpen: (id: string) => boolean): LawMesh['products'] =>
    Object.fromEntries(Object.entries(products).map(([id, one]) => [id, isOpen(id) ? toned(id, one) : one]));
  const before = unproven.has('mesh.yaml') ? proven[0]?.mesh : undefined;
  const stillProtected = (before?.protected ?? []).map((name) => before?.principals?.[name] ?? name);
  const subscriptions = Object.entries(mesh.subscriptions).map(([id, one]) => {
    const was = proven.flatMap((version) => version.subscriptions[id] ?? [])[0]?.expires;
    const isPutOff = unproven.has(`subscriptions/${id}.yaml`) && was !== undefined && was < (one.expires ?? '9999');
    return [id, isPutOff ? { ...one, expires: was } : one] as const;
  });
  const toneds = tonedIn(mesh.products, (id) => unproven.has(`products/${id}.yaml`));
  return {
    ...mesh,
    mesh: { ...mesh.mesh, protected: [...(mesh.mesh.protected ?? []), ...stillProtected] },
    products: Object.fromEntries(
      Object.entries(toneds).map(([id, one]) => [id, isProven(mesh, id, unproven) ? one : keeping(one)]),
    ),
    subscriptions: Object.fromEntries(subscriptions),
    // What is gone counts as it was proven last, too.
    past: past.map((version, at) =>
      at < trusted || mesh.trusted === undefined
        ? version
        : { ...version, products: tonedIn(version.products, () => true) },
    ),
  };
}

/** Whether all that decides about a product is proven: its file, its producer's, and mesh.yaml. */
function isProven(mesh: LawMesh, id: string, unproven: ReadonlySet<string>): boolean {
  const producer = mesh.products[id]?.producer ?? '';
  return !['mesh.yaml', `products/${id}.yaml`, `accounts/${producer}.yaml`].some((file) => unproven.has(file));
}

/** From those who come in through IAM alone only a proven file takes anything. */
function keeping({ iamAllowedPrincipals: says, ...product }: LawProduct): LawProduct {
  return says === 'hybrid' ? { ...product, iamAllowedPrincipals: says } : product;
}

/**
 * Whether what IAM_ALLOWED_PRINCIPALS holds is to go: of a table where all that claim it say `revoke`, of a database where
 * all its products do, and of all tables at once where, besides, no table there is nobody's.
 */
export function isClosed(mesh: LawMesh, { kind, database, table }: Place, { tables }: KnownCatalog): boolean {
  if (database === undefined || !['database', 'table', 'all-tables'].includes(kind)) return false;
  const on = claimsIn(mesh, { kind, database, table });
  if (on.length === 0 || on.some(({ product }) => product.iamAllowedPrincipals !== 'revoke')) return false;
  const isSomebodys = (name: string): boolean => claimsIn(mesh, { kind: 'table', database, table: name }).length > 0;
  return kind !== 'all-tables' || tables.every((one) => one.database !== database || isSomebodys(one.name));
}

/** Whether limits to columns and rows count on a table though IAM opens it: all that claim it say `hybrid`, and those limited are opted in. */
export function isHybrid(mesh: LawMesh, database: string, table: string): boolean {
  const on = claimsIn(mesh, { kind: 'table', database, table });
  return on.length > 0 && on.every(({ product }) => product.iamAllowedPrincipals === 'hybrid');
}

/** Whether hybrid access was ever asked for on a resource. */
function wasHybrid(mesh: LawMesh, place: Place): boolean {
  return versionsOf(mesh)
    .flatMap((version) => claimsIn(version, place))
    .some(({ product }) => product.iamAllowedPrincipals === 'hybrid');
}

/**
 * Why the words of products keep an opt-in: one where hybrid access never was is none of the mesh's, and that it is no more
 * gives people back to IAM, which only a proven file does.
 */
export function whyHybridLeft(mesh: LawMesh, place: Place, unproven: ReadonlySet<string>): string | undefined {
  if (!wasHybrid(mesh, place)) return 'on nothing that has or had hybrid access';
  const now = claimsIn(mesh, place);
  const isLeft = now.every(({ product }) => product.iamAllowedPrincipals !== 'hybrid');
  return isLeft && now.some(({ id }) => !isProven(mesh, id, unproven))
    ? 'of a product that says hybrid no more, which nothing proves'
    : undefined;
}

/** Why an opt-in that nobody asks for must not be ended; undefined where it may, and is to be. */
export function whyOptInStays(
  mesh: LawMesh,
  place: CellPlace,
  { catalog, unproven }: { readonly catalog: KnownCatalog; readonly unproven: ReadonlySet<string> },
): string | undefined {
  const word = whyHybridLeft(mesh, place, unproven);
  if (word !== undefined) return word;
  // A stranger's stays, also where all else of theirs goes.
  const gentle = (version: LawMesh): LawMesh => ({
    ...version,
    products: Object.fromEntries(
      Object.entries(version.products).map(([id, one]) => [
        id,
        one.enforce === 'exclusive' ? { ...one, enforce: 'full' as const } : one,
      ]),
    ),
  });
  return whyNotManaged({ ...gentle(mesh), past: (mesh.past ?? []).map(gentle) }, place, catalog);
}

/** Why a permission is not the mesh's to take; undefined where it is: declared now or once, or a stranger's where all are exclusive. */
export function whyNotManaged(mesh: LawMesh, place: CellPlace, catalog: KnownCatalog): string | undefined {
  const { principal, kind } = place;
  if (kind.startsWith('lf-')) return 'through LF-Tags';
  if (principal === 'IAM_ALLOWED_PRINCIPALS') return isClosed(mesh, place, catalog) ? undefined : 'protected';
  const kept = whyProtected(mesh, place, catalog);
  if (kept !== undefined) return kept;
  const versions = versionsOf(mesh);
  if (kind === 'catalog')
    return versions.some((version) => isListedForCatalog(version, principal))
      ? undefined
      : 'nobody declares the principal';
  const [now, ever] = [claimsIn(mesh, place), versions.flatMap((version) => claimsIn(version, place))];
  if (ever.length === 0) return 'on nothing that is declared';
  const isManaged = now.some((claim) =>
    isOwn(claim, principal) ? isListed(mesh, claim.id, principal) : isDeclared(mesh, principal),
  );
  const wasManaged = ever.some((claim) => isOwn(claim, principal))
    ? ever.some(({ id }) => versions.some((version) => isListed(version, id, principal)))
    : versions.some((version) => isDeclared(version, principal));
  if (isManaged || wasManaged) return undefined;
  if (now.length === 0) return 'on nothing that is declared any more';
  return now.every(({ product }) => product.enforce === 'exclusive')
    ? undefined
    : 'of a principal that nobody declares';
}

/** Whether nothing may be taken of a resource but what has expired. */
export function isAdditive(mesh: LawMesh, place: Place): boolean {
  const now = claimsIn(mesh, place);
  if (now.length > 0) return now.some(({ product }) => product.enforce === 'additive');
  const versions = versionsOf(mesh);
  return versions
    .flatMap((version) => claimsIn(version, place))
    .some(({ id }) => versions.flatMap((version) => version.products[id] ?? []).at(-1)?.enforce === 'additive');
}

/** Whether any version of the mesh makes a data cells filter the mesh's, or the product takes all that is on it. */
export function isOurFilter(
  mesh: LawMesh,
  on: { readonly database: string; readonly table: string },
  name: string,
): boolean {
  const place = { kind: 'table', ...on };
  const versions = versionsOf(mesh);
  const now = claimsIn(mesh, place);
  if (now.length > 0 && now.every(({ product }) => product.enforce === 'exclusive')) return true;
  const isNamed = versions
    .flatMap(({ subscriptions, products }) => [
      ...Object.values(subscriptions),
      ...Object.values(products).flatMap(({ grants = [] }) => grants),
    ])
    .some(({ access }) => access.some(({ filter }) => filter === name));
  return isClaimed(mesh, place) && (isNamed || name.startsWith('meshgate_'));
}

/** Whether a resource is on a product of any version of the mesh. */
export function isClaimed(mesh: LawMesh, place: Place): boolean {
  return versionsOf(mesh).some((version) => claimsIn(version, place).length > 0);
}

function whyProtected({ mesh }: LawMesh, place: CellPlace, catalog: KnownCatalog): string | undefined {
  const { principal, kind } = place;
  if (principal === caller) return 'protected';
  if (
    principal.includes(':role/aws-service-role/') ||
    [...catalog.administrators, ...catalog.readOnlyAdministrators].includes(principal)
  )
    return 'protected';
  if ((mesh.protected ?? []).some((name) => (mesh.principals?.[name] ?? name) === principal)) return 'protected';
  const isCreator = catalog.tables.some(
    ({ database, name, creator }) =>
      kind === 'table' && database === place.database && name === place.table && creator === principal,
  );
  return isCreator ? "its table's creator's" : undefined;
}

function claimsIn(version: LawMesh, { kind, database, table, arn }: Place): readonly Claim[] {
  return Object.entries(version.products).flatMap(([id, product]) => {
    const isOn =
      kind === 'data-location'
        ? (product.locations ?? []).some((path) => `${arn}/`.startsWith(`arn:aws:s3:::${path.slice(5)}`))
        : product.database === database && (table === undefined || claims(product, table));
    return isOn ? [{ id, product, version }] : [];
  });
}

/** Whether a principal is the central account's, or of the account that produces a product. */
function isOwn({ product, version }: Claim, principal: string): boolean {
  const account = /^(?:arn:aws:iam::)?(\d{12})/.exec(principal)?.[1];
  return account === central || (account !== undefined && account === version.accounts[product.producer]?.id);
}

function isDeclared({ mesh, accounts }: LawMesh, principal: string): boolean {
  const named = Object.values(accounts).flatMap(({ id, principals }) => [id, ...Object.values(principals ?? {})]);
  return [...Object.values(mesh.principals ?? {}), ...named].includes(principal);
}

function isListed({ mesh, accounts, products, subscriptions }: LawMesh, id: string, principal: string): boolean {
  const resolve = (account: string, names: readonly string[] | undefined): readonly (string | undefined)[] =>
    names === undefined
      ? [accounts[account]?.id]
      : names.map((name) => accounts[account]?.principals?.[name] ?? mesh.principals?.[name]);
  const { grants = [], producer = '' } = products[id] ?? {};
  return [
    ...grants.flatMap(({ principals }) => resolve(producer, principals)),
    ...Object.entries(subscriptions).flatMap(([path, { principals }]) =>
      path.startsWith(`${id}/`) ? resolve(path.split('/')[2]?.split('.')[0] ?? '', principals) : [],
    ),
  ].includes(principal);
}

function isListedForCatalog({ mesh, accounts }: LawMesh, principal: string): boolean {
  const names = (mesh.grants ?? []).flatMap(({ principals }) => principals);
  return names.some((name) => (mesh.principals?.[name] ?? accounts[name]?.id) === principal);
}
