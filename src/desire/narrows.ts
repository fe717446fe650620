import { defaultLimits } from '../core/safety.ts';
import type { Declaration } from '../declare/declaration.ts';
import type {
  Account,
  Class,
  DataProduct,
  Guards,
  ImportGrant,
  Mesh,
  RevokeLimits,
  Subscription,
} from '../declare/files.ts';
import { asksOf, coversAsks, type Giving } from './asks.ts';
import { classesOf } from './classes.ts';
import { isNoLessSensitive } from './narrows-product.ts';

/** Whether the version of a file in `after` narrows the one in `before`. A file that is gone asks nothing; a new one does not narrow. */
export function narrows(before: Declaration, after: Declaration, path: string): boolean {
  const [was, is] = [fileAt(before, path), fileAt(after, path)];
  if (was === undefined) return false;
  if (is === undefined) return was.kind !== 'Mesh';
  return narrowsValue([was, is], [before.mesh.value, after.mesh.value]);
}

function fileAt({ mesh, accounts, products, subscriptions }: Declaration, path: string): MeshFileValue | undefined {
  const files = [mesh, ...accounts.values(), ...products.values(), ...subscriptions.values()];
  return files.find((file) => file.path === path)?.value;
}

/** What a mesh file says. */
type MeshFileValue = Mesh | Account | DataProduct | Subscription;

/**
 * Whether a version of a file asks no more than the one before, whatever the catalog holds and whatever the other
 * files say: no access wider, no expiry later, no authority added, no fewer approvals asked, no hold lifted, no guard
 * loosened. What cannot be told does not narrow. The mesh files beside them say what presets and classes mean.
 */
export function narrowsValue([was, is]: readonly [MeshFileValue, MeshFileValue], beside: Beside): boolean {
  if (was.kind === 'Mesh' && is.kind === 'Mesh') return hold(mesh, beside, [was, is]);
  if (was.kind === 'Account' && is.kind === 'Account') return hold(account, beside, [was, is]);
  if (was.kind === 'DataProduct' && is.kind === 'DataProduct')
    return hold(product, beside, [was, is]) && isNoLessSensitive([was, is], beside.map(classesOf));
  if (was.kind !== 'Subscription' || is.kind !== 'Subscription') return false;
  return hold(subscription, beside, [was, is]) && asksNoMore([was], [is], beside);
}

type Beside = readonly [before: Mesh, after: Mesh];

/** Whether a field's new value narrows; what is absent is undefined. */
type Rule<T> = (was: T, is: T, beside: Beside) => boolean;

/** A rule for every field that a schema has. */
type Rules<T> = { readonly [K in keyof Required<T>]: Rule<T[K]> };

/** Whether every field keeps its rule; a field without one must stay as it is, but for extensions. */
function hold<T extends object>(rules: Rules<T>, beside: Beside, [was, is]: readonly [T, T]): boolean {
  const fields = new Set([...Object.keys(was), ...Object.keys(is)]) as Set<keyof T & string>;
  return [...fields].every((field) => {
    if (field.startsWith('x-')) return true;
    const rule = Object.hasOwn(rules, field) ? rules[field] : same;
    return rule(was[field], is[field], beside);
  });
}

const free = (): boolean => true;

function same(was: unknown, is: unknown): boolean {
  return JSON.stringify(was) === JSON.stringify(is);
}

/** The same, or nothing any more. */
function sameOrGone(was: unknown, is: unknown): boolean {
  return is === undefined || same(was, is);
}

/** Nothing in the list that was not in it. */
function fewer(was: readonly unknown[] | undefined, is: readonly unknown[] | undefined): boolean {
  const known = new Set((was ?? []).map((one) => JSON.stringify(one)));
  return (is ?? []).every((one) => known.has(JSON.stringify(one)));
}

/** As `fewer`, for a list whose absence means somebody else. */
function fewerOfThose(was: readonly unknown[] | undefined, is: readonly unknown[] | undefined): boolean {
  return (was === undefined) === (is === undefined) && fewer(was, is);
}

/** Asks that are included in what was asked. */
function asksNoMore(was: readonly Giving[], is: readonly Giving[], [{ presets }]: Beside): boolean {
  const [old, now] = [asksOf(was, presets), asksOf(is, presets)];
  return old !== undefined && now !== undefined && coversAsks(old, now);
}

