import { columnsText, meetColumns } from '../core/columns.ts';
import type { Layer, Origin, Step } from '../core/explanation.ts';
import type { Grant, ResourceLink } from '../core/fact.ts';
import type { Sight } from '../core/hold.ts';
import { iamAllowedPrincipals, toPrincipal } from '../core/principal.ts';
import type { ObservedFact } from '../core/state.ts';
import { acceptancesOf, broughtBy } from './brought.ts';
import {
  catalogOf,
  extentOf,
  type Ground,
  grouped,
  type LocalGround,
  layerOf,
  named,
  type ThroughOf,
} from './layers.ts';
import { gives, type Target } from './target.ts';

/**
 * Every way in which a consumer's own lake lets somebody get at a target in the central catalog. A grant there gives
 * only what the account itself holds: https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html.
 */
export function localLayersOn(target: Target, throughOf: ThroughOf, ground: LocalGround): readonly Layer[] {
  const { observed, account, central, sight } = ground;
  const layers = [...observed.facts.values()].flatMap((live): readonly Layer[] => {
    const { fact } = live;
    if (fact.kind !== 'grant' || fact.resource.catalog !== catalogOf(central)) return [];
    const holder = toPrincipal(fact.principal);
    const given = gives(fact, target, sight);
    // What the account itself was given, its lake lists, too: that is the central lake's to tell.
    const through = given === 'no' || holder.id === account ? undefined : throughOf(holder);
    if (through === undefined) return [];
    const layer = layerOf({ live, fact, through, isTagged: given === 'maybe' }, ground);
    const needed = [...neededBy(fact, target, ground)];
    return [
      {
        ...layer,
        account: named(account, ground),
        on: extentOf(fact, central),
        isCertain: layer.isCertain && needed.every(({ state }) => state === 'there'),
        ...(needed[0]?.state === 'missing' && { isIdle: true }),
        path: [...needed, ...namesFor(fact, ground)],
      },
    ];
  });
  return grouped(layers);
}

/**
 * What the account itself holds for somebody in it whose lake was read, less what that lake passes on: nothing comes of
 * the rest.
 */
export function notPassedOn(layers: readonly Layer[], local: readonly Layer[], who: string): readonly Layer[] {
  const passed = new Set(local.flatMap(({ permissions, isIdle }) => (isIdle === true ? [] : permissions)));
  return layers.flatMap((layer): readonly Layer[] => {
    const permissions = layer.permissions.filter((one) => !passed.has(one));
    if (layer.through !== 'its account') return [layer];
    if (permissions.length === 0) return [];
    const notes = [`the account holds it, and its lake passes none of it on to ${who}`];
    return [{ ...layer, permissions, withGrantOption: [], isCertain: false, isIdle: true, notes }];
  });
}

/** What must be there for a grant in a consumer's lake to give anything: what the account holds, and that it was taken. */
function neededBy(local: Grant, target: Target, ground: LocalGround): readonly Step[] {
  const { central, account, sight } = ground;
  const who = named(account, ground).name ?? account;
  const found = [...central.observed.facts.values()].flatMap((live) => {
    const { fact } = live;
    const reach = fact.kind === 'grant' ? reachOf(fact, local, { target, account, sight }) : 'no';
    return fact.kind === 'grant' && reach !== 'no' ? [{ live, fact, reach }] : [];
  });
  const sure = found.filter(({ reach }) => reach === 'yes');
  const shown = sure.length > 0 ? sure : found;
  const gap = central.observed.gaps.find(({ blocks }) => blocks !== 'nothing');
  if (shown.length === 0) {
    const what = `${who} holds nothing of it in the central catalog`;
    if (gap !== undefined)
      return [{ what: `what ${who} holds of it`, state: 'unknown', why: gap.message, origins: [] }];
    return [{ what, state: 'missing', why: 'a grant in its own lake gives no more than that', origins: [] }];
  }
  const holding: Step = {
    what: `${who} holds ${[...new Set(shown.map(({ fact }) => heldText(fact, central)))].join(', and ')}`,
    state: sure.length > 0 ? 'there' : 'unknown',
    ...(sure.length === 0 && { why: 'whether that reaches it hangs on what was not read' }),
    origins: distinct(shown.flatMap(({ live }) => originsOf(live, central))),
  };
  const held = sure.map(({ fact }) => fact);
  return [holding, ...broughtBy(held, ground), ...acceptancesOf(held, local, ground)];
}

interface Reach {
  readonly target: Target;
  readonly account: string;
  readonly sight: Sight;
}

/** Whether something in the central catalog gives an account a part of what a grant in its lake passes on. */
function reachOf(held: Grant, local: Grant, { target, account, sight }: Reach): 'yes' | 'maybe' | 'no' {
  const holder = toPrincipal(held.principal);
  const isOrganization = holder.kind === 'organization' || holder.kind === 'organizational-unit';
  if (holder.id !== account && !isOrganization) return 'no';
  const permissions = [held.permission, local.permission];
  if (held.permission !== local.permission && !permissions.includes('ALL')) return 'no';
  const about = target.kind === 'everything' ? targetOf(local) : target;
  const both = about === undefined ? isSameDatabase(held, local) : bothGive(held, local, { about, sight });
  return both === 'yes' && isOrganization ? 'maybe' : both;
}

