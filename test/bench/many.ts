import type { Fault } from '../../src/emulator/faults.ts';
import type { JournalEntry } from '../../src/emulator/journal.ts';
import { type Emulator, runMeshgate, startEmulator, type Used } from './processes.ts';
import { countOf, planNothing } from './reading.ts';
import type { Row } from './row.ts';
import { accountOf, central } from './scene.ts';
import {
  makeMesh,
  rowsPerSubscription,
  type Size,
  seedOfMesh,
  sharedPerSubscription,
  type WholeMesh,
} from './whole-mesh.ts';

/** The most that a page holds: of ListPermissions, GetDatabases and RAM's listings. */
const page = { permissions: 1000, databases: 100, shares: 500 };
/** Entries of a subscription's grants, in the central lake and in the consumer's. */
const entriesPerSubscription = 4;
const batchLimit = 20;
const batches = ['BatchGrantPermissions', 'BatchRevokePermissions'] as const;

/** What a mesh of a size is called. */
function nameOf({ accounts, products, subscribers, tables }: Size): string {
  const count = (number: number, what: string): string => `${number.toLocaleString('en')} ${what}`;
  return [
    count(accounts, 'accounts'),
    count(products, 'products'),
    count(products * subscribers, 'subscriptions'),
    count(products * tables, 'tables'),
  ].join(', ');
}

/** What a measure stands on. */
export interface Standard {
  readonly calibration: number;
  /** The processor time of a mesh of a tenth, where it was measured. */
  readonly tenth?: number;
}

/** Plans a mesh in many accounts that is as its files ask: calls of the central lake and of the consumers', time and memory. */
export async function planMesh(size: Size, { calibration, tenth }: Standard): Promise<{ rows: Row[]; used: Used }> {
  const mesh = makeMesh(size);
  const emulator = await startEmulator(seedOfMesh(mesh, { held: true }));
  try {
    const { used, calls } = await planNothing(mesh, emulator, { flags: ['--max-old-space-size=4096'] });
    const work = `plan, nothing to do: ${nameOf(size)}`;
    return {
      used,
      rows: [
        ...centralRows(mesh, calls, work),
        ...consumerRows(mesh, calls, work),
        { work, what: 'processor time', value: used.seconds, measure: 'seconds' },
        { work, what: 'processor time / calibration', value: used.seconds / calibration, measure: 'times' },
        { work, what: 'peak memory', value: used.peakMB, measure: 'MB' },
        ...(tenth === undefined
          ? []
          : ([
              {
                work,
                what: 'processor time / that of a tenth',
                value: used.seconds / tenth,
                measure: 'times',
                most: 11,
              },
            ] as const)),
      ],
    };
  } finally {
    await emulator.stop();
  }
}

function centralRows(mesh: WholeMesh, calls: readonly JournalEntry[], work: string): readonly Row[] {
  const own = calls.filter(({ account, operation }) => account === central && operation !== 'AssumeRole');
  const pages = Math.ceil(mesh.rows / page.permissions);
  return [
    {
      work,
      what: 'central lake: ListPermissions calls',
      value: countOf(own, 'ListPermissions'),
      measure: 'calls',
      most: Math.floor(pages * 1.01),
      note: `${pages} pages of ${page.permissions}`,
    },
    {
      work,
      what: 'central lake: catalog calls',
      value: countOf(own, 'GetDatabase', 'GetTables'),
      measure: 'calls',
      most: 2 * mesh.products,
      note: 'one database and one page of tables for each product',
    },
    {
      work,
      what: 'central lake: all other calls',
      value: own.length - countOf(own, 'ListPermissions', 'GetDatabase', 'GetTables'),
      measure: 'calls',
      most: 5 + 2 * Math.ceil((3 * mesh.imported.length) / 500),
      note: 'identity, settings, filters, and the RAM shares, two pages for every 500',
    },
  ];
}

/** What reading a consumer's lake takes: its pages, and three calls. */
function readingOf(imports: number): number {
  const pages = (things: number, size: number): number => Math.max(1, Math.ceil(things / size));
  return (
    pages(imports * rowsPerSubscription, page.permissions) +
    pages(imports, page.databases) +
    pages(imports * sharedPerSubscription, page.shares) +
    // The role, the settings, and the invitations, of which there are none.
    3
  );
}

/** What looking again takes: neither the role nor the settings are asked for. */
function againIn(imports: number): number {
  return readingOf(imports) - 2;
}

/** What it takes to see that nothing waits to be accepted: the invitations, what was accepted, and those once more. */
function acceptingOf(imports: number): number {
  return 2 + Math.ceil((imports * sharedPerSubscription) / page.shares);
}

