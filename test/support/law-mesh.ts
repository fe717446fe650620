import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Declaration } from '../../src/declare/declaration.ts';
import { declare } from '../../src/declare/declare.ts';
import type { Access, Account, DataProduct, Mesh, Subscription } from '../../src/declare/files.ts';
import type { MeshFile, MeshFiles } from '../../src/declare/mesh-files.ts';
import { problemsText } from '../../src/report/problems.ts';
import { fits, type Holding, type RawEntry, rawEntry, toAccess } from './law-access.ts';
import { type RawHold, rawHold, toHold } from './law-holds.ts';
import { central, region } from './law-place.ts';

/** A mesh as plain values, before it becomes text. */
export interface LawMesh {
  readonly mesh: Mesh;
  readonly accounts: Readonly<Record<string, Account>>;
  readonly products: Readonly<Record<string, DataProduct>>;
  readonly subscriptions: Readonly<Record<string, Subscription>>;
  /** The versions of the same mesh before this one, oldest first. */
  readonly past?: readonly LawMesh[];
  /** How many of those are as old as the trust root, where there is one: what they said was proven. */
  readonly trusted?: number;
}

const owner = [{ login: 'owner', id: 7 }];
const head = { apiVersion: 'meshgate/v1' } as const;

/** The accounts that every generated mesh has, by name. */
export const accounts: Readonly<Record<string, Account>> = {
  retail: {
    ...head,
    kind: 'Account',
    id: '222233334444',
    roles: ['producer', 'consumer'],
    databases: ['sales', 'shop_*'],
    owners: owner,
    principals: { loader: 'arn:aws:iam::222233334444:role/loader' },
  },
  health: {
    ...head,
    kind: 'Account',
    displayName: 'Health & Care',
    id: '333344445555',
    roles: ['producer', 'consumer'],
    databases: ['sales', 'health'],
    owners: owner,
    principals: { nurses: 'arn:aws:iam::333344445555:role/wards/nurses' },
  },
  marketing: {
    ...head,
    kind: 'Account',
    id: '444455556666',
    roles: ['consumer'],
    owners: owner,
    principals: {
      analysts: 'arn:aws:iam::444455556666:role/analysts',
      tool: 'arn:aws:iam::444455556666:user/tool',
      everyone: '444455556666:IAMPrincipals',
      people: 'arn:aws:iam::444455556666:saml-provider/corp:group/people',
    },
  },
  research: { ...head, kind: 'Account', id: '555566667777', roles: ['consumer'], owners: owner },
};

/** The principals that every generated mesh.yaml names. */
export const shared: Readonly<Record<string, string>> = {
  organization: 'arn:aws:organizations::999900001111:organization/o-meshexample',
  ou: 'arn:aws:organizations::999900001111:ou/o-meshexample/ou-ab12-research01',
  road: `arn:aws:iam::${central}:saml-provider/corp:group/road`,
  web: 'arn:aws:identitystore:::group/a1b2c3d4-0000-4000-8000-5e6f70819203',
  reporting: `arn:aws:iam::${central}:role/reporting`,
  ingest: `arn:aws:iam::${central}:role/ingest`,
  'break-glass': `arn:aws:iam::${central}:role/break-glass`,
};

const consumers = ['marketing', 'research', 'health', 'retail'] as const;
const columnForms = [null, null, null, 'pii', 'secret', { pii: true, description: 'Personal.' }] as const;

