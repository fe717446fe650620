import { fold } from '../core/canonical.ts';
import { groupBy } from '../core/group.ts';
import { compileExpression } from '../core/pattern.ts';
import { legalPermissions } from '../core/permission.ts';
import { isForeignIamPrincipal, type Principal, passesOn, toPrincipal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import { resourceText } from '../core/resource.ts';
import type { CatalogEntry } from '../core/state.ts';
import type { PermissionName } from '../declare/files.ts';
import type { OldSubscription } from './old-table.ts';
import type { Right } from './rights.ts';

/** A subscription of the older table that does not become access, or not all of it. */
export interface Unkept {
  readonly id: string;
  readonly subscriber: string;
  readonly status: string;
  readonly message: string;
}

/** What a database's active subscriptions come to. */
export interface Recalled {
  /** Rights that the table says are there and the lake does not hold; they stand for no fact. */
  readonly missing: readonly Right[];
  readonly unkept: readonly Unkept[];
  /** What to note of each principal, by its identifier. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
}

/** Why a subscription is no access whatever the lake says; undefined for an active one on a database. */
export function notAccess({ status, database }: OldSubscription): string | undefined {
  if (status.toLowerCase() !== 'active') return `it is ${status.toLowerCase()}`;
  return database === undefined ? 'it names a domain or product by LF-Tag, no database' : undefined;
}

/** Compares the active subscriptions of a database with what the lake holds there. */
export function recall(
  subscriptions: readonly OldSubscription[],
  entry: CatalogEntry,
  held: readonly Right[],
  central: string,
): Recalled {
  const missing = new Map<string, Right>();
  const unkept: Unkept[] = [];
  const notes = new Map<string, string[]>();
  for (const one of subscriptions) {
    const principal = toPrincipal(one.subscriber);
    const tell = (message: string): void =>
      void unkept.push({ id: one.id, subscriber: one.subscriber, status: one.status, message });
    if (principal.kind === 'other' || principal.kind === 'iam-allowed-principals') {
      tell('the subscriber is no principal that can be given permissions');
      continue;
    }
    const reach = tablesOf(one, entry, central);
    const gone = reach.unknown.length === 0 ? [] : [`the catalog has no table ${reach.unknown.join(', ')}`];
    const lacking = lackingRights({ ...one, principal }, { entry, tables: reach.tables, central, held });
    for (const right of lacking.rights)
      missing.set(JSON.stringify([principal.id, right.resource, right.permission]), right);
    const absent = lacking.rights.length === 0 ? [] : [`the lake does not hold ${textOf(lacking.rights)}`];
    const said = [...gone, ...lacking.faults, ...absent];
    if (said.length > 0) tell(said.join('; '));
    notes.set(principal.id, [...(notes.get(principal.id) ?? []), ...notesOf(one)]);
  }
  return { missing: [...missing.values()], unkept, notes };
}

interface Reach {
  /** The tables; undefined for all, present and future. */
  readonly tables: readonly string[] | undefined;
  readonly unknown: readonly string[];
}

function tablesOf({ tables, tableArns }: OldSubscription, entry: CatalogEntry, central: string): Reach {
  const wanted = tableArns.length > 0 ? tableArns : tables;
  if (wanted.length === 0) return { tables: undefined, unknown: [] };
  const named = (text: string): readonly string[] => (entry.tables.has(fold(text)) ? [fold(text)] : []);
  const matched = (text: string): readonly string[] =>
    [...entry.tables.keys()].filter(compileExpression(text) ?? (() => false));
  const found = wanted.map((text) => {
    if (tableArns.length > 0) return { text, names: named(tableIn(text, entry, central) ?? '') };
    const names = named(text);
    return { text, names: names.length > 0 ? names : matched(text) };
  });
  return {
    tables: [...new Set(found.flatMap(({ names }) => names))].sort(compareText),
    unknown: found.filter(({ names }) => names.length === 0).map(({ text }) => text),
  };
}

/**
 * The table that an ARN names in a database of the central account; undefined for a table of elsewhere.
 * Source: https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html.
 */
function tableIn(arn: string, { database }: CatalogEntry, central: string): string | undefined {
  const match = /^arn:[^:]+:glue:[^:]*:(\d{12}):table\/([^/]+)\/([^/]+)$/.exec(arn.trim());
  const [, account, name = '', table] = match ?? [];
  return account === central && fold(name) === database.name ? table : undefined;
}

interface Lacking {
  readonly entry: CatalogEntry;
  readonly tables: Reach['tables'];
  readonly central: string;
  readonly held: readonly Right[];
}

function lackingRights(
  { permissions, grantable, principal }: OldSubscription & { readonly principal: Principal },
  { entry, tables, central, held }: Lacking,
): { readonly rights: readonly Right[]; readonly faults: readonly string[] } {
  const own = held.filter((right) => right.principal.id === principal.id);
  const legal = permissions.filter((one) =>
    (legalPermissions.table as readonly string[]).includes(one),
  ) as PermissionName[];
  const other = permissions.filter((one) => !(legal as readonly string[]).includes(one));
  const on = { catalog: central, database: entry.database.name };
  const option = (permission: string): boolean =>
    !isForeignIamPrincipal(principal, central) && (passesOn(principal) || grantable.includes(permission));
  const make = (resource: Right['resource'], permission: PermissionName): Right => ({
    principal,
    resource,
    permission,
    hasOption: option(permission),
    columns: 'all',
    facts: [],
  });
  const has = (permission: PermissionName, table?: string): boolean =>
    own.some(
      ({ resource, permission: held }) =>
        held === permission &&
        (resource.kind === 'all-tables' || (table !== undefined && 'table' in resource && resource.table === table)),
    );
  const onTables = legal.flatMap((permission) =>
    tables === undefined
      ? has(permission) || [...entry.tables.keys()].every((table) => has(permission, table))
        ? []
        : [make({ kind: 'all-tables', ...on }, permission)]
      : tables
          .filter((table) => !has(permission, table))
          .map((table) => make({ kind: 'table', ...on, table }, permission)),
  );
  const isOpen = own.some(({ resource, permission }) => resource.kind === 'database' && permission === 'DESCRIBE');
  const shared = onTables.length > 0 && !isOpen ? [make({ kind: 'database', ...on }, 'DESCRIBE')] : [];
  return {
    rights: [...shared, ...onTables],
    faults: other.length === 0 ? [] : [`${other.join(', ')} cannot be declared on tables`],
  };
}

function textOf(rights: readonly Right[]): string {
  const groups = groupBy(rights, ({ resource }) => resourceText(resource));
  return [...groups].map(([on, own]) => `${own.map(({ permission }) => permission).join(', ')} on ${on}`).join(', ');
}

/** What the table says of a subscription beside the access itself. */
function notesOf({ id, created, createdBy, updated, updatedBy, notes }: OldSubscription): readonly string[] {
  const by = (who: string | undefined): string => (who === undefined ? '' : ` by ${who}`);
  const asked = created === undefined ? '' : `, requested ${created}${by(createdBy)}`;
  const changed = updated === undefined ? '' : `, changed ${updated}${by(updatedBy)}`;
  const lines = [`Subscription ${id} of the older mesh${asked}${changed}.`, ...notes];
  return lines.map((line) => line.replaceAll(/\p{Cc}+/gu, ' '));
}