/** The calls about each consumer's account, by the index of the account. */
function byConsumer(mesh: WholeMesh, calls: readonly JournalEntry[]): readonly (readonly JournalEntry[])[] {
  return mesh.imported.map((_, index) => calls.filter((call) => whoseCall(call) === accountOf(index)));
}

/** The account that a call is about: that of the role which is taken on, or the caller's. */
function whoseCall({ operation, account, request }: JournalEntry): string {
  if (operation !== 'AssumeRole') return account;
  return (request as { readonly RoleArn?: string }).RoleArn?.split(':')[4] ?? '';
}

function consumerRows(mesh: WholeMesh, calls: readonly JournalEntry[], work: string): readonly Row[] {
  const own = byConsumer(mesh, calls);
  const bounds = mesh.imported.map(({ length }) => readingOf(length));
  const note = 'the role, the settings, invitations, and pages of permissions, databases and RAM resources';
  return [
    {
      work,
      what: "all consumers' lakes: calls",
      value: own.flat().length,
      measure: 'calls',
      most: bounds.reduce((sum, one) => sum + one, 0),
      note,
    },
    {
      work,
      what: "a consumer's lake: calls",
      value: Math.max(...own.map(({ length }) => length)),
      measure: 'calls',
      most: Math.max(...bounds),
      note,
    },
  ];
}

/** The wall time of a plan with every call taking its time, beside the longest chain of calls; and, with patience, that with an account that is silent. */
export async function meshLatency(
  size: Size,
  { latencyMs, patience }: { readonly latencyMs: number; readonly patience?: number },
): Promise<readonly Row[]> {
  const mesh = makeMesh(size);
  const emulator = await startEmulator(seedOfMesh(mesh, { held: true }), latencyMs);
  try {
    const { used } = await planNothing(mesh, emulator, { flags: ['--max-old-space-size=4096'] });
    // Who is calling comes first; then each page of the central lake's sweep needs the token of the one before.
    const chain = 1 + Math.ceil(mesh.rows / page.permissions);
    const work = `plan, ${latencyMs} ms a call: ${nameOf(size)}`;
    const rows: Row[] = [
      {
        work,
        what: 'wall time / the longest chain of calls',
        value: used.wall / ((chain * latencyMs) / 1000),
        measure: 'times',
        most: 1.3,
        note: `${chain} calls that each need the one before; ${used.seconds.toFixed(0)} s of processor time, ${used.wall.toFixed(0)} s in all`,
      },
    ];
    if (patience === undefined) return rows;
    await emulator.setFaults([{ kind: 'hang', account: slow }]);
    const args = ['plan', '--mesh', mesh.directory, '--trust-root', 'HEAD', '--quiet'];
    const silent = await runMeshgate(emulator, [...args, '--account-timeout', String(patience)]);
    if (silent.code !== 5 || !silent.out.includes('NO_LAKE'))
      throw new Error(`a plan without an account: ${silent.out.slice(-2000)}${silent.err}`);
    const what = 'wall time with an account that does not answer / without';
    const note = `--account-timeout ${patience}`;
    return [...rows, { work, what, value: silent.wall / used.wall, measure: 'times', note }];
  } finally {
    await emulator.stop();
  }
}

/** What a run from nothing came to. */
interface Made {
  readonly rows: readonly Row[];
  /** The calls of a plan after it. */
  readonly after: readonly Row[];
  readonly elsewhere: Elsewhere;
}

/** What a run did in all accounts but the one that may be slow. */
interface Elsewhere {
  readonly changes: number;
  /** Seconds from the first call to the last change. */
  readonly end: number;
}

/** The account that may be slow. */
const slow = accountOf(0);

function elsewhereIn(calls: readonly JournalEntry[]): Elsewhere {
  const made = calls.filter((call) => call.account !== slow && call.changes.length > 0);
  const [begun = 0] = calls.map(({ time }) => time);
  return {
    changes: made.reduce((sum, { changes }) => sum + changes.length, 0),
    end: (Math.max(...made.map(({ time }) => time)) - begun) / 1000,
  };
}

