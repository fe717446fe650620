import { createHash } from 'node:crypto';
import type { Fact } from '../../src/core/fact.ts';
import type { LakeReader } from '../../src/core/lake.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { Observed } from '../../src/core/state.ts';
import { declare } from '../../src/declare/declare.ts';
import { desire } from '../../src/desire/desire.ts';
import { scopeOf } from '../../src/desire/scope.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { type Planned, plan, type Run } from '../../src/reconcile.ts';
import {
  CellBook,
  type CellPlace,
  type Cells,
  cellKey,
  cellPlace,
  type Extent,
  extentIn,
  minus,
  wholeOf,
} from '../support/law-cells.ts';
import { isBarred, type Verdicts } from '../support/law-check.ts';
import { fulfilled } from '../support/law-fulfilled.ts';
import { type OptIns, optInKey, optInsIn } from '../support/law-iam.ts';
import type { KnownCatalog } from '../support/law-lake.ts';
import type { LawMesh } from '../support/law-mesh.ts';
import { central as centralAccount, today } from '../support/law-place.ts';
import { unhurried } from '../support/law-reconcile.ts';
import { meshFilesOf } from './law-case.ts';

/** Law 2: the changes that the next plan still has, though nothing bars them. */
export function staysOpen(
  { changes }: Plan,
  mesh: LawMesh,
  {
    catalog,
    verdicts,
    impossible,
  }: { readonly catalog: KnownCatalog; readonly verdicts: Verdicts; readonly impossible: ReadonlySet<string> },
): readonly string[] {
  return changes
    .filter(({ after }) => after === undefined || !impossible.has(keyOfFact(after)))
    .filter(({ after }) => after === undefined || !isBarred(mesh, catalog, { verdicts, key: keyOfFact(after) }))
    .map(({ verb, key }) => `the next plan has ${verb} ${key}`);
}

/** Law 1: the lake as desired leaves nothing to plan. */
export async function repeatsItself(
  { observed, others }: Planned,
  { declaration, history, now }: Run,
): Promise<readonly string[]> {
  const administrators = [observed, ...others].flatMap(({ settings }) => settings.administrators);
  const desired = desire(declaration, { catalog: observed.catalog, today, administrators });
  const same = (lake: Observed): Observed => ({ ...lake, ...fulfilled(desired, lake.lake) });
  const { changes, withheld } = makePlan({
    mesh: 'law',
    commit: null,
    asOf: now.toISOString(),
    scope: scopeOf(declaration, history?.commits),
    desired,
    observed: same(observed),
    others: others.map(same),
    proofs: new Map(),
  });
  return [...changes, ...withheld.map(({ change }) => change)].map(({ verb, key }) => `as desired, yet ${verb} ${key}`);
}

/** Law 5: files, keys, rows and pages in another order make the same plan, byte for byte. */
export async function isInOrder(
  { plan: first }: Planned,
  run: Run,
  {
    files,
    shuffled,
    salt,
  }: {
    readonly files: Readonly<Record<string, unknown>>;
    readonly shuffled: readonly ((order: (index: number) => number) => LakeReader)[];
    readonly salt: number;
  },
): Promise<readonly string[]> {
  const draw = (text: string): number => createHash('md5').update(`${salt} ${text}`).digest().readUInt32BE(0);
  const mixKeys = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(mixKeys);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, one]) => [draw(key), [key, mixKeys(one)]] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => a - b).map(([, entry]) => entry));
  };
  const mixed = meshFilesOf(files, (value) => JSON.stringify(mixKeys(value), null, 1));
  const result = declare({
    ...mixed,
    files: mixed.files.toSorted((a, b) => draw(a.path) - draw(b.path)),
  });
  if (!result.ok) return ['the mesh is refused for its order'];
  const [central, ...consumers] = shuffled.map((reader) => reader((index) => draw(`row ${index}`)));
  if (central === undefined) return ['no lake was read'];
  const { plan: second } = await plan(
    { ...run, declaration: result.declaration },
    central,
    consumers.map((reader) => ({ ...reader, ...unhurried })),
  );
  const [a, b] = [withoutPlaces(first), withoutPlaces(second)];
  return a === b ? [] : [`order changes the plan ${firstDifference(a, b)}`];
}

/** The plan's bytes, less the lines and columns that keys move to. */
function withoutPlaces(value: Plan): string {
  return JSON.stringify(value, (key, one: unknown) => (key === 'line' || key === 'column' ? 0 : one));
}

function firstDifference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 120);
  return `at byte ${at}: …${a.slice(from, at + 80)}… or …${b.slice(from, at + 80)}…`;
}

/** What is read back is compared with. */
export interface ReadBack {
  readonly catalog: KnownCatalog;
  readonly snapshot: Snapshot;
  /** What the journal's changes add up to. */
  readonly end: Cells;
  /** Whether something is none of the mesh's business, and shown to nobody who does not ask for it. */
  readonly isHidden: (place: CellPlace) => boolean;
  /** Who is opted in as the journal's changes add up; undefined where nobody asks. */
  readonly optIns: OptIns | undefined;
}

