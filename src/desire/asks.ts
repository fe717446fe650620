import { resolvePermissions } from '../core/access.ts';
import { locationOf } from '../core/canonical.ts';
import { foldText } from '../core/pattern.ts';
import { builtInPresets } from '../core/permission.ts';
import type { Access, ColumnChoice, Mesh } from '../declare/files.ts';

/**
 * One thing that an access entry asks, in the entry's own words: what it comes to in any catalog, and beside any
 * version of the other files. So two versions of a file can be compared without a catalog.
 */
export interface Ask {
  /** A principal's name; empty for the account itself. */
  readonly principal: string;
  /** `database`, `catalog`, `location <arn>`, or `table <name or pattern>`. */
  readonly on: string;
  /** A permission, or `preset <name>` for one that only mesh.yaml defines. */
  readonly permission: string;
  readonly option: Option;
  /** What limits SELECT. */
  readonly limits: Limits;
}

/** The grant option: on all permissions, as the kind of principal has it by default, or on those listed. */
type Option = 'all' | 'by default' | readonly string[];

type Limits = Pick<Access, 'columns' | 'rows' | 'filter'>;

/** Principals, and what is given to them. */
export interface Giving {
  readonly principals?: readonly string[];
  readonly access: readonly Access[];
}

/** Everything that a version of a file asks; undefined where it holds a field that is not known here. */
export function asksOf(giving: readonly Giving[], presets: Mesh['presets']): readonly Ask[] | undefined {
  const asks = giving.flatMap(({ principals = [''], access }) =>
    access.flatMap((entry) => {
      const found = asksOfEntry(entry, presets);
      return found === undefined ? [undefined] : principals.flatMap((principal) => found.map((ask) => ask(principal)));
    }),
  );
  return asks.some((ask) => ask === undefined) ? undefined : asks.flatMap((ask) => ask ?? []);
}

type AskFor = (principal: string) => Ask;

function asksOfEntry(entry: Access, presets: Mesh['presets']): readonly AskFor[] | undefined {
  const {
    tables,
    database,
    locations,
    describeDatabase,
    columns,
    rows,
    filter,
    permissions,
    withGrantOption,
    ...rest
  }: Access = entry;
  if (Object.keys(rest).some((key) => !key.startsWith('x-'))) return undefined;
  const kind = locations !== undefined ? 'locations' : database === true ? 'database' : 'tables';
  const option = (principal: string): Option => withGrantOption ?? (principal === '' ? 'all' : 'by default');
  const limits: Limits = {
    ...(columns && { columns }),
    ...(rows === undefined ? {} : { rows }),
    ...(filter === undefined ? {} : { filter }),
  };
  const on =
    kind === 'locations'
      ? (locations ?? []).map((path) => `location ${locationOf(path)}`)
      : kind === 'database'
        ? ['database']
        : (tables ?? []).map((text) => `table ${foldText(text)}`);
  const asked = on.flatMap((target) =>
    permissionsIn({ kind, permissions }, presets).map(
      (permission): AskFor =>
        (principal) => ({
          principal,
          on: target,
          permission,
          option: option(principal),
          limits: limitsOn(permission, limits),
        }),
    ),
  );
  const describes = kind === 'tables' && describeDatabase !== false;
  return describes ? [...asked, describeTheDatabase] : asked;
}

const describeTheDatabase: AskFor = (principal) => ({
  principal,
  on: 'database',
  permission: 'DESCRIBE',
  option: principal === '' ? 'all' : 'by default',
  limits: {},
});

/**
 * A preset of mesh.yaml is asked for by its name, and with it what it holds: so whoever had the preset may ask for a
 * part of it, and nobody who had the part gets what mesh.yaml may make of the preset.
 */
function permissionsIn(
  written: Parameters<typeof resolvePermissions>[0],
  presets: Mesh['presets'] = {},
): readonly string[] {
  const { permissions } = written;
  const isOwn = typeof permissions === 'string' && !Object.hasOwn(builtInPresets, permissions);
  return [...(isOwn ? [presetWord(permissions)] : []), ...(resolvePermissions(written, presets) ?? [])];
}

function presetWord(name: string): string {
  return `preset ${name}`;
}

function isPreset(permission: string): boolean {
  return permission.startsWith('preset ');
}

function limitsOn(permission: string, limits: Limits): Limits {
  return permission === 'SELECT' || isPreset(permission) ? limits : {};
}

/** Whether every ask of `after` is one that some ask of `before` includes. */
export function coversAsks(before: readonly Ask[], after: readonly Ask[]): boolean {
  return after.every((ask) => before.some((one) => coversAsk(one, ask)));
}

function coversAsk(a: Ask, b: Ask): boolean {
  return (
    a.principal === b.principal &&
    a.permission === b.permission &&
    (a.on === b.on || (a.on === 'table *' && b.on.startsWith('table '))) &&
    coversOption(a.option, b) &&
    coversLimits(a.limits, b.limits)
  );
}

function coversOption(a: Option, { option: b, permission }: Ask): boolean {
  if (a === 'all') return true;
  const given = typeof b === 'string' ? undefined : b.filter((one) => isPreset(permission) || one === permission);
  if (a === 'by default') return given === undefined ? b === a : given.length === 0;
  return given === undefined ? a.includes(permission) : given.every((one) => a.includes(one));
}

function coversLimits(a: Limits, b: Limits): boolean {
  if (a.rows !== undefined && a.rows !== b.rows) return false;
  // Under another name it would be another filter, which somebody else may hold.
  if (b.filter !== undefined && b.filter !== a.filter) return false;
  return coversChoice(a.columns, b.columns);
}

function coversChoice(a: ColumnChoice | undefined, b: ColumnChoice | undefined): boolean {
  if (a === undefined) return true;
  if (b === undefined) return false;
  if (a.include !== undefined)
    return b.include !== undefined && isWithin(b.include, a.include) && isSameExclusion(a, b);
  if (b.include !== undefined) return false;
  if (typeof a.exclude !== 'object' || typeof b.exclude !== 'object') return isSameExclusion(a, b);
  return isWithin(a.exclude, b.exclude);
}

function isSameExclusion(a: ColumnChoice, b: ColumnChoice): boolean {
  return JSON.stringify(a.exclude) === JSON.stringify(b.exclude);
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  const names = new Set(all.map(foldText));
  return some.every((one) => names.has(foldText(one)));
}