/** Makes everything anew: shares in the central lake, acceptances, links and grants in the consumers'. */
export async function applyMesh(size: Size): Promise<Made> {
  const mesh = makeMesh(size);
  const emulator = await startEmulator(seedOfMesh(mesh, { held: false }));
  const sum = (of: (imports: number) => number): number =>
    mesh.imported.reduce((all, { length }) => all + of(length), 0);
  const needed = sum((imports) => Math.ceil((imports * entriesPerSubscription) / batchLimit));
  try {
    const { used, calls } = await applyTo(mesh, emulator);
    const { calls: again } = await planNothing(mesh, emulator);
    const planned = `plan, nothing to do: ${nameOf(size)}`;
    const own = byConsumer(mesh, calls).flat();
    const work = `apply, everything new: ${nameOf(size)}`;
    const others = own.length - countOf(own, ...batches, 'CreateDatabase');
    const rows: readonly Row[] = [
      {
        work,
        what: 'central lake: batch calls',
        value: countOf(
          calls.filter(({ account }) => account === central),
          ...batches,
        ),
        measure: 'calls',
        most: Math.floor(needed * 1.02),
        note: `a lane for each account: ${needed} batches`,
      },
      {
        work,
        what: "consumers' lakes: batch calls",
        value: countOf(own, ...batches),
        measure: 'calls',
        most: Math.floor(needed * 1.02),
        note: `a lane in each account: ${needed} batches`,
      },
      {
        work,
        what: "consumers' lakes: links made",
        value: countOf(own, 'CreateDatabase'),
        measure: 'calls',
        most: mesh.subscriptions,
        note: 'Glue makes one at a time',
      },
      {
        work,
        what: "consumers' lakes: all other calls",
        value: others,
        measure: 'calls',
        most: sum((imports) => readingOf(0) + againIn(imports) + acceptingOf(imports)),
        note: 'reading before and after, and looking for what is to be accepted',
      },
      { work, what: 'processor time', value: used.seconds, measure: 'seconds' },
      { work, what: 'peak memory', value: used.peakMB, measure: 'MB' },
    ];
    const after = [...centralRows(mesh, again, planned), ...consumerRows(mesh, again, planned)];
    return { rows, after, elsewhere: elsewhereIn(calls) };
  } finally {
    await emulator.stop();
  }
}

async function applyTo(
  mesh: WholeMesh,
  emulator: Emulator,
  { args = [], code = 0 }: { readonly args?: readonly string[]; readonly code?: number } = {},
): Promise<{ readonly used: Used; readonly calls: readonly JournalEntry[] }> {
  await emulator.calls();
  const ledger = ['--ledger', `${mesh.directory}/../ledger.jsonl`];
  const used = await runMeshgate(emulator, [
    ...['apply', '--mesh', mesh.directory, '--trust-root', 'HEAD', '--quiet'],
    ...ledger,
    ...args,
  ]);
  if (used.code !== code) throw new Error(`apply ended with ${used.code}:\n${used.out.slice(-2000)}${used.err}`);
  return { used, calls: await emulator.calls() };
}

/** One account that answers a hundred times as slowly as the others, or not at all: what is left undone elsewhere, and when that ends. */
export async function oneSlow(
  size: Size,
  {
    latencyMs,
    patience,
    calm: known,
  }: { readonly latencyMs: number; readonly patience: number; readonly calm?: Elsewhere },
): Promise<readonly Row[]> {
  const mesh = makeMesh(size);
  const once = async (faults: readonly Fault[], code = 0): Promise<Elsewhere> => {
    const emulator = await startEmulator(seedOfMesh(mesh, { held: false }), latencyMs);
    try {
      await emulator.setFaults(faults);
      const { calls } = await applyTo(mesh, emulator, { args: ['--account-timeout', String(patience)], code });
      return elsewhereIn(calls);
    } finally {
      await emulator.stop();
    }
  };
  const calm = known ?? (await once([]));
  const cases = [
    { name: 'a hundred times as slow', faults: [{ kind: 'slow', ms: 99 * latencyMs, account: slow }], code: 0 },
    { name: 'silent', faults: [{ kind: 'hang', account: slow }], code: 5 },
  ] as const;
  const rows: Row[] = [];
  for (const { name, faults, code } of latencyMs === 0 ? cases.slice(1) : cases) {
    const found = await once(faults, code);
    const work = `apply, everything new, one account ${name}: ${nameOf(size)}`;
    rows.push(
      {
        work,
        what: 'changes left undone elsewhere',
        value: calm.changes - found.changes,
        measure: 'calls',
        most: 0,
        note: `of ${calm.changes.toLocaleString('en')}`,
      },
      {
        work,
        what: 'seconds until all is done elsewhere / without',
        value: found.end / calm.end,
        measure: 'times',
        note: `${calm.end.toFixed(1)} s without; --account-timeout ${patience}`,
      },
    );
  }
  return rows;
}
