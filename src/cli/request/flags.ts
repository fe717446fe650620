import { resolvePermissions } from '../../core/access.ts';
import { builtInPresets } from '../../core/permission.ts';
import type { Problem } from '../../core/problem.ts';
import { didYouMean, listed } from '../../declare/closest.ts';
import type { Declaration } from '../../declare/declaration.ts';
import type { Access, ColumnChoice, Import, PermissionName } from '../../declare/files.ts';
import { classesOf } from '../../desire/classes.ts';
import type { RequestFlags } from '../../request/flags.ts';
import { until } from '../../request/until.ts';
import type { Wanted } from '../../request/wanted.ts';

/** What the flags ask for, as far as they say something, and every fault in them that the file cannot show. */
export interface Read {
  readonly wanted: Wanted | undefined;
  readonly problems: readonly Problem[];
}

/** What the flags are understood against. */
export interface Hearing {
  readonly declaration: Declaration;
  readonly today: string;
  /** How people know a flag: `--product`, or by the question of a form. */
  readonly called: (flag: keyof RequestFlags) => string;
}

/** Reads the flags; what names a table, column or principal wrongly is left to the rules of the files. */
export function wantedBy(flags: RequestFlags, { declaration, today, called }: Hearing): Read {
  const problems: Problem[] = [];
  const product = nameIn(
    flags.product,
    { flag: called('product'), what: 'product', names: declaration.products.keys() },
    problems,
  );
  const consumer = nameIn(flags.as, { flag: called('as'), what: 'account', names: consumers(declaration) }, problems);
  const end = flags.expires === undefined ? undefined : until(flags.expires, today);
  if (end !== undefined && 'fault' in end)
    problems.push({ code: 'BAD_DATE', message: `${called('expires')} ${flags.expires} ${end.fault}` });
  if (flags.purpose === undefined)
    problems.push({
      code: 'MISSING_OPTION',
      message: `${called('purpose')} is missing`,
      hint: 'say what the data will be used for',
    });
  if (flags.name !== undefined && !/^[a-z0-9][a-z0-9-]{0,62}$/.test(flags.name))
    problems.push({
      code: 'BAD_NAME',
      message: `${called('name')} ${flags.name} cannot be a name`,
      hint: 'names have lower-case letters, digits and hyphens, at most 63',
    });
  const access = accessBy(flags, { declaration, called }, problems);
  const brought = importBy(flags, { declaration, called, access }, problems);
  if (product === undefined || consumer === undefined || access === undefined) return { wanted: undefined, problems };
  const day = end !== undefined && 'day' in end ? end.day : undefined;
  const wanted: Wanted = {
    product,
    consumer,
    ...(flags.name === undefined ? {} : { name: flags.name }),
    // What is missing is told as such, not as too short.
    purpose: flags.purpose ?? 'to be said',
    ...(flags.principal === undefined ? {} : { principals: flags.principal }),
    access: [access],
    ...(brought === undefined ? {} : { import: brought }),
    ...(day === undefined ? {} : { expires: day }),
  };
  return { wanted, problems };
}

function accessBy(flags: RequestFlags, hearing: Omit<Hearing, 'today'>, problems: Problem[]): Access | undefined {
  const { called } = hearing;
  const { mesh } = hearing.declaration;
  const { table = [], location = [], database = false } = flags;
  const kinds = [table.length > 0, location.length > 0, database].filter(Boolean).length;
  if (kinds === 1) {
    const permissions = permissionsBy(flags.permission, { ...builtInPresets, ...mesh.value.presets });
    const columns = columnsBy(flags, hearing, problems);
    return {
      ...(table.length > 0 ? { tables: table } : database ? { database: true as const } : { locations: location }),
      ...(columns === undefined ? {} : { columns }),
      ...(flags.rows === undefined ? {} : { rows: flags.rows }),
      ...(location.length > 0 && flags.permission === undefined ? {} : { permissions }),
    };
  }
  const kindsOf = `${called('table')}, ${called('database')} and ${called('location')}`;
  const message = kinds === 0 ? 'nothing says what access is to' : `${kindsOf} are three requests`;
  problems.push({ code: 'MISSING_OPTION', message, hint: `give one of ${kindsOf}` });
  return undefined;
}

interface Bringing extends Omit<Hearing, 'today'> {
  readonly access: Access | undefined;
}

/** The link, and for its readers all that the account itself gets. */
function importBy(
  { import: database, region, reader = [] }: RequestFlags,
  { declaration, called, access }: Bringing,
  problems: Problem[],
): Import | undefined {
  if (database === undefined) {
    const alone = [
      ...(region === undefined ? [] : ['region' as const]),
      ...(reader.length === 0 ? [] : ['reader' as const]),
    ];
    for (const flag of alone)
      problems.push({
        code: 'MISSING_OPTION',
        message: `${called(flag)} says something of a resource link that has no name`,
        hint: `name it with ${called('import')}`,
      });
    return undefined;
  }
  const kind = access?.locations !== undefined ? 'locations' : access?.database === true ? 'database' : 'tables';
  const presets = declaration.mesh.value.presets ?? {};
  const given = resolvePermissions({ kind, permissions: access?.permissions }, presets) ?? [];
  const grants = [{ principals: reader, permissions: given as readonly PermissionName[] }];
  return {
    database,
    ...(region === undefined ? {} : { region }),
    ...(reader.length === 0 || given.length === 0 ? {} : { grants }),
  };
}

/** One word may be the name of a preset; Lake Formation's permissions are written in capitals. */
function permissionsBy(
  given: readonly string[] | undefined,
  presets: Readonly<Record<string, unknown>>,
): string | readonly PermissionName[] {
  const [first = 'read', ...rest] = (given ?? [])
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
  if (rest.length === 0 && Object.hasOwn(presets, first)) return first;
  // Whether each is a permission is for the schema to say.
  return [first, ...rest].map((text) => text.toUpperCase()) as PermissionName[];
}

function columnsBy(
  { column, exclude }: RequestFlags,
  { declaration, called }: Omit<Hearing, 'today'>,
  problems: Problem[],
): ColumnChoice | undefined {
  if (column !== undefined && exclude !== undefined) {
    problems.push({
      code: 'ONE_OF',
      message: `${called('column')} and ${called('exclude')} do not go together`,
      hint: 'name the columns to get, or those to leave out',
    });
    return undefined;
  }
  if (column !== undefined) return { include: column };
  if (exclude === undefined) return undefined;
  const [first = '', ...rest] = exclude;
  const classes = classesOf(declaration.mesh.value).map(({ name }) => name);
  return { exclude: rest.length === 0 && classes.includes(first) ? first : exclude };
}

interface Names {
  readonly flag: string;
  readonly what: string;
  readonly names: Iterable<string>;
}

function nameIn(given: string | undefined, { flag, what, names }: Names, problems: Problem[]): string | undefined {
  const all = [...names];
  if (given === undefined)
    problems.push({ code: 'MISSING_OPTION', message: `${flag} is missing`, hint: listed(all, `there is no ${what}`) });
  else if (!all.includes(given))
    problems.push({
      code: what === 'product' ? 'UNKNOWN_PRODUCT' : 'UNKNOWN_ACCOUNT',
      message: `${flag} ${given} is no ${what} of this mesh`,
      hint: didYouMean(given, all, listed(all, `there is no ${what}`)),
    });
  else return given;
  return undefined;
}

function consumers({ accounts }: Declaration): readonly string[] {
  return [...accounts].flatMap(([name, { value }]) => (value.roles.includes('consumer') ? [name] : []));
}