/** Law 6: what Meshgate reads is what the lake holds, cell by cell, and what the journal's changes add up to. */
export function readsBack(
  { facts }: Observed,
  { catalog, snapshot, end, isHidden, optIns }: ReadBack,
): readonly string[] {
  const held = new CellBook(catalog, snapshot).cells();
  const read = new Map<string, Extent>();
  for (const { fact } of facts.values()) {
    if (fact.kind !== 'grant' || fact.resource.kind.startsWith('lf-')) continue;
    read.set(keyOfFact(fact), extentOf(fact, catalog));
  }
  const lake = [...held.keys()].filter((key) => !cellPlace(key).kind.startsWith('lf-'));
  const optedIn = [...facts.values()].flatMap(({ fact }) => (fact.kind === 'opt-in' ? [optInOf(fact)] : []));
  const [is, seen] = [optInsIn(snapshot), new Set(optedIn)];
  const misread =
    optIns === undefined
      ? []
      : [...new Set([...is, ...seen, ...optIns])]
          .filter((key) => !(is.has(key) && seen.has(key) && optIns.has(key)))
          .map((key) => `opt-in ${key} is ${is.has(key)}, is told as ${optIns.has(key)} and read as ${seen.has(key)}`);
  const cells = [...new Set([...lake, ...read.keys()])].flatMap((key) => {
    const [is, seen, told] = [extentIn(held, key), extentIn(read, key), extentIn(end, key)];
    if (!isSame(is, told)) return [`the journal tells ${key} as ${list(told)}, and the lake holds ${list(is)}`];
    return isSame(is, seen) || isHidden(cellPlace(key)) ? [] : [`${key} is ${list(is)} and is read as ${list(seen)}`];
  });
  return [...misread, ...cells];
}

/** The name of an opt-in. */
export function optInOf({ principal, resource }: Extract<Fact, { kind: 'opt-in' }>): string {
  const database = 'database' in resource ? resource.database : undefined;
  const table = 'table' in resource ? resource.table : undefined;
  return optInKey({ principal, kind: resource.kind, database, table });
}

const list = (extent: Extent): string => `[${[...extent].join(', ')}]`;
const isSame = (a: Extent, b: Extent): boolean => a.size === b.size && minus(a, b).size === 0;

function extentOf(fact: Extract<Fact, { kind: 'grant' }>, catalog: KnownCatalog): Extent {
  const { resource, columns, permission } = fact;
  if (permission !== 'SELECT' || resource.kind !== 'table') return new Set(['.']);
  const whole = wholeOf(catalog, resource);
  if (columns === undefined || columns === 'all') return whole;
  return 'only' in columns ? new Set(columns.only) : minus(whole, new Set(columns.except));
}

/** Law 8: more files take nothing, and fewer take nothing that one left needs. */
export function takes(
  before: { readonly mesh: LawMesh; readonly verdicts: Verdicts; readonly after: Planned | undefined },
  { mesh, verdicts, planned }: { readonly mesh: LawMesh; readonly verdicts: Verdicts; readonly planned: Planned },
): readonly string[] {
  const isWithin = (a: LawMesh, b: LawMesh): boolean =>
    Object.keys(a.subscriptions).every(
      (path) => JSON.stringify(a.subscriptions[path]) === JSON.stringify(b.subscriptions[path]),
    );
  // What a guard had refused, since nothing was asked for, is taken by what asks for something at all.
  const refused = new Set(before.after?.plan.refusals.flatMap(({ changes }) => changes.map(({ key }) => key)));
  if (isWithin(before.mesh, mesh))
    return planned.plan.changes
      .filter(({ key }) => !refused.has(key))
      .filter(({ steps }) => steps.some(({ action }) => action === 'revoke' || action === 'delete'))
      .map(({ verb, key }) => `adding access plans ${verb} ${key}`);
  if (!isWithin(mesh, before.mesh)) return [];
  const told = interruptedBy(planned.plan);
  const { wanted, end } = verdicts;
  const needed = [...wanted.cells.keys()].filter((key) => extentIn(end, key).size > 0 && !told.has(key));
  return verdicts.moments.flatMap((cells) =>
    needed
      .filter((key) => minus(meetOf(extentIn(verdicts.start, key), extentIn(end, key)), extentIn(cells, key)).size > 0)
      .map((key) => `one subscription less takes ${key}`),
  );
}

/** The cells that a plan says it takes and gives back: an option cannot go alone, its permission goes with it. */
export function interruptedBy({ changes }: Plan): ReadonlySet<string> {
  return new Set(
    changes.flatMap(({ interrupts, before: live }) =>
      interrupts === undefined || live?.kind !== 'grant'
        ? []
        : [false, true].map((grantOption) => keyOfFact({ ...live, grantOption })),
    ),
  );
}

const meetOf = (a: Extent, b: Extent): Extent => new Set([...a].filter((one) => b.has(one)));

/** The name of a fact's cell. */
export function keyOfFact(fact: Fact): string {
  if (fact.kind !== 'grant') return cellKey({ principal: '', kind: fact.kind, permission: '', option: false });
  const { principal, permission, grantOption: option, resource, condition } = fact;
  const place: CellPlace = {
    principal,
    kind: resource.kind,
    permission,
    option,
    condition,
    database: 'database' in resource ? resource.database : undefined,
    table: 'table' in resource ? resource.table : undefined,
    filter: 'filter' in resource ? resource.filter : undefined,
    arn: 'location' in resource ? resource.location : undefined,
    catalog: resource.catalog === centralAccount ? undefined : resource.catalog,
  };
  return cellKey(place);
}
