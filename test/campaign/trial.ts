import { setTimeout as sleep } from 'node:timers/promises';
import { carryOut } from '../../src/carry-out.ts';
import { enteredIn } from '../../src/cli/consumers.ts';
import type { Fact } from '../../src/core/fact.ts';
import { type Hurried, type Lake, LakeFailure } from '../../src/core/lake.ts';
import type { Change, Plan } from '../../src/core/plan.ts';
import type { Declaration } from '../../src/declare/declaration.ts';
import { declare } from '../../src/declare/declare.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import type { FaultKind } from '../../src/emulator/faults.ts';
import type { JournalEntry } from '../../src/emulator/journal.ts';
import { type Seed, SeedError, type SeedRegion } from '../../src/emulator/seed.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';
import type { Changes } from '../../src/observing.ts';
import { type Planned, plan, type Run } from '../../src/reconcile.ts';
import { problemsText } from '../../src/report/problems.ts';
import { cellPlace } from '../support/law-cells.ts';
import { since, strayed } from '../support/law-changed.ts';
import { debts, follow, goesWhole, type Verdicts, wayOf } from '../support/law-check.ts';
import { dips } from '../support/law-dips.ts';
import { cutOff } from '../support/law-iam.ts';
import { imports } from '../support/law-imported.ts';
import {
  followImports,
  type Giving,
  type ImportVerdicts,
  importDebts,
  isBarredThere,
  shareWrongs,
} from '../support/law-imports.ts';
import { addTags, drop, type KnownCatalog } from '../support/law-lake.ts';
import type { LawMesh } from '../support/law-mesh.ts';
import { central, region, today } from '../support/law-place.ts';
import { consumerAt, Killed, lakeAt, mortal, provenBut, unhurried } from '../support/law-reconcile.ts';
import { recorded } from '../support/law-recorded.ts';
import { isClaimed } from '../support/law-scope.ts';
import { historyFrom } from '../support/past.ts';
import { interruptedBy, isInOrder, keyOfFact, optInOf, readsBack, repeatsItself, staysOpen, takes } from './asked.ts';
import { survives } from './broken.ts';
import {
  catalogIn,
  changedPaths,
  filesOfRuns,
  isFlag,
  type LawCase,
  type LawRun,
  lawMeshOf,
  meshFilesOf,
  pastOf,
} from './law-case.ts';
import { type Repository, repositoryOf } from './repository.ts';

/** A law that a case broke, and how. */
export interface Finding {
  /** The number of the law in design.md 9; 0 where the program itself broke. */
  readonly law: number;
  /** Which run of the case, from 0. */
  readonly run: number;
  readonly text: string;
}

/** What came of a case. */
export interface Tried {
  readonly findings: readonly Finding[];
  /** How often each law was asked. */
  readonly asked: Readonly<Record<number, number>>;
  /** How often each kind of fault struck. */
  readonly struck: ReadonlyMap<FaultKind, number>;
  readonly calls: number;
  readonly kills: number;
  /** The case, less what the emulator cannot be seeded with. */
  readonly legal: LawCase;
}

/** Thrown for a case that says nothing of the program: its own files are refused. */
export class InvalidCase extends Error {
  override readonly name = 'InvalidCase';
}

interface Scene {
  readonly one: LawCase;
  readonly emulator: Emulator;
  readonly lake: Lake;
  readonly catalog: KnownCatalog;
  readonly repository: Repository | undefined;
  readonly versions: readonly Readonly<Record<string, unknown>>[];
  /** What the files of runs were read as, by their text: most cases have several runs of the same files. */
  readonly readings: Map<string, Reading>;
  /** The lakes of consumers that runs have entered, by account. */
  readonly consumers: Map<string, Lake & Hurried>;
  readonly ask: (law: number, run: number, wrongs: readonly string[]) => void;
}

