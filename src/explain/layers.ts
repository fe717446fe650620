import type { Extent, Footing, Layer, Origin, Through } from '../core/explanation.ts';
import { covers, type Grant, keyOf } from '../core/fact.ts';
import { reading, type Sight } from '../core/hold.ts';
import { hybridNote } from '../core/iam-access.ts';
import { type Principal, toPrincipal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import { resourceText } from '../core/resource.ts';
import type { DesiredFact, Observed, ObservedFact } from '../core/state.ts';
import type { Verdict } from '../plan/verdict.ts';
import { gives, type Target } from './target.ts';
import { hangsOn } from './through.ts';

/** What layers are told from. */
export interface Ground {
  readonly observed: Observed;
  readonly sight: Sight;
  /** What the files ask, whatever the day, by key. */
  readonly wanted: ReadonlyMap<string, DesiredFact>;
  readonly verdict: (fact: Grant) => Verdict;
  readonly originsOf: (wanted: DesiredFact) => readonly Origin[];
  /** The classes that a grant touches. */
  readonly classesOf: (fact: Grant) => readonly string[];
  readonly nameOf: (principal: string) => string | undefined;
  /** Why the lake of an account was not looked at; undefined where it was. */
  readonly unread: (account: string) => string | undefined;
}

/** A consumer's lake that was read, with the central one, on which hangs all that is passed on there. */
export interface LocalGround extends Ground {
  /** The account whose lake it is. */
  readonly account: string;
  /** All of its lakes that were read: what it was given is in the central catalog's region, links may be in others. */
  readonly lakes: readonly Observed[];
  readonly central: Ground;
}

/** The account whose catalog a lake is. */
export function catalogOf({ observed }: Ground): string {
  return observed.lake.split('/')[0] ?? '';
}

/** Whose layers are looked for: how they come by what a holder has, undefined where they do not. */
export type ThroughOf = (holder: Principal) => Through | undefined;

/** Every way in which somebody gets at a target, of what was read: grants, and what administrators and creators have without. */
export function layersOn(target: Target, throughOf: ThroughOf, ground: Ground): readonly Layer[] {
  const held: Layer[] = [];
  for (const live of ground.observed.facts.values()) {
    const { fact } = live;
    if (fact.kind !== 'grant') continue;
    const given = gives(fact, target, ground.sight);
    const through = given === 'no' ? undefined : throughOf(toPrincipal(fact.principal));
    if (through === undefined) continue;
    held.push(layerOf({ live, fact, through, isTagged: given === 'maybe' }, ground));
  }
  return [...grouped(held), ...implied(target, throughOf, ground)];
}

/** Layers with those that stand alike as one, sorted. */
export function grouped(layers: readonly Layer[]): readonly Layer[] {
  const groups = new Map<string, Layer>();
  for (const layer of layers) {
    const { permissions: _, withGrantOption: __, updatedAt: ___, ...rest } = layer;
    const key = JSON.stringify(rest);
    const known = groups.get(key);
    groups.set(key, known === undefined ? layer : together(known, layer));
  }
  return [...groups.values()].sort((a, b) => compareText(sortText(a), sortText(b)));
}

/** The layers by which their principals read data. */
export function readingOnly(layers: readonly Layer[]): readonly Layer[] {
  return layers.filter(({ permissions }) => permissions.some((one) => reading.some((name) => name === one)));
}

/** A grant that was read, and how whoever is asked about comes by it. */
export interface Held {
  readonly live: ObservedFact;
  readonly fact: Grant;
  readonly through: Through;
  readonly isTagged: boolean;
}

/** What one grant gives, as far as the lake that holds it tells. */
export function layerOf({ live, fact, through, isTagged }: Held, ground: Ground): Layer {
  const wanted = ground.wanted.get(live.key);
  const verdict = ground.verdict(fact);
  const holder = toPrincipal(fact.principal);
  const unread = ground.unread(holder.account ?? '');
  const condition = hangsOn(through, unread) ?? (holder.kind === 'account' ? undefined : untaken(unread));
  const wider = wanted !== undefined && !covers(wanted.fact, fact) ? ['it is wider than what the files ask'] : [];
  const tagged = isTagged ? [uncertain(fact)] : [];
  const said = 'note' in verdict && (through !== 'IAM' || verdict.note === hybridNote) ? [verdict.note] : [];
  return {
    principal: named(fact.principal, ground),
    through,
    isCertain: condition === undefined && !isTagged,
    permissions: fact.grantOption ? [] : [fact.permission],
    withGrantOption: fact.grantOption ? [fact.permission] : [],
    on: extentOf(fact, ground),
    footing: footingOf(verdict, wanted),
    notes: [
      ...wider,
      ...(condition === undefined ? [] : [condition]),
      ...tagged,
      ...(wanted === undefined ? said : []),
    ],
    classes: ground.classesOf(fact),
    origins: wanted === undefined ? [] : ground.originsOf(wanted),
    ...(live.updatedAt === undefined ? {} : { updatedAt: live.updatedAt }),
    ...(live.updatedBy === undefined ? {} : { updatedBy: live.updatedBy }),
  };
}

/** What a grant to somebody in another account hangs on, whom RAM brings it as it does the account. */
function untaken(unread: string | undefined): string | undefined {
  return unread && `only if its account has accepted what is shared with it, which was not read: ${unread}`;
}

function uncertain({ resource }: Grant): string {
  return resource.kind === 'data-cells-filter'
    ? 'which columns the data cells filter lets through is not known'
    : 'only if the LF-Tags of the resource fit, which were not read';
}

function footingOf(verdict: Verdict, wanted: DesiredFact | undefined): Footing {
  if (wanted !== undefined) return 'declared';
  return verdict.kind === 'managed' ? (verdict.isStrange === true ? 'unmanaged' : 'left over') : verdict.kind;
}

/** Permissions that stand alike in one layer; the time is that of the newest. */
function together(a: Layer, b: Layer): Layer {
  const both = (x: readonly string[], y: readonly string[]): readonly string[] => [...new Set([...x, ...y])].sort();
  const updatedAt = [a.updatedAt, b.updatedAt]
    .flatMap((one) => one ?? [])
    .sort()
    .at(-1);
  return {
    ...a,
    permissions: both(a.permissions, b.permissions),
    withGrantOption: both(a.withGrantOption, b.withGrantOption),
    ...(updatedAt === undefined ? {} : { updatedAt }),
  };
}

function sortText({ footing, through, principal, on }: Layer): string {
  return [
    through === 'itself' ? 0 : 1,
    footing === 'declared' ? 0 : 1,
    principal.name ?? principal.id,
    on.resource,
  ].join('\n');
}

/** What a grant reaches, with the columns and rows of a data cells filter as far as they are known. */
export function extentOf(
  { resource, columns = 'all' }: Grant,
  { sight, observed }: Pick<Ground, 'sight'> & { readonly observed?: Observed },
): Extent {
  const text = resourceText(resource);
  if (resource.kind !== 'data-cells-filter') return { resource: text, ...(columns !== 'all' && { columns }) };
  const { catalog, database, table, filter: name } = resource;
  const about = { lake: observed?.lake ?? '', catalog, database, table, name };
  const filter = observed?.facts.get(keyOf({ kind: 'data-cells-filter', ...about, rows: null, columns: 'all' }))?.fact;
  const read = sight.filterColumns(resource);
  return {
    resource: text,
    ...(read !== undefined && read !== 'all' && { columns: read }),
    ...(filter?.kind === 'data-cells-filter' && { rows: filter.rows ?? 'all' }),
  };
}

/** A principal with its name, where the files give it one. */
export function named(id: string, { nameOf }: Pick<Ground, 'nameOf'>): Layer['principal'] {
  const name = nameOf(id);
  return name === undefined ? { id } : { id, name };
}

/**
 * What needs no grant: an administrator describes everything and may grant itself anything, a creator has all rights on
 * its table (https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html).
 */
function implied(target: Target, throughOf: ThroughOf, ground: Ground): readonly Layer[] {
  const { settings, catalog } = ground.observed;
  const bare = { isCertain: true, withGrantOption: [], footing: 'implied', classes: [], origins: [] } as const;
  const of = (identifier: string, layer: Pick<Layer, 'permissions' | 'on' | 'notes'>): readonly Layer[] => {
    const holder = toPrincipal(identifier);
    const through = throughOf(holder);
    return through === undefined ? [] : [{ ...bare, ...layer, principal: named(holder.id, ground), through }];
  };
  const table = target.kind === 'table' ? catalog.databases.get(target.database)?.tables.get(target.table) : undefined;
  return [
    ...settings.administrators.flatMap((one) =>
      of(one, {
        permissions: ['DESCRIBE'],
        on: { resource: 'everything' },
        notes: ['a data lake administrator, who may grant any permission to anybody, and so to itself'],
      }),
    ),
    ...settings.readOnlyAdministrators.flatMap((one) =>
      of(one, {
        permissions: ['DESCRIBE'],
        on: { resource: 'everything' },
        notes: ['a read-only data lake administrator'],
      }),
    ),
    ...(table?.createdBy === undefined
      ? []
      : of(creatorOf(table.createdBy), {
          permissions: ['ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT'],
          on: { resource: `table ${target.kind === 'table' ? `${target.database}.${target.table}` : ''}` },
          notes: ['it created the table'],
        })),
  ];
}

/** The role of a session that created a table, as far as its ARN tells: it does not hold the role's path. */
function creatorOf(arn: string): string {
  const session = /^(arn:aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  return session === null ? arn : `${session[1]}:iam::${session[2]}:role/${session[3]}`;
}
