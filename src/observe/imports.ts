import pLimit from 'p-limit';
import { type Caller, LakeFailure, type LakeReader, type LakeSettings } from '../core/lake.ts';
import { compareText } from '../core/problem.ts';
import type { CatalogEntry, Gap, Observed } from '../core/state.ts';
import { addFact, type Facts, filterGrants } from './facts.ts';
import { type OnGap, unread } from './gaps.ts';
import { readSettings } from './observe.ts';
import { sweep } from './permissions.ts';

/**
 * Reads a consumer's lake as far as the mesh has to do with it: its resource links, and all permissions in one sweep.
 * An account that cannot be entered is a gap like any other, so that it does not stop the rest of the mesh.
 */
export async function observeImports(reader: LakeReader): Promise<Observed> {
  const gaps: Gap[] = [];
  const gap = (found: Omit<Gap, 'lake'>): void =>
    void gaps.push({ ...found, lake: reader.lake, message: `${reader.lake}: ${found.message}` });
  const facts: Facts = new Map();
  const databases = new Map<string, CatalogEntry>();
  let [caller, settings, rows]: [Caller, LakeSettings, number] = [nobody, nothing, 0];
  let pages: number | undefined;
  const count = (all: number): void => {
    rows = all;
  };
  try {
    caller = await reader.caller();
    const on = { reader, facts, gap, limit: pLimit(8), onProgress: count };
    [settings, pages] = await Promise.all([
      readSettings(reader, caller, gap),
      sweep(on, Promise.resolve(undefined)),
      readNames(reader, { facts, databases }),
      readAccepted(reader, facts, gap),
    ]);
  } catch (thrown) {
    if (!(thrown instanceof LakeFailure)) throw thrown;
    const hint = 'make the roles there with meshgate bootstrap, and see that they trust the role that runs Meshgate';
    gap({ code: 'NO_LAKE', ...unread('the lake', thrown, hint), blocks: 'all' });
  }
  return {
    lake: reader.lake,
    endpoint: reader.endpoint,
    caller,
    settings,
    catalog: { databases, unread: new Set() },
    facts,
    gaps: gaps.sort((a, b) => compareText(a.message, b.message)),
    // Whether IAM alone decides on a table is a matter of the lake that owns it.
    openedByIam: new Set(),
    filterGrants: filterGrants(facts),
    sweepPages: pages,
    rows,
  };
}

/** A lake of which nothing is known but why. */
export function unreadLake(
  { lake, endpoint }: Pick<LakeReader, 'lake' | 'endpoint'>,
  why: Omit<Gap, 'lake'>,
): Observed {
  return {
    lake,
    endpoint,
    caller: nobody,
    settings: nothing,
    catalog: { databases: new Map(), unread: new Set() },
    facts: new Map(),
    gaps: [{ lake, ...why }],
    openedByIam: new Set(),
    filterGrants: new Map(),
    sweepPages: undefined,
    rows: 0,
  };
}

const nobody: Caller = { account: '', arn: '' };
const nothing: LakeSettings = { administrators: [], readOnlyAdministrators: [] };

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
