import type { Quorum } from '../core/approvals.ts';
import { isGlob } from '../core/pattern.ts';
import type { Place } from '../core/problem.ts';
import { isSensitive, ownClass } from '../core/sensitivity.ts';
import type { Catalog } from '../core/state.ts';
import type { Declaration, Declared, DeclaredSubscription } from '../declare/declaration.ts';
import type { Account, DataProduct, Mesh, Subscription, Table } from '../declare/files.ts';
import { alsoAsked, approvalsAsked, classesOf, pii, shortest } from './classes.ts';
import { desire } from './desire.ts';

/** Files as they stood, without their places. */
export interface StandingFiles {
  readonly mesh: Mesh | undefined;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly product: DataProduct | undefined;
}

/** A subscription by its key. */
export interface Requested {
  readonly key: string;
  readonly value: Subscription;
}

/** How many owners must approve, and who else. */
interface Weight {
  readonly owners: number;
  readonly also: readonly Quorum[];
  /** How many days it may last, where a class limits that. */
  readonly longest?: number;
}

/**
 * How many owners must approve a version of a subscription: by the classes that it touches among the files as they
 * stood before it, and among those of now, whichever is stricter.
 */
export function approvalsOfSubscription(
  { key, value }: Requested,
  before: StandingFiles,
  { declaration, catalog }: { readonly declaration: Declaration; readonly catalog: Catalog },
): Weight {
  const [domain = '', name = '', file = ''] = key.split('/');
  const product = `${domain}/${name}`;
  // Whoever gets it, and until when: what is touched is the same, also where a name means nobody yet.
  const { expires: _, principals: __, ...asking } = value;
  const subscription: DeclaredSubscription = {
    ...declared(`subscriptions/${key}.yaml`, asking),
    product,
    consumer: file.split('.')[0] ?? file,
  };
  const subscriptions = new Map([[key, subscription]]);
  const mesh = before.mesh ?? declaration.mesh.value;
  const then: Declaration = {
    mesh: declared('mesh.yaml', mesh),
    accounts: new Map([...before.accounts].map(([id, one]) => [id, declared(`accounts/${id}.yaml`, one)])),
    products: before.product === undefined ? new Map() : new Map([[product, declared(product, before.product)]]),
    subscriptions,
  };
  const now: Declaration = { ...declaration, products: only(declaration.products, product), subscriptions };
  const touched = [
    ...touchedBy(then, key, { ...catalog, unread: new Set() }),
    ...unseen(before.product, value, catalog),
    ...touchedBy(now, key, catalog),
  ];
  // What a class asked then: raising it makes no older approval void. A class that was not there asks what it asks now.
  const classes = classesOf(mesh);
  const names = new Set(classes.map(({ name: known }) => known));
  const added = classesOf(declaration.mesh.value).filter((one) => !names.has(one.name));
  const all = [...classes, ...added];
  const longest = shortest(all, touched)?.longest;
  return {
    owners: approvalsAsked(all, touched),
    also: alsoAsked(all, touched),
    ...(longest === undefined ? {} : { longest }),
  };
}

/** How many owners must approve a change of a product: as the strictest class in it asks, and at least one. */
export function approvalsOfProduct(product: DataProduct, mesh: Mesh): Weight {
  const [classes, touched] = [classesOf(mesh), classesIn(product)];
  return { owners: Math.max(1, approvalsAsked(classes, touched)), also: alsoAsked(classes, touched) };
}

function touchedBy(declaration: Declaration, key: string, catalog: Catalog): readonly string[] {
  const { touched } = desire(declaration, { catalog, today: '0000-01-01', administrators: [] });
  return touched.get(key) ?? [];
}

/** What patterns may have reached in a database that cannot be looked at now: all that is in the product. */
function unseen(product: DataProduct | undefined, { access }: Subscription, catalog: Catalog): readonly string[] {
  if (product === undefined || catalog.databases.has(product.database)) return [];
  const hasPattern = access.some(({ tables = [], columns }) => tables.some(isGlob) || columns !== undefined);
  return hasPattern ? classesIn(product) : [];
}

/** Every class in a product; where there is one, what is not classified counts as pii. */
function classesIn(product: DataProduct): readonly string[] {
  const tables = Object.values(product.tables);
  const columns = tables.flatMap((table) => (isTable(table) ? Object.values(table.columns ?? {}) : []));
  const own = [product, ...tables, ...columns].flatMap((node) => ownClass(node) ?? []);
  return isSensitive(product) ? [pii, ...own] : own;
}

function isTable(table: null | string | Table): table is Table {
  return table !== null && typeof table === 'object';
}

function declared<T>(path: string, value: T): Declared<T> {
  const place: Place = { file: path, line: 1, column: 1 };
  return { file: path, path, blob: '', value, at: () => place };
}

function only<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  const found = map.get(key);
  return new Map(found === undefined ? [] : [[key, found]]);
}
