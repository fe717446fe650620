import { type Call, reading } from '../call.ts';
import type { TableSight } from '../glue/render.ts';
import { callerTexts, seesEverything } from '../grants/authority.ts';
import type { GrantView, StoredRow } from '../grants/grant-store.ts';
import { ownerView, receiverTexts } from '../grants/received.ts';
import { columnNames, type Database, type LakeView, type Table } from '../lake.ts';
import { noPermissions } from '../permission.ts';
import { iamAllowedPrincipals } from '../principal.ts';
import { placeOf } from '../resource.ts';
import { valuesUnder } from '../store/shelf.ts';
import { type Holding, holdingOf, intersection, nothing, rowsOnTable, union } from './holding.ts';
import { isOptedIn } from './opted-in.ts';
import { selects, tagsOf } from './tags.ts';

/** A catalog that the caller reads: its own, or another account's as far as it was shared. */
export interface Sight {
  readonly catalog: string;
  readonly region: string;
  readonly view: LakeView;
  /** The caller's own lake in that region, which keeps what was passed on within its account. */
  readonly home: LakeView;
}

/** The catalog that a request or a link names, or undefined where there is none. */
export function sightOn(call: Call, catalog: string, region = call.region): Sight | undefined {
  const home = reading(call, call.world.lake(call.caller.account, region));
  const view = catalog === call.caller.account ? home : ownerView(call, catalog, region);
  return view && { catalog, region, view, home };
}

/**
 * Says whether the caller sees a database: any permission on it shows it, and one on all its tables does.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
 */
export function seesDatabase(call: Call, sight: Sight, { name, createdBy }: Database): boolean {
  if (seesAll(call, sight) || createdBy === call.caller.arn) return true;
  const { catalog, view, home } = sight;
  const isHeld = (grants: GrantView, texts: readonly string[]): boolean =>
    texts.some((text) => rowsOnDatabase(view, grants, { catalog, name, text }).length > 0);
  const own = callerTexts(call);
  if (catalog === call.caller.account) {
    if (isHeld(view.grants, [...own, iamAllowedPrincipals])) return true;
  } else {
    const passesOn = seesEverything(call, home) || isHeld(home.grants, own);
    if (isHeld(view.grants, own) || (passesOn && isHeld(view.grants, accountTexts(call)))) return true;
  }
  const tables = tablesIn(view, name);
  // Who makes a table sees its database: https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
  if (catalog === call.caller.account && tables.some((table) => table.createdBy === call.caller.arn)) return true;
  return call.switches.tableGrantShowsDatabase && tables.some((table) => tableSight(call, sight, table) !== undefined);
}

/**
 * What the caller sees of a table, or undefined where it sees nothing of it. Partition keys are always shown, since
 * they cannot be filtered out. Whether DESCRIBE shows columns beyond those of a column-limited SELECT is not
 * documented; here it does not.
 */
export function tableSight(call: Call, sight: Sight, table: Table): TableSight | undefined {
  if (seesAll(call, sight) || table.createdBy === call.caller.arn)
    return { columns: 'all', hidesSchemaParameters: false };
  const { permissions, cells } = seen(call, sight, table);
  const all = columnNames(table).length;
  if (cells.some(({ columns, rows }) => columns.length === all && rows === undefined))
    return { columns: 'all', hidesSchemaParameters: false };
  if (cells.length > 0) return { columns: cells.flatMap(({ columns }) => columns), hidesSchemaParameters: true };
  return permissions === noPermissions ? undefined : { columns: 'all', hidesSchemaParameters: true };
}

/**
 * What the caller holds on a table of a catalog by grants: in its own account its own and, unless it is opted in, what
 * is left to IAM; in
 * another's what was given to it directly, and what was given to its account and passed on to it.
 */
export function holdingOn(call: Call, sight: Sight, table: Table): Holding {
  const { catalog, view, home } = sight;
  const held = (grants: GrantView, texts: readonly string[]): Holding =>
    holdingOf(
      view,
      table,
      texts.flatMap((text) => rowsOnTable(grants, text, catalog, table)),
    );
  const own = callerTexts(call);
  if (catalog === call.caller.account)
    return held(view.grants, isOptedIn(call, { ...sight, table }) ? own : [...own, iamAllowedPrincipals]);
  return union([held(view.grants, own), intersection(held(view.grants, accountTexts(call)), held(home.grants, own))]);
}

/** What another account has given to the caller's account, or to an organization it is in. */
export function givenToAccount(call: Call, { catalog, view }: Sight, table: Table): Holding {
  if (catalog === call.caller.account) return nothing;
  return holdingOf(
    view,
    table,
    accountTexts(call).flatMap((text) => rowsOnTable(view.grants, text, catalog, table)),
  );
}

/** The tables of a database. */
export function tablesIn(view: LakeView, database: string): readonly Table[] {
  return valuesUnder(view.tables, `${database}\u0000`);
}

/** What was shared with the account is there for its administrators; others need a grant of their own. */
function seen(call: Call, sight: Sight, table: Table): Holding {
  const held = holdingOn(call, sight, table);
  return seesEverything(call, sight.home) ? union([held, givenToAccount(call, sight, table)]) : held;
}

function seesAll(call: Call, { catalog, view }: Sight): boolean {
  return catalog === call.caller.account && seesEverything(call, view);
}

/** The texts under which another account gives something to the whole of the caller's account. */
function accountTexts(call: Call): readonly string[] {
  const own = callerTexts(call);
  return receiverTexts(call).filter((text) => !own.includes(text));
}

/** The rows of a principal that show a database. */
function rowsOnDatabase(
  view: LakeView,
  grants: GrantView,
  { catalog, name, text }: { readonly catalog: string; readonly name: string; readonly text: string },
): readonly StoredRow[] {
  const tags = tagsOf(view, name);
  const places = [
    placeOf({ kind: 'database', catalog, database: name }),
    placeOf({ kind: 'all-tables', catalog, database: name }),
    placeOf({ kind: 'lf-tag-policy', catalog, resourceType: 'DATABASE', expression: [] }),
  ];
  return places
    .flatMap((place) => grants.held(text, place))
    .filter(({ permissions, resource, condition }) => {
      if (permissions === noPermissions || condition !== undefined) return false;
      return resource.kind !== 'lf-tag-policy' || selects(resource.expression, tags);
    });
}
