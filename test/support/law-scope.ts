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

/** The mesh in which `exclusive` counts as `full` where nothing proves the product file: so much a stranger's is safe. */
export function asProven(mesh: LawMesh, unproven: ReadonlySet<string>): LawMesh {
  const products = Object.entries(mesh.products).map(([id, product]): [string, LawMesh['products'][string]] => [
    id,
    product.enforce === 'exclusive' && unproven.has(`products/${id}.yaml`) ? { ...product, enforce: 'full' } : product,
  ]);
  return { ...mesh, products: Object.fromEntries(products) };
}

/** Why a permission is not the mesh's to take; undefined where it is: declared now or once, or a stranger's where all are exclusive. */
export function whyNotManaged(mesh: LawMesh, place: CellPlace, catalog: KnownCatalog): string | undefined {
  const { principal, kind } = place;
  if (kind.startsWith('lf-')) return 'through LF-Tags';
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
  if (principal === 'IAM_ALLOWED_PRINCIPALS' || principal === caller) return 'protected';
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