function bothGive(
  held: Grant,
  local: Grant,
  { about, sight }: { readonly about: Target; readonly sight: Sight },
): 'yes' | 'maybe' | 'no' {
  const answers = [held, local].map((one) => gives(one, about, sight));
  if (answers.includes('no')) return 'no';
  if (answers.includes('maybe')) return 'maybe';
  if (about.kind !== 'table' || about.column !== undefined) return 'yes';
  const [a, b] = [held, local].map((one) =>
    one.resource.kind === 'data-cells-filter' ? sight.filterColumns(one.resource) : (one.columns ?? 'all'),
  );
  if (a === undefined || b === undefined) return 'maybe';
  if (meetColumns(a, b) !== undefined) return 'yes';
  const columns = sight.catalog.databases.get(about.database)?.tables.get(about.table)?.columns ?? [];
  return columns.some(({ isPartitionKey }) => isPartitionKey) ? 'yes' : 'no';
}

function isSameDatabase({ resource: a }: Grant, { resource: b }: Grant): 'yes' | 'maybe' | 'no' {
  if (a.kind === 'lf-tag-policy' || b.kind === 'lf-tag-policy') return 'maybe';
  const isOnTables = a.kind === 'table' || a.kind === 'all-tables' || a.kind === 'data-cells-filter';
  return isOnTables && 'database' in b && a.database === b.database ? 'yes' : 'no';
}

/** What a grant is about; undefined for all tables, and for what LF-Tags choose. */
function targetOf({ resource }: Grant): Target | undefined {
  switch (resource.kind) {
    case 'catalog':
      return { kind: 'catalog' };
    case 'database':
      return { kind: 'database', database: resource.database };
    case 'table':
    case 'data-cells-filter':
      return { kind: 'table', database: resource.database, table: resource.table };
    case 'data-location':
      return { kind: 'location', location: resource.location };
    case 'all-tables':
    case 'lf-tag':
    case 'lf-tag-policy':
    case 'lf-tag-expression':
      return undefined;
  }
}

function heldText(fact: Grant, central: Ground): string {
  const { resource, columns = 'all', rows } = extentOf(fact, central);
  const some = `${columns === 'all' ? '' : `, columns: ${columnsText(columns)}`}${rows === undefined ? '' : `, rows: ${rows}`}`;
  const whose = toPrincipal(fact.principal).kind === 'account' ? '' : `, if it belongs to ${fact.principal},`;
  return `${fact.permission}${whose} on ${resource}${some}`;
}

/** The names under which somebody finds it in the account's own catalog: links, and the permission to see them. */
function namesFor(
  { resource, principal }: Grant,
  { lakes, central, account, ...ground }: LocalGround,
): readonly Step[] {
  if (!('database' in resource)) return [];
  const facts = lakes.flatMap((one) => [...one.facts.values()]);
  const isLink = (fact: ObservedFact['fact']): fact is ResourceLink =>
    fact.kind === 'resource-link' &&
    fact.target.catalog === catalogOf(central) &&
    fact.target.database === resource.database;
  const links = facts.filter(({ fact }) => isLink(fact));
  const why = 'without a name in its own catalog it is reached only under the id of the central one';
  if (links.length === 0)
    return [{ what: `a resource link to ${resource.database}`, state: 'missing', why, origins: [] }];
  return links.flatMap((live): readonly Step[] => {
    if (live.fact.kind !== 'resource-link') return [];
    const { database, lake } = live.fact;
    const [, region = ''] = lake.split('/');
    const name = lake === central.observed.lake.replace(/^[^/]*/, account) ? database : `${database} in ${region}`;
    const seen = facts.filter(
      ({ fact }) =>
        fact.kind === 'grant' &&
        fact.lake === lake &&
        !fact.grantOption &&
        fact.resource.kind === 'database' &&
        fact.resource.catalog === account &&
        fact.resource.database === database &&
        [principal, `${account}:IAMPrincipals`, iamAllowedPrincipals].includes(toPrincipal(fact.principal).id),
    );
    const origins = distinct(seen.flatMap((one) => originsOf(one, ground)));
    return [
      { what: `resource link ${name}`, state: 'there', origins: originsOf(live, ground) },
      seen.length > 0
        ? { what: `DESCRIBE on resource link ${name}`, state: 'there', origins }
        : { what: `DESCRIBE on resource link ${name}`, state: 'missing', why, origins },
    ];
  });
}

function originsOf(
  { key }: ObservedFact,
  { wanted, originsOf: of }: Pick<Ground, 'wanted' | 'originsOf'>,
): readonly Origin[] {
  const desired = wanted.get(key);
  return desired === undefined ? [] : of(desired);
}

function distinct(origins: readonly Origin[]): readonly Origin[] {
  return [...new Map(origins.map((origin) => [JSON.stringify(origin), origin])).values()];
}