/** Tries one case on an emulator of its own. */
export async function tryCase(drawn: LawCase): Promise<Tried> {
  const findings: Finding[] = [];
  const asked: Record<number, number> = {};
  const ask = (law: number, run: number, wrongs: readonly string[]): void => {
    asked[law] = (asked[law] ?? 0) + 1;
    findings.push(...wrongs.map((text) => ({ law, run, text })));
  };
  const { emulator, one } = await startLegal(drawn);
  const repository = one.trustRoot === undefined ? undefined : await repositoryOf(one.trustRoot);
  let kills = 0;
  try {
    if (one.tagged === true) await addTags(emulator);
    // What stood at the start stood for a while: no read lags so far that it was not there.
    emulator.advance(100_000);
    const lake = await lakeAt(emulator);
    const versions = filesOfRuns(one.runs);
    const scene: Scene = {
      one,
      emulator,
      lake,
      catalog: catalogIn(one.seed),
      repository,
      versions,
      ask,
      readings: new Map(),
      consumers: new Map(),
    };
    const steps = new Map<number, Step>();
    let before: Step | undefined;
    for (const [index, run] of one.runs.entries()) {
      const files = versions[index] ?? {};
      if (Object.values(files).some((value) => typeof value === 'string')) {
        ask(9, index, await survives(emulator, files));
        continue;
      }
      const step = await stepOf(scene, { index, run, files, before });
      if (run.kill !== undefined) kills += 1;
      before = step;
      steps.set(index, step);
    }
    if (before !== undefined) await neighbours(scene, steps);
    if (one.imported === true) ask(7, one.runs.length - 1, (await imports(lake)).wrongs);
  } catch (thrown) {
    if (thrown instanceof InvalidCase) throw thrown;
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    findings.push({ law: 0, run: -1, text });
  } finally {
    await emulator.close();
    await repository?.remove();
  }
  return { findings, asked, struck: emulator.struck(), calls: emulator.journal().length, kills, legal: one };
}

/** An emulator for the case, whose grants and filters that Lake Formation would never hold are left out. */
async function startLegal(drawn: LawCase): Promise<{ readonly emulator: Emulator; readonly one: LawCase }> {
  let one = drawn;
  for (;;) {
    try {
      return {
        emulator: await startEmulator({ seed: one.seed, switches: one.switches ?? {}, random: one.random ?? 1 }),
        one,
      };
    } catch (thrown) {
      if (!(thrown instanceof SeedError)) throw thrown;
      const left = legalOf(one.seed, thrown.faults);
      if (left === undefined) throw new InvalidCase(thrown.message);
      one = { ...one, seed: left };
    }
  }
}

const listed = ['grants', 'filters', 'shares', 'optIns'] as const;

function legalOf(seed: Seed, faults: readonly string[]): Seed | undefined {
  const wrong = new Set(
    faults.flatMap(
      (text) => /^accounts\.(\d+)\.regions\.[^.]+\.(?:grants|filters|shares|optIns)\[\d+\]/.exec(text)?.[0] ?? [],
    ),
  );
  if (wrong.size === 0) return undefined;
  const without = (path: string, lake: SeedRegion): SeedRegion => {
    const left = listed.flatMap((name) => {
      const all = lake[name];
      return all === undefined
        ? []
        : [[name, all.filter((_, index) => !wrong.has(`${path}.${name}[${index}]`))] as const];
    });
    return { ...lake, ...Object.fromEntries(left) };
  };
  const accounts = Object.entries(seed.accounts).map(([id, { regions = {}, ...rest }]) => {
    const lakes = Object.entries(regions).map(([name, lake]) => [
      name,
      without(`accounts.${id}.regions.${name}`, lake),
    ]);
    return [id, lakes.length === 0 ? rest : { ...rest, regions: Object.fromEntries(lakes) }];
  });
  return { ...seed, accounts: Object.fromEntries(accounts) };
}

interface Given {
  readonly index: number;
  readonly run: LawRun;
  readonly files: Readonly<Record<string, unknown>>;
  readonly before: Step | undefined;
}

/** A run that was made, for those that follow it. */
interface Step {
  readonly mesh: LawMesh;
  readonly verdicts: Verdicts;
  readonly consumers: readonly ImportVerdicts[];
  /** The cells that its plan said it would take and give back. */
  readonly interrupted: ReadonlySet<string>;
  readonly after: Planned | undefined;
}

