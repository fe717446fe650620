import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { type Court, type Judge, judgeOf } from '../../src/approve/judge.ts';
import { reader, readingOf } from '../../src/cli/record.ts';
import type { Person, Review } from '../../src/core/forge.ts';
import type { Catalog } from '../../src/core/state.ts';
import type { Declaration } from '../../src/declare/declaration.ts';
import { draft } from '../../src/declare/draft.ts';
import { layoutOf } from '../../src/declare/layout.ts';
import { fileHistoryOf } from '../../src/git/file-history.ts';
import { judgementIn } from '../../src/trust.ts';
import { observedOf } from './builders.ts';
import { meshFrom } from './problem-cases.ts';
import { type Content, type Files, type Merging, type Stand, TownHub } from './town-hub.ts';

/** A file as a scenario writes it: what is laid over the file before, text as it is, or null for no file. */
type Edit = null | string | Readonly<Record<string, unknown>>;
type Edits = Readonly<Record<string, Edit>>;

/** One event: exactly one of these. */
export interface Event {
  readonly open?: { readonly name: string; readonly by: string; readonly edits: Edits; readonly base?: string };
  readonly push?: { readonly to: string; readonly edits: Edits; readonly by?: string; readonly force?: true };
  readonly update?: string;
  readonly review?: {
    readonly of: string;
    readonly by: string;
    readonly says?: 'approve' | 'changes' | 'comment';
    readonly at?: number | 'gone';
  };
  readonly dismiss?: { readonly of: string; readonly by: string };
  readonly renew?: { readonly of: string; readonly by: string };
  readonly merge?: { readonly of: string; readonly how?: Merging; readonly result?: Edits };
  readonly direct?: Edits;
  readonly commitOf?: { readonly of: string; readonly at: number; readonly force?: true };
  readonly foxtrot?: Edits;
  readonly forward?: string;
  readonly force?: number;
  readonly trust?: 'here';
  readonly late?: true;
  readonly known?: true;
  readonly budget?: number;
  readonly catalog?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A sequence of events, and the files that are not proven after it, each with a part of the reason. */
export interface Scenario {
  readonly title: string;
  readonly base?: Edits;
  readonly events: readonly Event[];
  readonly unproven?: Readonly<Record<string, string>>;
  /** Why the stand-in for GitHub cannot play it. */
  readonly notOnHub?: string;
  /** What is said of files that are proven. */
  readonly by?: Readonly<Record<string, string>>;
}

interface Base {
  readonly people: Readonly<Record<string, Person>>;
  readonly files: Edits;
  readonly catalog: NonNullable<Event['catalog']>;
}

const folder = new URL('../cases/scenarios/', import.meta.url);

/** The files of scenarios. */
export function scenarioFiles(): readonly string[] {
  return readdirSync(folder).sort();
}

/** Holds what came of a scenario to what it expects: all files that are not proven, and no others. */
export function asExpected({ unproven: expected = {}, by = {} }: Scenario, { proofs }: Verdicts): void {
  const unproven = Object.fromEntries([...proofs].filter(([, proof]) => !proof.startsWith('proven: ')));
  expect(Object.keys(unproven).sort(), JSON.stringify(unproven)).toEqual(Object.keys(expected).sort());
  for (const [path, reason] of Object.entries(expected)) expect(unproven[path]).toContain(reason);
  for (const [path, proof] of Object.entries(by)) expect(proofs.get(path)).toContain(proof);
}

/** The scenarios of a file. */
export function scenariosIn(name: string): readonly Scenario[] {
  return parse(readFileSync(new URL(name, folder), 'utf8')) as readonly Scenario[];
}

const base = parse(readFileSync(new URL('../scenarios-base.yaml', folder), 'utf8')) as Base;

/** What came of a scenario: the proof of every file as text, and the judge who may be asked further. */
export interface Verdicts {
  readonly proofs: ReadonlyMap<string, string>;
  readonly judge: Judge;
}

/** Plays the events and judges every file that main then has; a directory serves one scenario after another. */
export async function play(scenario: Scenario, directory: string, start: Start = inMemory): Promise<Verdicts> {
  const { hub, root, catalog } = await played(scenario, start);
  const { forge } = hub.write(directory);
  const mesh = join(directory, 'mesh');
  return verdictsOn(hub.files(), catalog, { root, forge, history: await fileHistoryOf(mesh), read: reader(mesh) });
}

/** The same without git, which is a hundred times quicker. */
export async function playWithoutGit(scenario: Scenario, hub: TownHub): Promise<Verdicts> {
  const { root, catalog } = await played(scenario, () => hub);
  const { forge, history, blob } = hub.told();
  const read = async (path: string, id: string) => readingOf(path, Buffer.from(blob(id)));
  return verdictsOn(hub.files(), catalog, { root, forge, history, read });
}

async function played({ base: over = {}, events }: Scenario, start: Start) {
  const hub = await start(startOf(over), Object.values(base.people));
  let root = 0;
  let catalog = base.catalog;
  for (const event of events) {
    await happen(hub, event);
    if (event.trust !== undefined) root = hub.place();
    if (event.catalog !== undefined) catalog = { ...catalog, ...event.catalog };
  }
  return { hub, root, catalog };
}

/** The files that every scenario starts from, with a scenario's own laid over. */
export function startOf(over: Edits): Files {
  return edited(edited(new Map(), base.files), over);
}

async function verdictsOn(
  files: Files,
  catalog: NonNullable<Event['catalog']>,
  record: Omit<Court, 'weights' | 'narrows'>,
): Promise<Verdicts> {
  const observed = observedOf({ catalog: catalogOf(catalog) });
  const judge = judgeOf({ ...record, ...judgementIn(declarationOf(files), observed) });
  const proofs = new Map<string, string>();
  for (const path of files.keys()) {
    if (!('kind' in layoutOf(path))) continue;
    const blob = record.history.versions.get(path)?.at(-1)?.blob ?? '';
    const proof = await judge.proofOf(path, blob);
    proofs.set(path, proof.proven ? `proven: ${proof.by}` : `${proof.reason} | ${proof.remedy}`);
  }
  return { proofs, judge };
}

/** Where a scenario begins. */
export type Start = (files: Files, people: readonly Person[]) => Stand | Promise<Stand>;

const inMemory: Start = (files) => new TownHub(files);

/** Lets an event happen. */
export async function happen(hub: Stand, event: Event): Promise<void> {
  const { open, push, update, review, dismiss, renew, merge } = event;
  const { direct, commitOf, foxtrot, forward, force, late, known, budget } = event;
  if (open) {
    const { name, by, edits, base: branch } = open;
    const files = edited(hub.files(), edits);
    await hub.open(name, { by: person(by), files, ...(branch !== undefined && { base: branch }) });
  } else if (push?.force) await hub.forcePush(push.to, edited(hub.files(), push.edits));
  else if (push)
    await hub.push(
      push.to,
      edited(hub.files(push.to), push.edits),
      push.by === undefined ? undefined : person(push.by),
    );
  else if (update !== undefined) await hub.update(update);
  else if (review) {
    const { of, by, says = 'approve', at } = review;
    await hub.review(of, { by: person(by), says: said[says], ...(at !== undefined && { at }) });
  } else if (dismiss) await hub.dismiss(dismiss.of, person(dismiss.by));
  else if (renew) await hub.renew(renew.of, person(renew.by));
  else if (merge) {
    const { of, how = 'squash', result } = merge;
    await hub.merge(of, how, result && edited(hub.files(), result));
  } else if (direct) await hub.direct(edited(hub.files(), direct));
  else if (commitOf) await hub.pushCommitOf(commitOf.of, commitOf.at, commitOf.force);
  else if (foxtrot) await hub.foxtrot(edited(hub.files(), foxtrot));
  else if (forward !== undefined) await hub.forward(forward);
  else if (force !== undefined) await hub.force(force);
  else if (late) await hub.forget();
  else if (known) await hub.remember();
  else if (budget !== undefined) hub.budget = budget;
}

const said: Readonly<Record<'approve' | 'changes' | 'comment', Review['verdict']>> = {
  approve: 'approved',
  changes: 'changes requested',
  comment: 'comment',
};

function person(name: string): Person {
  const found = base.people[name];
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
}

/** Files with edits laid over them, fields of fields included; null takes a field or a file away. */
function edited(files: Files, edits: Edits): Files {
  const all = new Map(files);
  for (const [path, edit] of Object.entries(edits)) {
    const before = all.get(path);
    if (edit === null) all.delete(path);
    else if (typeof edit === 'string') all.set(path, edit);
    else if ('link' in edit || 'submodule' in edit) all.set(path, edit as Content);
    else {
      const old = typeof before === 'string' ? (parse(before) as Readonly<Record<string, unknown>>) : headOf(path);
      all.set(path, `${JSON.stringify(laid(old, edit), null, 1)}\n`);
    }
  }
  return all;
}

function headOf(path: string): Readonly<Record<string, unknown>> {
  const kinds: Readonly<Record<string, string>> = {
    'mesh.yaml': 'Mesh',
    accounts: 'Account',
    products: 'DataProduct',
    subscriptions: 'Subscription',
  };
  const kind = kinds[path.split('/')[0] ?? ''];
  return { apiVersion: 'meshgate/v1', kind, ...(kind === 'Subscription' && { purpose: 'A town needs to know.' }) };
}

function laid(
  before: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const all: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(over)) {
    const old = all[key];
    if (value === '~') delete all[key];
    else all[key] = isMapping(value) && isMapping(old) ? laid(old, value) : value;
  }
  return all;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the sound files say, whether they fit each other or not. */
function declarationOf(files: Files): Declaration {
  const texts = [...files].flatMap(([path, content]): [string, string][] =>
    typeof content === 'string' ? [[path, content]] : [],
  );
  const { mesh, accounts, products, subscriptions } = draft(meshFrom(texts)).draft;
  const fallback = draft(
    meshFrom([
      [
        'mesh.yaml',
        JSON.stringify(
          laid(headOf('mesh.yaml'), base.files['mesh.yaml'] as object as Readonly<Record<string, unknown>>),
        ),
      ],
    ]),
  ).draft.mesh;
  const root = mesh ?? fallback;
  if (root === undefined) throw new Error('the base has no mesh.yaml');
  return { mesh: root, accounts, products, subscriptions };
}

function catalogOf(databases: NonNullable<Event['catalog']>): Catalog {
  const entries = Object.entries(databases).map(([name, tables]) => {
    const listed = Object.entries(tables).map(
      ([table, columns]) =>
        [
          table,
          {
            name: table,
            kind: 'table' as const,
            columns: columns.map((column) => ({ name: column, isPartitionKey: false, parameters: {} })),
            parameters: {},
          },
        ] as const,
    );
    return [name, { database: { name, parameters: {} }, tables: new Map(listed) }] as const;
  });
  return { databases: new Map(entries) as unknown as Catalog['databases'], unread: new Set() };
}
