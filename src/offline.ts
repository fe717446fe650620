import type { Ending } from './core/asking.ts';
import { type Fact, join, type LakeId } from './core/fact.ts';
import type { Note, Plan } from './core/plan.ts';
import { compareText } from './core/problem.ts';
import type { Catalog, DesiredFact, Observed, ObservedFact, Proofs } from './core/state.ts';
import type { Declaration } from './declare/declaration.ts';
import { desire } from './desire/desire.ts';
import { safetyOf } from './desire/safety.ts';
import { scopeOfBoth } from './desire/scope.ts';
import { declaredCatalog } from './desire/symbolic.ts';
import { unknownIn } from './desire/unknown.ts';
import { makePlan } from './plan/plan.ts';

/** Two states of the mesh files, which no lake is asked about. */
export interface Offline {
  /** The files as they were; undefined where there was no mesh. */
  readonly before: Declaration | undefined;
  readonly after: Declaration;
  /** The commit of `before`. */
  readonly base: string;
  /** The commit of `after`, where it is in git. */
  readonly commit: string | null;
  /** Paths inside the mesh directory that differ. */
  readonly files: readonly string[];
  /** The time that expiry is judged by. */
  readonly now: Date;
}

/**
 * What the change of the files changes in the access that they ask for: the plan of a lake that is as the files were,
 * as if all that they say were approved. Patterns stay as they are written where only the catalog can resolve them.
 */
export function planOffline({ before, after, base, commit, files, now }: Offline): Plan {
  const today = now.toISOString().slice(0, 10);
  const { account, region } = after.mesh.value.central;
  const lake = `${account}/${region}`;
  const catalog = declaredCatalog(after);
  const standing = before === undefined ? [] : factsOf(before, today);
  const safety = safetyOf(after, { today });
  const desired = desire(after, {
    catalog,
    today,
    administrators: [],
    live: new Map(standing.map((one) => [one.key, one])),
    holds: safety.holds.filter(({ isOver }) => !isOver),
  });
  const was = before?.mesh.value.central;
  // Of a catalog that the mesh left nothing is said: it keeps what it has.
  const elsewhere = new Set(
    [...standing, ...desired.facts.values()]
      .map(({ fact }) => fact.lake)
      .filter((one) => one !== lake && one !== `${was?.account}/${was?.region}`),
  );
  const none = { databases: new Map(), unread: new Set<string>() };
  const plan = makePlan({
    mesh: after.mesh.value.name,
    commit,
    asOf: now.toISOString(),
    scope: scopeOfBoth(before, after),
    desired,
    observed: asObserved(lake, standing, catalog),
    others: [...elsewhere].sort(compareText).map((one) => asObserved(one, standing, none)),
    proofs: allProven(after),
    safety,
    changed: { since: base, files, isOffline: true },
  });
  const places = new Set(
    plan.changes.flatMap(({ because }) => because.map(({ place }) => `${place.file}:${place.line}`)),
  );
  const unknown = unknownIn(after, ({ file, line }) => places.has(`${file}:${line}`));
  return {
    ...plan,
    // No lake was read, so nothing is known of one.
    lakes: [],
    outside: null,
    picture: [],
    notes: [
      ...movedCatalog(before, after),
      ...closedToIam(before, after),
      ...unknown,
      ...(plan.changes.length === 0 ? [] : [atLeast]),
    ],
  };
}

/** The subscriptions whose last day of access changes. */
export function endingsOf({ before, after, files }: Pick<Offline, 'before' | 'after' | 'files'>): readonly Ending[] {
  return [...after.subscriptions].flatMap(([subscription, { path, value }]): readonly Ending[] => {
    const old = before?.subscriptions.get(subscription);
    if (old === undefined || !files.includes(path) || old.value.expires === value.expires) return [];
    return [{ subscription, was: old.value.expires, is: value.expires }];
  });
}

const atLeast: Note = {
  code: 'PII_AT_LEAST',
  message:
    'pii is what the product files flag, at least: the catalog may flag more, and its partition keys are always read',
  hint: 'a plan with a connection to AWS tells',
};

function movedCatalog(before: Declaration | undefined, { mesh }: Declaration): readonly Note[] {
  const [was, is] = [before?.mesh.value.central, mesh.value.central];
  if (was === undefined || (was.account === is.account && was.region === is.region)) return [];
  return [
    {
      code: 'OTHER_CATALOG',
      message: `the central catalog was in ${was.account}/${was.region} and is in ${is.account}/${is.region}: everything is granted anew there, and what the former holds stays`,
    },
  ];
}

/** Products that are to be closed to whoever comes in through IAM alone: what those hold no file says. */
function closedToIam(before: Declaration | undefined, { products }: Declaration): readonly Note[] {
  return [...products].flatMap(([id, { path, value }]): readonly Note[] => {
    const was = before?.products.get(id)?.value.iamAllowedPrincipals;
    if (value.iamAllowedPrincipals !== 'revoke' || was === 'revoke') return [];
    return [
      {
        code: 'CLOSED_TO_IAM',
        message: `${path} takes from IAM_ALLOWED_PRINCIPALS what it holds on ${id}: who comes in through IAM alone, and by no grant, is cut off`,
        hint: 'a plan with a connection to AWS lists what that is',
      },
    ];
  });
}

/** A lake that is as the files ask, and of which nothing else is known. */
function asObserved(lake: LakeId, standing: readonly ObservedFact[], catalog: Catalog): Observed {
  return {
    lake,
    endpoint: '',
    caller: { account: '', arn: '' },
    settings: { administrators: [], readOnlyAdministrators: [] },
    catalog,
    facts: new Map(standing.filter(({ fact }) => fact.lake === lake).map((one) => [one.key, one])),
    gaps: [],
    openedByIam: new Set(),
    filterGrants: new Map(),
    sweepPages: undefined,
    rows: 0,
  };
}

/** All that files ask for, as if it were live. */
function factsOf(files: Declaration, today: string): readonly ObservedFact[] {
  const { holds } = safetyOf(files, { today });
  const { facts } = desire(files, {
    catalog: declaredCatalog(files),
    today,
    administrators: [],
    holds: holds.filter(({ isOver }) => !isOver),
  });
  return [...facts.values()].flatMap((one): readonly ObservedFact[] => {
    const fact = givenOf(one);
    return fact === undefined
      ? []
      : [{ key: one.key, fact, parts: fact.kind === 'grant' ? [fact.columns ?? 'all'] : [] }];
  });
}

/** What of a desired fact nothing in the files stands in the way of. */
function givenOf({ wishes }: DesiredFact): Fact | undefined {
  const given = wishes.flatMap(({ fact, cause }) => (cause.refused === undefined ? fact : []));
  return given.reduce<Fact | undefined>((a, b) => (a === undefined ? b : join(a, b)), undefined);
}

function allProven({ mesh, accounts, products, subscriptions }: Declaration): Proofs {
  const files = [mesh, ...accounts.values(), ...products.values(), ...subscriptions.values()];
  return new Map(files.map(({ path }) => [path, { proven: true, by: 'taken for approved' }]));
}