const rawColumns = fc.record({
  c1: fc.constantFrom(...columnForms),
  c2: fc.constantFrom(...columnForms),
  c3: fc.option(fc.constantFrom(...columnForms), { nil: undefined }),
  'c4.street': fc.option(fc.constantFrom(...columnForms), { nil: undefined }),
  k: fc.option(fc.constantFrom(null, 'pii'), { nil: undefined }),
});
const rawTable = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom('pii', 'secret') },
  { weight: 6, arbitrary: rawColumns.map((columns) => ({ columns: defined(columns) })) },
  { weight: 1, arbitrary: rawColumns.map((columns) => ({ pii: true, columns: piiOnly(defined(columns)) })) },
);
const rarely = fc.integer({ min: 0, max: 5 }).map((n) => n === 5);
const often = fc.integer({ min: 0, max: 3 }).map((n) => n > 0);
const rawPrincipals = fc.array(fc.nat(20), { maxLength: 3 });
const rawRequest = fc.record({ principals: rawPrincipals, access: fc.array(rawEntry, { minLength: 1, maxLength: 3 }) });
const rawProduct = fc.record({
  database: fc.nat(2),
  class: fc.constantFrom(undefined, undefined, undefined, undefined, 'pii'),
  tables: fc.record({
    1: rawTable,
    2: fc.option(rawTable, { nil: undefined }),
    _x: fc.option(rawTable, { nil: undefined }),
  }),
  globs: fc.subarray(['*', '_*', '?'] as const),
  allowFuture: rarely,
  isPublic: rarely,
  hasLocation: often,
  enforce: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, 'full', 'additive', 'exclusive'),
  grants: fc.array(rawRequest, { maxLength: 2 }),
});
const rawSubscription = fc.record({
  product: fc.nat(2),
  consumer: fc.nat(consumers.length - 1),
  name: fc.constantFrom('', '.one', '.two'),
  request: rawRequest,
  expires: fc.constantFrom(undefined, undefined, undefined, '2026-06-14', '2026-06-15', '2027-01-31'),
});
const rawFrame = fc.record({
  products: fc.array(rawProduct, { minLength: 1, maxLength: 3 }),
  catalogParameters: fc.subarray(['data_owner', 'data_owner_name', 'pii_flag'] as const),
  catalogGrants: rarely,
  columnsBy: fc.constantFrom(undefined, undefined, 'list', 'filter', 'filter'),
});

type RawFrame = typeof rawFrame extends fc.Arbitrary<infer T> ? T : never;
type RawSubscription = typeof rawSubscription extends fc.Arbitrary<infer T> ? T : never;

/** A mesh, valid by construction. */
export const lawMesh: fc.Arbitrary<LawMesh> = fc
  .tuple(rawFrame, fc.array(rawSubscription, { minLength: 1, maxLength: 5 }))
  .map(([frame, subscriptions]) => build(frame, subscriptions));

/** What of a mesh its next version no longer declares, and whether it is as gentle as it was. */
const rawLoss = fc.record({
  product: fc.option(fc.nat(2), { nil: undefined }),
  account: fc.option(fc.constantFrom('research', 'marketing'), { nil: undefined }),
  principals: fc.subarray(['road', 'web', 'ou', 'ingest']),
  isFull: fc.boolean(),
});

const rawHolds = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(rawHold, { minLength: 1, maxLength: 2 }) },
);

/** Versions of one mesh: subscriptions and holds come, go, narrow and widen between them; accounts, principals and products go. */
export const lawHistory: fc.Arbitrary<readonly [LawMesh, LawMesh]> = fc
  .tuple(
    rawFrame,
    fc.array(rawSubscription, { minLength: 1, maxLength: 4 }),
    fc.array(fc.record({ keeps: often, other: rawRequest }), { minLength: 4, maxLength: 4 }),
    fc.array(rawSubscription, { maxLength: 2 }),
    rawLoss,
    fc.tuple(rawHolds, rawHolds),
  )
  .map(([frame, before, edits, more, loss, holds]) => {
    const after = before.flatMap((one, index): RawSubscription[] => {
      const edit = edits[index];
      if (edit === undefined || edit.keeps) return [one];
      return index % 2 === 0 ? [] : [{ ...one, request: { ...edit.other, principals: one.request.principals } }];
    });
    const first = held(build(frame, before), holds[0]);
    return [first, { ...held(without(build(frame, [...after, ...more]), loss), holds[1]), past: [first] }];
  });

/** The mesh with those holds whose names it still has. */
function held(mesh: LawMesh, raw: readonly RawHold[]): LawMesh {
  const holds = raw.flatMap((one) => toHold(one, mesh) ?? []);
  return { ...mesh, mesh: { ...mesh.mesh, ...(holds.length === 0 ? {} : { holds }) } };
}

