import { isDeepStrictEqual } from 'node:util';
import { keyOf } from '../../src/core/fact.ts';
import { type Change, type LeftAlone, type Plan, stages } from '../../src/core/plan.ts';
import { matcher } from './law-access.ts';
import type { LawMesh } from './law-mesh.ts';

/** The commit that changed files are compared with where there is no repository. */
export const since = '0123456789abcdef0123456789abcdef01234567';

/** How the plan of changed files is not the part of the whole plan that they can touch. */
export function strayed(
  { part, whole }: { readonly part: Plan; readonly whole: Plan },
  meshes: readonly LawMesh[],
): readonly string[] {
  const isTouched = touchedBy(meshes, new Set(part.scope?.files));
  return [
    ...differences('changes', thoughtOf(part), thoughtOf(whole).filter(isTouched)),
    ...differences(
      'withheld',
      part.withheld.flatMap(asWithheld),
      whole.withheld.filter(({ change }) => isTouched(change)).flatMap(asWithheld),
    ),
    ...differences('gaps', part.gaps, whole.gaps),
    ...(['unmanaged', 'protected'] as const).flatMap((list) =>
      surplus(list, part[list].map(asLeft), whole[list].map(asLeft)),
    ),
    ...(part.outside === null ? [] : ['the plan of changed files counts what it has not read']),
  ];
}

/** Also what a guard refuses: of a part nobody can say which share of the lake it is, so its guards refuse by number alone. */
function thoughtOf({ changes, refusals }: Plan): readonly Change[] {
  const all = [...changes, ...refusals.flatMap((refusal) => refusal.changes)].flatMap(asOfPart);
  return [...new Map(all.map((change) => [change.id, change])).values()].sort(({ id: a }, { id: b }) =>
    a < b ? -1 : 1,
  );
}

/**
 * A change as far as a part can tell it: RAM is not asked for a part, and which of the grants that an account loses goes last,
 * so that its share stays, hangs on all that it loses.
 */
function asOfPart({ note, ...change }: Change): readonly Change[] {
  const fact = change.after ?? change.before;
  if (fact?.kind === 'association') return [];
  if (fact?.kind !== 'grant' || !/^\d{12}|:organizations:|:iam::/.test(fact.principal))
    return [{ ...change, ...(note === undefined ? {} : { note }) }];
  const said = (note ?? '').split('; ').filter((one) => one !== '' && !one.includes('its RAM share goes'));
  const steps = change.steps.map((step) =>
    step.stage === stages.revokeReplaced ? { ...step, stage: stages.revoke } : step,
  );
  return [{ ...change, steps, ...(said.length === 0 ? {} : { note: said.join('; ') }) }];
}

interface Told {
  readonly verb?: string;
  readonly key?: string;
  readonly code?: string;
}

function asWithheld({ change, code }: Plan['withheld'][number]): readonly (Told & { readonly change: Change })[] {
  return asOfPart(change).map((one) => ({ code, verb: one.verb, key: one.key, change: one }));
}

function asLeft(one: LeftAlone): Told & LeftAlone {
  return { key: keyOf(one.fact), ...one };
}

function differences(list: string, found: readonly Told[], due: readonly Told[]): readonly string[] {
  if (isDeepStrictEqual(found, due)) return [];
  const [more, less] = [surplus(list, found, due), surplus(list, due, found, 'lacks')];
  return more.length + less.length === 0
    ? [`the plan of changed files has its ${list} in another order`]
    : [...more, ...less];
}

function surplus(list: string, these: readonly Told[], those: readonly Told[], verb = 'alone has'): readonly string[] {
  return these
    .filter((one) => !those.some((other) => isDeepStrictEqual(one, other)))
    .map((one) => `the plan of changed files ${verb} of its ${list} ${[one.code, one.verb, one.key].join(' ').trim()}`);
}

/** A second opinion on what files can touch, from their plain values. */
function touchedBy(meshes: readonly LawMesh[], files: ReadonlySet<string>): (change: Change) => boolean {
  const products = meshes.flatMap((mesh) =>
    Object.entries(mesh.products).flatMap(([id, product]) => (files.has(`products/${id}.yaml`) ? [product] : [])),
  );
  const entries = meshes.flatMap((mesh) =>
    Object.entries(mesh.subscriptions).flatMap(([path, { access }]) => {
      const product = mesh.products[path.split('/').slice(0, 2).join('/')];
      if (product === undefined || !files.has(`subscriptions/${path}.yaml`)) return [];
      return access.map((one) => ({ ...one, database: product.database }));
    }),
  );
  const databases = new Set([...products, ...entries].map(({ database }) => database));
  const wholly = new Set([
    ...products.map(({ database }) => database),
    ...entries.flatMap(({ database, tables }) => (tables?.includes('*') === true ? [database] : [])),
  ]);
  const locations = [...products, ...entries].flatMap((one) => one.locations ?? []);
  return ({ after, before }) => {
    const fact = after ?? before;
    const on = fact?.kind === 'grant' || fact?.kind === 'opt-in' ? fact.resource : fact;
    if (on === undefined) return false;
    if ('location' in on)
      return locations.some((path) =>
        `${on.location}/`.startsWith(`arn:aws:s3:::${path.slice(5)}/`.replace(/\/+$/, '/')),
      );
    if (!('database' in on)) return false;
    if (wholly.has(on.database)) return true;
    const table = 'table' in on ? on.table : undefined;
    if (table === undefined) return on.kind !== 'all-tables' && databases.has(on.database);
    return entries.some(
      ({ database, tables = [] }) => database === on.database && tables.some((text) => matcher(text)(table)),
    );
  };
}