async function stepOf(scene: Scene, { index, run, files, before }: Given): Promise<Step> {
  const { emulator, lake, ask, repository, one } = scene;
  const snapshot = emulator.snapshot(central, region);
  const catalog = asIn(snapshot, scene.catalog);
  const mesh =
    repository === undefined
      ? lawMeshOf(files, pastOf(run, files))
      : { ...lawMeshOf(files, scene.versions.slice(0, index)), trusted: (one.trustRoot ?? 0) + 1 };
  const { made, changes, unproven } = await runOf(scene, run, files);
  const others = consumersIn(one).map((account) => [account, emulator.snapshot(account, region)] as const);
  const from = emulator.journal().length;
  const verdictsNow = (): Verdicts =>
    follow({ mesh, catalog, unproven, before: snapshot, journal: ofCentral(emulator.journal().slice(from)) });
  const consumersNow = ({ open }: Verdicts): readonly ImportVerdicts[] => {
    const { shares } = emulator.snapshot(central, region);
    const all = emulator.journal().slice(from);
    return others.map(([account, before]) => {
      const journal = all.filter((entry) => entry.account === account);
      return followImports({ mesh, catalog, unproven, open, account, before, journal, shares });
    });
  };
  const rough =
    run.faults !== undefined || run.kill !== undefined || run.vanished !== undefined || run.dropped !== undefined;
  const judge = (verdicts: Verdicts): readonly ImportVerdicts[] => {
    const consumers = consumersNow(verdicts);
    const asking = { central: verdicts.asked, consumers };
    const mended = shareWrongs(emulator.journal().slice(from), asking, emulator.snapshot(central, region).shares);
    const wrongs = [...[verdicts, ...consumers].flatMap((one) => one.wrongs), ...mended];
    const isTaking = (text: string): boolean => text.includes(' took ');
    ask(
      3,
      index,
      wrongs.filter((text) => !isTaking(text)),
    );
    ask(4, index, wrongs.filter(isTaking));
    return consumers;
  };
  if (rough) {
    const interrupted = await roughly(scene, made, run);
    const verdicts = verdictsNow();
    return { mesh, verdicts, consumers: judge(verdicts), interrupted, after: undefined };
  }
  const entered = await consumersOf(scene, made);
  const recordings = [lake, ...entered].map(recorded);
  const shuffled = recordings.map((one) => one.shuffled);
  const [reader = lake, ...consumers] = recordings.map((one) => one.reader);
  const planned = await plan(
    made,
    reader,
    consumers.map((one) => ({ ...one, ...unhurried })),
  );
  const isWhole = index % 2 === 0 && scene.repository === undefined;
  if (isWhole) ask(5, index, await isInOrder(planned, made, { files, shuffled, salt: index }));
  if (isWhole) ask(1, index, await repeatsItself(planned, made));
  // Then a filter, and who holds it, is found only by asking for its table.
  const { sweepShowsFilterGrants, filterListWithoutTable } = scene.one.switches ?? {};
  const areFiltersHidden = sweepShowsFilterGrants === false && filterListWithoutTable === false;
  // A sweep that shows what nobody granted, where reading by resource does not, is no mirror of the grants.
  const isMirror = scene.one.switches?.rawShowsImplicit !== true;
  // Later runs of the same files have the same changes: the first one, on the lake as it was, is enough.
  if (changes !== undefined && run.mesh !== undefined && isMirror) {
    const { plan: part } = await plan({ ...made, changes }, lake, entered);
    ask(
      10,
      index,
      strayed({ part: inCentral(part), whole: inCentral(planned.plan) }, [mesh, ...(mesh.past?.slice(-1) ?? [])]),
    );
  }
  const outcomes = await carryOut(planned, lake, { ...sending([0, 0, 0, 0, 0]), consumers: entered });
  const verdicts = verdictsNow();
  const brought = judge(verdicts);
  // Where nothing was to be done, this plan is the next one, and empty.
  const after = planned.plan.changes.length === 0 ? planned : await plan(made, lake, entered);
  const failures = outcomes.filter(({ status }) => status === 'failed');
  const failed = failures.map(({ change, reason }) => `${change.verb} ${change.key} failed: ${reason}`);
  // Accounts need the grant option: where it goes with no list of columns, nobody can give them one.
  const impossible = new Set(
    failures.flatMap(({ change: { after: fact }, reason = '' }) =>
      fact !== undefined && reason.includes('The grant option cannot be granted with a list') ? [keyOfFact(fact)] : [],
    ),
  );
  // What a guard refuses stays, by design; the guards have tests of their own.
  const refused = planned.plan.refusals.flatMap(({ changes }) =>
    changes.flatMap(({ before: live, after: wish }) => [live, wish].flatMap((fact) => (fact ? [nameOf(fact)] : []))),
  );
  // Whoever did not make a link may not delete it, administrator or not, and Glue does not say who made it.
  const undeletable = failures.flatMap(({ change, reason = '' }) => (reason.includes('Required Drop') ? [change] : []));
  const stays = [...impossible, ...refused, ...undeletable.flatMap(({ before: live }) => (live ? [nameOf(live)] : []))];
  // Then whoever made a link seems to have been given it, and a link that somebody else was given stays.
  const isHeldByMaker = (text: string): boolean => !isMirror && /^resource-link .* is there still$/.test(text);
  const isPossible = (text: string): boolean => !isHeldByMaker(text) && !stays.some((key) => text.startsWith(key));
  const gaps = [...planned.plan.gaps, ...after.plan.gaps].map(({ code, message }) => `gap ${code} ${message}`);
  const giving = (account: string): Giving => ({
    central: verdicts.end,
    asked: new Map([...verdicts.wanted.cells].filter(([, { proven }]) => proven.size > 0)),
    shares: emulator.snapshot(central, region).shares,
    memberOf: one.seed.accounts[account]?.memberOf ?? [],
  });
  const isEntered = ({ account }: ImportVerdicts): boolean => entered.some(({ lake: id }) => id.startsWith(account));
  const isBarredIn = ({ lake: id, before: live, after: fact, key }: Change): boolean => {
    if (undeletable.some((change) => change.key === key)) return true;
    const there = brought.find(({ account }) => id.startsWith(account));
    const on = fact ?? live;
    if (there === undefined || on === undefined) return false;
    return isBarredThere(mesh, there, {
      fact: on,
      isWanted: fact !== undefined,
      key: keyOfFact(on),
      giving: giving(there.account),
    });
  };
  const left = { ...after.plan, changes: after.plan.changes.filter((change) => !isBarredIn(change)) };
  const open = staysOpen(left, mesh, { catalog, verdicts, impossible });
  const owed = [
    ...debts(mesh, catalog, verdicts),
    ...brought.filter(isEntered).flatMap((there) => importDebts(mesh, { ...there, unproven }, giving(there.account))),
  ].filter(isPossible);
  if (scene.one.switches === undefined)
    ask(
      2,
      index,
      dips(planned.plan, verdicts, { catalog }).map((dip) => `a silent gap ${dip}`),
    );
  const told = new Set(
    planned.plan.changes.flatMap(({ interrupts, after: fact }) =>
      interrupts !== undefined && fact?.kind === 'grant' ? [fact.principal] : [],
    ),
  );
  ask(
    2,
    index,
    cutOff(wayOf(verdicts)).flatMap(({ principal, text }) => (told.has(principal) ? [] : [`a silent gap, ${text}`])),
  );
  ask(2, index, open.length + owed.length + gaps.length === 0 ? [] : [...gaps, ...open, ...owed, ...failed]);
  if (isMirror)
    ask(
      6,
      index,
      readsBack(after.observed, {
        catalog,
        snapshot: emulator.snapshot(central, region),
        end: verdicts.end,
        isHidden: (place) => areFiltersHidden && place.kind === 'data-cells-filter' && !isClaimed(mesh, place),
        optIns: hasHybrid(mesh) ? verdicts.optIns.at(-1) : undefined,
      }),
    );
  if (isMirror)
    for (const there of brought.filter(isEntered)) {
      const seen = after.others.find(({ lake: id }) => id.startsWith(there.account));
      const now = emulator.snapshot(there.account, region);
      if (seen !== undefined)
        ask(
          6,
          index,
          readsBack(seen, { catalog, snapshot: now, end: there.end, isHidden: () => false, optIns: undefined }),
        );
    }
  const isSame = before !== undefined && run.mesh === undefined;
  if (isSame) ask(2, index, lostSince(before, verdicts, catalog));
  if (before?.after !== undefined && scene.one.bare === true) ask(8, index, takes(before, { mesh, verdicts, planned }));
  return { mesh, verdicts, consumers: brought, interrupted: new Set(), after };
}