/** A mesh without some of its files, and without what names them. */
function without(
  { mesh, accounts, products, subscriptions }: LawMesh,
  { product, account, principals, isFull }: typeof rawLoss extends fc.Arbitrary<infer T> ? T : never,
): LawMesh {
  const isLeft = (path: string): boolean =>
    !path.startsWith(`dom/p${product}/`) && path.split('/')[2]?.split('.')[0] !== account;
  const kept = {
    products: pickFrom(products, (id) => id !== `dom/p${product}`),
    subscriptions: pickFrom(subscriptions, isLeft),
  };
  const text = JSON.stringify(kept);
  const { grants = [], ...rest } = mesh;
  const gentle = Object.entries(kept.products).map(([id, { enforce, ...value }]) => [
    id,
    isFull || enforce === undefined ? value : { ...value, enforce },
  ]);
  const named = grants.map((grant) => ({ ...grant, principals: grant.principals.filter((name) => name !== account) }));
  return {
    mesh: {
      ...rest,
      principals: pickFrom(mesh.principals ?? {}, (name) => {
        const isNamed = text.includes(`"${name}"`) || named.some((grant) => grant.principals.includes(name));
        return isNamed || !principals.includes(name);
      }),
      ...(grants.length === 0 ? {} : { grants: named }),
    },
    accounts: pickFrom(accounts, (name) => name !== account),
    products: Object.fromEntries(gentle),
    subscriptions: kept.subscriptions,
  };
}

function pickFrom<T>(all: Readonly<Record<string, T>>, isKept: (name: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => isKept(name)));
}

const unlimited = { revokes: 1_000_000, percent: 100 };
const prefixes = ['a', 'b', 'd'] as const;

function build(
  { products: raw, catalogParameters, catalogGrants, columnsBy }: RawFrame,
  wanted: readonly RawSubscription[],
): LawMesh {
  const databases = raw.map((one) => ['sales', 'health', 'shop_a'][one.database] ?? 'sales');
  const products: Record<string, DataProduct> = {};
  const held: Holding[] = [];
  const mesh: Mesh = {
    ...head,
    kind: 'Mesh',
    name: 'law',
    central: { account: central, region },
    administrators: [{ login: 'admin', id: 1 }],
    principals: shared,
    publicReader: 'organization',
    // What a guard lets through is another law's.
    guards: { product: unlimited, mesh: unlimited },
    presets: { append: ['DESCRIBE', 'INSERT'] },
    classes: [{ name: 'pii' }, { name: 'secret', approvals: 2 }],
    ...(catalogParameters.length === 0 ? {} : { catalogParameters }),
    ...(columnsBy === undefined ? {} : { columnsBy }),
    protected: ['break-glass', `arn:aws:iam::${central}:role/legacy`],
    ...(catalogGrants ? { grants: [{ principals: ['ingest', 'research'], permissions: ['CREATE_DATABASE'] }] } : {}),
  };
  raw.forEach((one, index) => {
    const database = databases[index] ?? 'sales';
    const isAlone = databases.filter((other) => other === database).length === 1;
    const prefix = prefixes[index] ?? 'a';
    const producer = database === 'health' ? 'health' : 'retail';
    const id = `dom/p${index}`;
    const bare = productOf(one, { prefix, database, producer, isAlone });
    const names = ['loader', 'nurses', 'reporting', 'ingest', 'road', 'web'].filter(
      (name) => name in shared || name in (accounts[producer]?.principals ?? {}),
    );
    const grants = one.grants.flatMap(({ principals, access }) => {
      const chosen = pick(names, principals);
      const ids = chosen.map((name) => shared[name] ?? accounts[producer]?.principals?.[name] ?? '');
      const given = accessOf(access, {
        id,
        product: bare,
        prefix,
        isAlone,
        ids: chosen.length === 0 ? [accounts[producer]?.id ?? ''] : ids,
        held,
      });
      return given.length === 0 ? [] : [{ ...(chosen.length === 0 ? {} : { principals: chosen }), access: given }];
    });
    products[id] = grants.length === 0 ? bare : { ...bare, grants };
  });
  const subscriptions: Record<string, Subscription> = {};
  for (const one of wanted) {
    const index = one.product % raw.length;
    const id = `dom/p${index}`;
    const product = products[id];
    if (product === undefined) continue;
    const consumer =
      consumers.filter((name) => name !== product.producer)[one.consumer % (consumers.length - 1)] ?? 'marketing';
    const path = `${id}/${consumer}${one.name}`;
    if (path in subscriptions) continue;
    const own = accounts[consumer]?.principals ?? {};
    const chosen = pick(
      [...Object.keys(own), 'organization', 'ou', 'road', 'web', 'reporting'],
      one.request.principals,
    );
    const ids =
      chosen.length === 0 ? [accounts[consumer]?.id ?? ''] : chosen.map((name) => own[name] ?? shared[name] ?? '');
    const isAlone = databases.filter((other) => other === product.database).length === 1;
    const access = accessOf(one.request.access, { id, product, prefix: prefixes[index] ?? 'a', isAlone, ids, held });
    if (access.length === 0) continue;
    subscriptions[path] = {
      ...head,
      kind: 'Subscription',
      purpose: 'A law.',
      ...(chosen.length === 0 ? {} : { principals: chosen }),
      access,
      ...(one.expires === undefined ? {} : { expires: one.expires }),
    };
  }
  return { mesh, accounts, products, subscriptions };
}

