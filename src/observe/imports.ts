import pLimit from 'p-limit';
import type { Hurried, LakeFailure, LakeReader } from '../core/lake.ts';
import { compareText } from '../core/problem.ts';
import type { CatalogEntry, Gap, Observed } from '../core/state.ts';
import { addFact, type Facts, filterGrants } from './facts.ts';
import { type OnGap, takesLong, unread } from './gaps.ts';
import type { Limited } from './limited.ts';
import { readSettings } from './observe.ts';
import { readOptIns } from './opt-ins.ts';
import { askFiltered, sweep } from './permissions.ts';

/** What of the central catalog is brought into a consumer's lake, as far as it decides what is read there. */
export interface Brought {
  /** The databases on which somebody may be opted in. */
  readonly hybrid: ReadonlySet<string>;
  /** The tables that have data cells filters which may be granted there; undefined where that cannot be told. */
  readonly limited: () => Promise<Limited>;
}

/** Reads a consumer's lake, and gives it up when the time for it is over: a gap like any other. */
export async function observeInTime(reader: LakeReader & Hurried, { hybrid, limited }: Brought): Promise<Observed> {
  const seen = await inTime(reader, () => observeImports(reader, hybrid));
  if (seen.gaps.some(({ code }) => code === 'NO_LAKE')) return seen;
  const tables = await limited();
  // What the central lake takes to tell is not the account's own time.
  return tables?.length === 0 ? seen : inTime(reader, () => withFilterGrants(reader, seen, tables));
}

async function inTime(reader: LakeReader & Hurried, read: () => Promise<Observed>): Promise<Observed> {
  const late = reader.hurry();
  const seen = await Promise.race([read(), late]);
  if (typeof seen !== 'string') {
    reader.relax();
    return seen;
  }
  reader.cut();
  return notRead(reader, { code: 'NO_LAKE', message: `the lake: ${seen}`, hint: takesLong, blocks: 'all' });
}

/**
 * Whether a listing was refused for a table that the account is not given now, and maybe for any of another catalog: nothing
 * reaches its people through it, or the sweep is all there is to see. Source: https://github.com/hashicorp/terraform-provider-aws/issues/38982.
 */
function isOfOthers({ code }: LakeFailure): boolean {
  return code === 'AccessDeniedException' || code === 'EntityNotFoundException';
}

/** A lake with the permissions on filters of these tables, which the sweep may have left out. */
export async function withFilterGrants(reader: LakeReader, seen: Observed, tables: Limited): Promise<Observed> {
  const gaps = [...seen.gaps];
  const gap = (found: Omit<Gap, 'lake'>): void => void gaps.push(gapIn(reader, found));
  const facts: Facts = new Map(seen.facts);
  const on = { reader, facts, gap, limit: pLimit(8), onProgress: () => undefined };
  if (tables !== undefined) await askFiltered(on, tables, isOfOthers);
  else
    gap({
      code: 'NO_FILTER_GRANTS',
      message: 'permissions on data cells filters: which tables have filters, the central lake does not tell',
      hint: 'see why in the gaps of the central lake, and allow the role lakeformation:ListDataCellsFilter there',
      blocks: 'all',
    });
  return { ...seen, facts, gaps, filterGrants: filterGrants(facts) };
}

/**
 * Reads a consumer's lake as far as the mesh has to do with it: its resource links, what it accepted, and all permissions,
 * each in one sweep, and who is opted in, where that is of interest on some databases of the central catalog. An account
 * that cannot be entered is a gap like any other, so that it does not stop the rest of the mesh.
 */
export async function observeImports(reader: LakeReader, hybrid: ReadonlySet<string>): Promise<Observed> {
  const gaps: Gap[] = [];
  const gap = (found: Omit<Gap, 'lake'>): void => void gaps.push(gapIn(reader, found));
  const facts: Facts = new Map();
  const databases = new Map<string, CatalogEntry>();
  let rows = 0;
  const count = (all: number): void => {
    rows = all;
  };
  try {
    const caller = await reader.caller();
    const on = { reader, facts, gap, limit: pLimit(8), onProgress: count };
    const [settings, pages] = await Promise.all([
      readSettings(reader, caller, gap),
      sweep(on, Promise.resolve(undefined)),
      readNames(reader, { facts, databases }),
      readAccepted(reader, facts, gap),
      readOptIns(reader, hybrid, { facts, gap }),
    ]);
    return {
      ...emptyLake(reader),
      caller,
      settings,
      catalog: { databases, unread: new Set() },
      facts,
      gaps: gaps.sort((a, b) => compareText(a.message, b.message)),
      filterGrants: filterGrants(facts),
      sweepPages: pages,
      rows,
    };
  } catch (thrown) {
    const hint = 'make the roles there with meshgate bootstrap, and see that they trust the role that runs Meshgate';
    return notRead(reader, { code: 'NO_LAKE', ...unread('the lake', thrown, hint), blocks: 'all' });
  }
}

function notRead(reader: LakeReader, gap: Omit<Gap, 'lake'>): Observed {
  return unreadLake(reader, gapIn(reader, gap));
}

/** A lake of which nothing is known but why. */
export function unreadLake(place: Pick<LakeReader, 'lake' | 'endpoint'>, why: Omit<Gap, 'lake'>): Observed {
  return { ...emptyLake(place), gaps: [{ ...why, lake: place.lake }] };
}

function gapIn({ lake }: LakeReader, gap: Omit<Gap, 'lake'>): Gap {
  return { ...gap, lake, message: `${lake}: ${gap.message}` };
}

function emptyLake({ lake, endpoint }: Pick<LakeReader, 'lake' | 'endpoint'>): Observed {
  return {
    lake,
    endpoint,
    caller: { account: '', arn: '' },
    settings: { administrators: [], readOnlyAdministrators: [] },
    catalog: { databases: new Map(), unread: new Set() },
    facts: new Map(),
    gaps: [],
    // Whether IAM alone decides on a table is a matter of the lake that owns it.
    openedByIam: new Set(),
    filterGrants: new Map(),
    sweepPages: undefined,
    rows: 0,
  };
}

/** What was accepted; where that cannot be told only accepting waits for it, which looks again itself. */
async function readAccepted(reader: LakeReader, facts: Facts, gap: OnGap): Promise<void> {
  try {
    for (const acceptance of await reader.accepted()) addFact(facts, acceptance);
  } catch (thrown) {
    const hint = 'let the role read what RAM shares: bootstrap prints its policy';
    gap({ code: 'NO_SHARES', ...unread('what is shared with it', thrown, hint), blocks: 'nothing' });
  }
}

/** The links; of the databases that are none the names alone, which no link can have. */
async function readNames(
  reader: LakeReader,
  { facts, databases }: { readonly facts: Facts; readonly databases: Map<string, CatalogEntry> },
): Promise<void> {
  const [catalog = ''] = reader.lake.split('/');
  for await (const page of reader.databases())
    for (const database of page) {
      const { name, target } = database;
      if (target === undefined) databases.set(name, { database, tables: new Map() });
      else addFact(facts, { kind: 'resource-link', lake: reader.lake, catalog, database: name, target });
    }
}