/** Whether who is opted in is read at all: where it never was asked for, it is somebody else's. */
function hasHybrid(mesh: LawMesh): boolean {
  const products = [mesh, ...(mesh.past ?? [])].flatMap((version) => Object.values(version.products));
  return products.some(({ iamAllowedPrincipals: says }) => says === 'hybrid');
}

/** What a debt begins with that is about this fact. */
function nameOf(fact: Fact): string {
  if (fact.kind === 'opt-in') return `opt-in ${optInOf(fact)} `;
  return fact.kind === 'resource-link' ? `resource-link ${fact.catalog} ${fact.database} ` : keyOfFact(fact);
}

/** The accounts of a case whose lakes may hold something of the mesh. */
function consumersIn({ seed }: LawCase): readonly string[] {
  return Object.keys(seed.accounts).filter(
    (id) => id !== central && seed.accounts[id]?.regions !== undefined && id !== '666677778888',
  );
}

/** The calls in the central lake; what becomes of RAM shares is judged by whom they are for. */
function ofCentral(journal: readonly JournalEntry[]): readonly JournalEntry[] {
  return journal.flatMap((entry) =>
    entry.account === central
      ? [{ ...entry, changes: entry.changes.filter(({ what }) => !('kind' in what) || what.kind !== 'resource-share') }]
      : [],
  );
}

