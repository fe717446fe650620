import { fold } from '../../core/canonical.ts';
import type { Origin } from '../../core/explanation.ts';
import { sightOf } from '../../core/hold.ts';
import { isKnown, nextApply } from '../../core/lifecycle.ts';
import { compareText } from '../../core/problem.ts';
import type { AskedFact, Cause } from '../../core/state.ts';
import type { SubscriptionRow } from '../../core/subscriptions.ts';
import { scopeOf } from '../../desire/scope.ts';
import { claimsOf, type Target, weigh } from '../../desire/sensitivity.ts';
import type { Asking } from '../../explain/absences.ts';

import type { Ground, LocalGround } from '../../explain/layers.ts';
import { approvedOf, isLiveIn, obstacleTo, type Seen } from '../../lifecycle/known.ts';
import { judge } from '../../plan/judge.ts';
import { loadHistory } from '../load-history.ts';
import { whyUnread } from './accounts.ts';
import type { Look } from './look.ts';
import { factsOf } from './rows.ts';

/** What explanations are told from: what is live, where the lake was read, and all that is or was asked. */
export interface Grounds {
  readonly sight: Ground['sight'];
  /** The central lake; undefined where it could not be read. */
  readonly ground?: Ground;
  /** The lakes of consumers that were looked at. */
  readonly locals: readonly LocalGround[];
  readonly askings: readonly Asking[];
}

/** Puts together what a look has found, for explanations. */
export async function groundsOf(look: Look, rows: readonly SubscriptionRow[], mesh: string): Promise<Grounds> {
  const { lake, names, wanted, declaration, asks } = look;
  const standing = new Map(rows.map((row) => [row.subscription, row]));
  const sight = sightOf(look.catalog, isKnown(lake) ? lake.observed.facts.values() : wanted.facts.values());
  const originOf = ({ place, subscription, product }: Cause): Origin => {
    const row = standing.get(subscription ?? '');
    return {
      place,
      ...(product !== undefined && { product }),
      ...(subscription !== undefined && { subscription }),
      ...(row && { state: row.state, why: row.why }),
    };
  };
  const live = (one: AskedFact): boolean | undefined => (isKnown(lake) ? isLiveIn(lake, one) : undefined);
  // What is only asked for in a pull request counts as missing, too.
  const keys = new Set([...asks.keys(), ...standing.keys()]);
  const ofSubscriptions = [...keys].map(
    (key): Asking => ({ facts: factsOf(look, key), isLive: live, originOf: ({ cause }) => originOf(cause) }),
  );
  const own = [...wanted.facts.values()].flatMap(({ key, wishes }) =>
    wishes.flatMap(({ fact, cause }) => (cause.subscription === undefined ? [{ key, fact, cause }] : [])),
  );
  const ofFiles: Asking = {
    facts: own,
    isLive: live,
    originOf: (one) => ({
      ...originOf(one.cause),
      ...(isKnown(lake) && { why: whyAbsent(one, lake) }),
    }),
  };
  const askings = [...ofSubscriptions, ofFiles];
  if (!isKnown(lake)) return { sight, askings, locals: [] };
  const scope = scopeOf(declaration, (await loadHistory(mesh)).commits);
  const ground: Ground = {
    observed: lake.observed,
    sight,
    wanted: wanted.facts,
    verdict: judge(scope, lake.observed),
    originsOf: ({ wishes }) => distinct(wishes.map(({ cause }) => originOf(cause))),
    classesOf: classesBy(look, sight),
    nameOf: (id) => names.get(id),
    unread: (account) => whyUnread(look, account),
  };
  const { region } = declaration.mesh.value.central;
  const locals = lake.others.flatMap((observed): readonly LocalGround[] => {
    const [account = '', where] = observed.lake.split('/');
    if (where !== region || whyUnread(look, account) !== undefined) return [];
    const lakes = lake.others.filter((one) => one.lake.startsWith(`${account}/`));
    return [{ ...ground, observed, verdict: judge(scope, observed), account, lakes, central: ground }];
  });
  return { sight, ground, locals, askings };
}

/** Why something is not there that a product or mesh.yaml gives itself. */
function whyAbsent(one: AskedFact, lake: Seen): string {
  const approved = approvedOf([one], lake);
  return obstacleTo(one, lake) ?? (approved.isProven ? nextApply : `${approved.reason}; ${approved.remedy}`);
}

function distinct(origins: readonly Origin[]): readonly Origin[] {
  return [...new Map(origins.map((origin) => [JSON.stringify(origin.place), origin])).values()];
}

/** The classes that a grant touches, in all products that it reaches. */
function classesBy({ declaration, catalog }: Look, sight: Ground['sight']): Ground['classesOf'] {
  const weighed = new Map(
    [...declaration.products.values()].map(({ value }) => [value, weigh(value, catalog.databases.get(value.database))]),
  );
  return ({ resource, permission, columns = 'all' }) => {
    if (!('database' in resource)) return [];
    const target: Target =
      resource.kind === 'table'
        ? { kind: 'table', table: resource.table, columns }
        : resource.kind === 'data-cells-filter'
          ? { kind: 'table', table: resource.table, columns: sight.filterColumns(resource) ?? 'all' }
          : { kind: resource.kind };
    const classes = [...weighed].flatMap(([product, sensitivity]) => {
      const isOn =
        fold(product.database) === resource.database && (!('table' in target) || claimsOf(product)(target.table));
      return isOn ? sensitivity.touched(permission, target) : [];
    });
    return [...new Set(classes)].sort(compareText);
  };
}