interface Where {
  readonly prefix: string;
  readonly database: string;
  readonly producer: string;
  readonly isAlone: boolean;
}

function productOf(raw: RawFrame['products'][number], { prefix, database, producer, isAlone }: Where): DataProduct {
  // What stands in a class of its own is not classified anew: a lower class would be refused.
  const named = Object.entries(raw.tables).flatMap(([name, table]) =>
    table === undefined ? [] : [[`${prefix}${name}`, raw.class === undefined ? table : null] as const],
  );
  const globs = raw.globs.map((glob) => [`${prefix}${glob}`, null] as const);
  return {
    ...head,
    kind: 'DataProduct',
    producer,
    database,
    ...(raw.class === undefined ? {} : { class: raw.class }),
    tables: Object.fromEntries([...named, ...globs]),
    ...(raw.allowFuture && isAlone ? { allowFuture: true } : {}),
    ...(raw.isPublic ? { visibility: 'public' as const } : {}),
    ...(raw.enforce === undefined ? {} : { enforce: raw.enforce }),
    ...(raw.hasLocation ? { locations: [`s3://lake/${prefix}/`] } : {}),
  };
}

interface Asking {
  readonly id: string;
  readonly product: DataProduct;
  readonly prefix: string;
  readonly isAlone: boolean;
  readonly ids: readonly string[];
  readonly held: Holding[];
}

function accessOf(raw: readonly RawEntry[], { ids, held, ...on }: Asking): Access[] {
  return raw.flatMap((entry) => {
    const access = toAccess(entry, { ...on, ids });
    if (access === undefined) return [];
    const holding = { product: on.id, ids, access };
    if (!held.every((earlier) => fits(earlier, holding))) return [];
    held.push(holding);
    return [access];
  });
}

function pick(names: readonly string[], wanted: readonly number[]): string[] {
  return [...new Set(wanted.flatMap((n) => names[n % names.length] ?? []))];
}

function defined<T>(values: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function piiOnly<T>(columns: Readonly<Record<string, T>>): Record<string, T | null> {
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, value === 'secret' ? value : null]));
}

/** The files of a mesh; `render` may spell the same values otherwise. */
export function filesOf({ mesh, accounts, products, subscriptions }: LawMesh, render = plain): MeshFiles {
  const values: (readonly [string, unknown])[] = [
    ['mesh.yaml', mesh],
    ...Object.entries(accounts).map(([name, value]) => [`accounts/${name}.yaml`, value] as const),
    ...Object.entries(products).map(([id, value]) => [`products/${id}.yaml`, value] as const),
    ...Object.entries(subscriptions).map(([id, value]) => [`subscriptions/${id}.yaml`, value] as const),
  ];
  const files = values.map(([path, value]): MeshFile => {
    const text = render(value);
    return { file: `mesh/${path}`, path, text, blob: createHash('sha1').update(text).digest('hex') };
  });
  return { directory: 'mesh', files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), problems: [] };
}

function plain(value: unknown): string {
  return JSON.stringify(value, null, 1);
}

/** The declaration of a generated mesh, which is always accepted. */
export function declared(mesh: LawMesh): Declaration {
  const result = declare(filesOf(mesh));
  if (!result.ok) throw new Error(`a generated mesh was refused:\n${problemsText(result.problems, false)}`);
  return result.declaration;
}