/** The part of a plan that is about the central lake. */
function inCentral(plan: Plan): Plan {
  const isHere = (change: Change): boolean => change.lake === `${central}/${region}`;
  return {
    ...plan,
    changes: plan.changes.filter(isHere),
    withheld: plan.withheld.filter(({ change }) => isHere(change)),
    refusals: plan.refusals.map((refusal) => ({ ...refusal, changes: refusal.changes.filter(isHere) })),
  };
}

/** The lakes of consumers that a run enters. */
async function consumersOf({ consumers }: Pick<Scene, 'consumers'>, made: Run): Promise<readonly (Lake & Hurried)[]> {
  const accounts = enteredIn(made.declaration, made.history ?? { commits: [] });
  return await Promise.all(
    accounts.map(async ([account]) => {
      const known = consumers.get(account) ?? (await consumerAt(account, 'meshgate-apply'));
      consumers.set(account, known);
      return known;
    }),
  );
}

/** The catalog as it is by now: a run may have raised a flag, and somebody dropped a table. */
function asIn({ databases }: Snapshot, catalog: KnownCatalog): KnownCatalog {
  const flagged = databases.filter(({ parameters }) => isFlag(parameters)).map(({ name }) => name);
  const there = new Set(databases.flatMap(({ name, tables }) => tables.map((table) => `${name}.${table.name}`)));
  const tables = catalog.tables.filter(({ database, name }) => there.has(`${database}.${name}`));
  return { ...catalog, tables, flaggedDatabases: new Set(flagged) };
}

/**
 * What the former, rough run began with and the files still ask for, and this one ends without. Between the two halves
 * of what the plan calls an interruption nobody can tell any more what stood: where it is not proven, it is withheld.
 */
function lostSince({ verdicts, interrupted }: Step, { end }: Verdicts, { tables }: KnownCatalog): readonly string[] {
  const { start, wanted } = verdicts;
  return [...start].flatMap(([key, extent]) => {
    const { database, table } = cellPlace(key);
    const isThere = table === undefined || tables.some((one) => one.database === database && one.name === table);
    if (!isThere || interrupted.has(key) || goesWhole(verdicts, key)) return [];
    const asked = wanted.cells.get(key)?.all;
    const gone = [...extent].filter((column) => asked?.has(column) === true && end.get(key)?.has(column) !== true);
    return gone.length === 0 ? [] : [`${key} lost ${gone.join(', ')}`];
  });
}

const sending = (waits: readonly number[]) => ({
  lanes: 4,
  tries: 12,
  pause: () => sleep(1),
  waits,
  wait: (milliseconds: number) => sleep(milliseconds),
  signal: new AbortController().signal,
  onAnswer: () => undefined,
});

/** Milliseconds after which a call counts as unanswered where some are left hanging. */
const impatient = 100;