const subscription: Rules<Subscription> = {
  apiVersion: same,
  kind: same,
  product: free,
  consumer: free,
  purpose: free,
  notes: free,
  reviewed: free,
  expires: (was, is) => was === undefined || (is !== undefined && is <= was),
  // Both are judged below: who asks, and what.
  principals: free,
  access: free,
  // What the account holds is judged above; who of it reads through a link must not grow.
  import: (was, is) =>
    is === undefined ||
    (was !== undefined &&
      was.database === is.database &&
      was.region === is.region &&
      fewer(was.grants?.flatMap(importedCells), is.grants?.flatMap(importedCells))),
};

const product: Rules<DataProduct> = {
  apiVersion: same,
  kind: same,
  name: free,
  domain: free,
  description: free,
  reviewed: free,
  producer: same,
  owners: fewerOfThose,
  database: same,
  // What they say of sensitivity is judged as a whole.
  pii: free,
  class: free,
  tables: free,
  allowFuture: free,
  visibility: (was, is) => is !== 'public' || was === 'public',
  enforce: same,
  // Each word takes from somebody what another leaves.
  iamAllowedPrincipals: same,
  locations: fewer,
  grants: (was, is, beside) => asksNoMore(was ?? [], is ?? [], beside),
};

const account: Rules<Account> = {
  apiVersion: same,
  kind: same,
  name: free,
  displayName: same,
  description: free,
  reviewed: free,
  id: same,
  roles: fewer,
  databases: fewer,
  owners: fewer,
  // Without one, its name may come to mean a principal of mesh.yaml.
  principals: same,
  // Another role is another's right to act.
  runsAs: same,
  regions: fewer,
};

const mesh: Rules<Mesh> = {
  apiVersion: same,
  kind: same,
  name: same,
  description: free,
  reviewed: free,
  central: same,
  administrators: fewer,
  principals: same,
  runsAs: same,
  publicReader: sameOrGone,
  presets: (was = {}, is = {}) =>
    Object.entries(is).every(([name, permissions]) => Object.hasOwn(was, name) && fewer(was[name], permissions)),
  classes: (was = [], is = [], beside) =>
    was.length === is.length &&
    was.every((one, index) => {
      const next = is[index];
      return next !== undefined && hold(sensitivityClass, beside, [one, next]);
    }),
  catalogParameters: same,
  columnsBy: same,
  protected: same,
  grants: (was = [], is = []) => fewer(was.flatMap(cellsOf), is.flatMap(cellsOf)),
  guards: (was = {}, is = {}) => areNoWider(was, is),
  repairOnSchedule: free,
  overrides: (was = [], is = []) =>
    is.every((one) =>
      was.some(({ guard, scope, until }) => guard === one.guard && isSameScope(scope, one.scope) && one.until <= until),
    ),
  reminders: free,
  holds: (was = [], is = []) =>
    was.every((one) => is.some(({ scope, until }) => isSameScope(scope, one.scope) && until >= one.until)),
};

const sensitivityClass: Rules<Class> = {
  name: same,
  description: free,
  approvals: (was = 1, is = 1) => is >= was,
  alsoApprovedBy: same,
  longest: (was, is) => was === undefined || (is !== undefined && is <= was),
  permissions: (was, is) => was === undefined || (is !== undefined && fewer(was, is)),
};

function importedCells({ principals, permissions }: ImportGrant): readonly unknown[] {
  return principals.flatMap((principal) => permissions.map((permission) => [principal, permission]));
}

type CatalogGrant = NonNullable<Mesh['grants']>[number];

function cellsOf({ principals, permissions }: CatalogGrant): readonly unknown[] {
  return principals.flatMap((principal) => permissions.map((permission) => [principal, permission]));
}

function areNoWider(was: Guards, is: Guards): boolean {
  return (['product', 'mesh'] as const).every((scope) => {
    const full = (limits: RevokeLimits | undefined) => ({ ...defaultLimits[scope], ...limits });
    const [old, now] = [full(was[scope]), full(is[scope])];
    return (['revokes', 'percent', 'percentFrom'] as const).every((limit) => now[limit] <= old[limit]);
  });
}

function isSameScope(a: object, b: object): boolean {
  const parts = (scope: object): unknown => Object.entries(scope).toSorted(([x], [y]) => (x < y ? -1 : 1));
  return same(parts(a), parts(b));
}