/** A run in bad weather, or one that is killed: it may be defeated before it has read anything. */
async function roughly(
  scene: Scene,
  made: Run,
  { faults = [], kill, vanished = [], dropped = [] }: LawRun,
): Promise<ReadonlySet<string>> {
  const { emulator } = scene;
  // A client of its own, as another process has: the library remembers how far the service's clock is off.
  const timeout = faults.some(({ kind }) => kind.startsWith('hang')) ? impatient : undefined;
  const lake = await lakeAt(emulator, timeout);
  const accounts = enteredIn(made.declaration, made.history ?? { commits: [] });
  const consumers = await Promise.all(
    accounts.map(([account]) =>
      consumerAt(account, vanished.includes(account) ? 'vanished' : 'meshgate-apply', timeout),
    ),
  );
  const doomed = kill === undefined ? undefined : mortal(kill.write, kill.when === 'after');
  let interrupted: ReadonlySet<string> = new Set();
  emulator.setFaults(faults);
  try {
    const planned = await plan(made, lake, consumers);
    interrupted = interruptedBy(planned.plan);
    for (const one of dropped) await drop(emulator, one);
    await carryOut(planned, doomed?.in(lake) ?? lake, {
      ...sending([5, 10, 20]),
      consumers: consumers.map((one) => doomed?.in(one) ?? one),
    });
  } catch (thrown) {
    if (!(thrown instanceof LakeFailure || thrown instanceof Killed)) throw thrown;
  }
  await doomed?.atRest();
  emulator.setFaults([]);
  return interrupted;
}

/** What the command line makes of a run's files. */
type Reading = Pick<Run, 'declaration' | 'history'> & Pick<Made, 'changes'>;

/** A run as it is made, what changed with its files, and which of them nothing proves. */
type Made = { readonly made: Run; readonly changes: Changes | undefined; readonly unproven: ReadonlySet<string> };

async function runOf(
  { repository, readings }: Scene,
  run: LawRun,
  files: Readonly<Record<string, unknown>>,
): Promise<Made> {
  const key = JSON.stringify([files, run.past]);
  const reading = readings.get(key) ?? readingOf(run, files);
  readings.set(key, reading);
  const { changes, ...read } = reading;
  const now = new Date(`${today}T12:00:00Z`);
  if (repository !== undefined) return await repository.commit(files, now);
  const unproven = new Set(run.unproven);
  return { made: { ...read, approvals: [provenBut(unproven)], commit: null, now }, changes, unproven };
}

/** What the command line makes of a run's files; throws where they are refused. */
function readingOf(run: LawRun, files: Readonly<Record<string, unknown>>): Reading {
  const past = pastOf(run, files);
  const history = historyFrom([...past, files].map((version) => meshFilesOf(version)));
  return { declaration: declarationOf(files), history, changes: changesSince(past.at(-1), files) };
}

function declarationOf(files: Readonly<Record<string, unknown>>): Declaration {
  const result = declare(meshFilesOf(files));
  if (!result.ok) throw new InvalidCase(problemsText(result.problems, false));
  return result.declaration;
}

/** The products and subscriptions that are not as they were; undefined where all are. */
function changesSince(
  former: Readonly<Record<string, unknown>> | undefined,
  files: Readonly<Record<string, unknown>>,
): Changes | undefined {
  if (former === undefined) return undefined;
  const changed = changedPaths(former, files);
  return changed.length === 0 ? undefined : { since, files: changed, before: declarationOf(former) };
}

/** Law 4: what another mesh did in the meantime leaves a mesh nothing to do; what it could not do before is for law 2 to judge. */
async function neighbours(scene: Scene, steps: ReadonlyMap<number, Step>): Promise<void> {
  const { versions } = scene;
  const names = versions.map((files) => lawMeshOf(files).mesh.name);
  for (const name of new Set(names.slice(0, -1))) {
    const index = names.lastIndexOf(name);
    const run = scene.one.runs[index];
    if (name === names.at(-1) || run === undefined) continue;
    const { made } = await runOf(scene, run, versions[index] ?? {});
    const { plan: again } = await plan(made, scene.lake, await consumersOf(scene, made));
    const known = new Set(steps.get(index)?.after?.plan.changes.map(({ verb, key }) => `${verb} ${key}`));
    scene.ask(
      4,
      index,
      again.changes
        .map(({ verb, key }) => `${verb} ${key}`)
        .filter((text) => !known.has(text))
        .map((text) => `the neighbour left ${text}`),
    );
  }
}
