import { type Columns, columnsText } from '../../src/core/columns.ts';
import type { Fact, Grant } from '../../src/core/fact.ts';
import type { Change, LeftAlone, Plan } from '../../src/core/plan.ts';
import { resourceText } from '../../src/core/resource.ts';
import type { SeedGrant, SeedOptIn } from '../../src/emulator/seed.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';

/** Names for principals by identifier, the way lines show them. */
export type Names = ReadonlyMap<string, string>;

/** A plan in the lines of a case, sorted. */
export function planLines(plan: Plan, names: Names): readonly string[] {
  const lines = [
    ...changeLines(plan.changes, names),
    ...changeLines(
      plan.withheld.map(({ change }) => change),
      names,
      (change) => {
        const found = plan.withheld.find((one) => one.change === change);
        return `withheld ${found?.code} `;
      },
    ),
    ...changeLines(plan.leftOut, names, () => 'left-out '),
    ...plan.refusals.flatMap(({ code, changes }) => changeLines(changes, names, () => `refused ${code} `)),
    ...plan.gaps.map(({ code, blocks, database, table }) =>
      ['gap', code, 'blocks', blocks, ...[database, table].flatMap((part) => part ?? [])].join(' '),
    ),
    ...plan.problems.map(
      ({ code, message, place }) => `problem ${code} ${place.file.replace(/^mesh\//, '')}: ${message}`,
    ),
    ...plan.standing.map(({ kind, guard, scope, state }) =>
      [kind, ...(guard === undefined ? [] : [guard]), `${scope}: ${state}`].join(' '),
    ),

    ...plan.byHand.flatMap(({ account, steps }) =>
      steps.map(({ what }) => `by hand in ${nameOf(account, names)}: ${what}`),
    ),
    ...plan.notes
      .filter(({ code }) => code.startsWith('HOLD') || code.startsWith('STAKE'))
      .map(({ code, message }) => `note ${code} ${message}`),
    ...plan.unmanaged.map((one) => leftAloneLine('unmanaged', one, names)),
    ...plan.protected.map((one) => leftAloneLine('protected', one, names)),
    ...(plan.outside === 0 ? [] : [`outside ${plan.outside ?? 'not counted'}`]),
  ];
  return [...new Set(lines)].sort();
}

/** Changes that differ in permission and grant option alone, as one line each. */
function changeLines(changes: readonly Change[], names: Names, prefix = (_: Change): string => ''): readonly string[] {
  const groups = new Map<string, Grant[]>();
  const lines: string[] = [];
  for (const change of changes) {
    const fact = change.after ?? change.before;
    const head = `${prefix(change)}${signs[change.verb]}`;
    const tail = [
      ...change.classes.map((one) => `[${one}]`),
      ...(change.reason === 'desired' || change.reason === 'not desired' ? [] : [`(${change.reason})`]),
      ...(change.interrupts === undefined ? [] : ['(interrupts)']),
      ...(change.lake === centralLake ? [] : [`(in ${nameOf(change.lake.slice(0, 12), names)})`]),
    ];
    if (fact?.kind !== 'grant') {
      lines.push([head, objectText(change, names), ...tail].join(' '));
      continue;
    }
    const isShared = !change.lake.startsWith(fact.resource.catalog) && 'database' in fact.resource;
    const where = `${resourceText(fact.resource)}${isShared ? ' of central' : ''}`;
    const on = `${where}${columnsChange(change)} -> ${nameOf(fact.principal, names)}`;
    const key = JSON.stringify([head, `${on}${conditionText(fact)}`, tail]);
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  for (const [key, grants] of groups) {
    const [head, on, tail] = JSON.parse(key) as [string, string, string[]];
    lines.push([head, cellsText(grants, on), ...tail].join(' '));
  }
  return lines;
}

const centralLake = '111122223333/eu-west-1';

const signs = { grant: '+', create: '+', accept: '+', replace: '~', update: '~', revoke: '-', delete: '-' } as const;

function cellsText(grants: readonly Pick<Grant, 'permission' | 'grantOption'>[], on: string): string {
  const of = (option: boolean): string =>
    [...new Set(grants.filter(({ grantOption }) => grantOption === option).map(({ permission }) => permission))]
      .sort()
      .join(',');
  const [plain, option] = [of(false), of(true)];
  if (option === '') return `${plain} ${on}`;
  if (plain === '') return `${option} ${on} (option alone)`;
  return plain === option ? `${plain} ${on} (option)` : `${plain} ${on} (option ${option})`;
}

function columnsChange({ before, after }: Change): string {
  const [old, fresh] = [before, after].map((fact) => (fact?.kind === 'grant' ? fact.columns : undefined));
  if (old !== undefined && fresh !== undefined) return ` columns ${columnsText(old)} => ${columnsText(fresh)}`;
  const columns = fresh ?? old;
  return columns === undefined || columns === 'all' ? '' : ` columns ${columnsText(columns)}`;
}

function objectText({ before, after }: Change, names: Names): string {
  const fact = after ?? before;
  const was = before !== undefined && after !== undefined ? `${valueText(before)} => ` : '';
  if (fact?.kind === 'data-cells-filter')
    return `data cells filter ${fact.name} on ${fact.database}.${fact.table}: ${was}${valueText(fact)}`;
  if (fact?.kind === 'catalog-parameter') return `parameter ${fact.name} of ${fact.database}: ${was}${valueText(fact)}`;
  if (fact?.kind === 'acceptance') return `invitation to ${fact.shares} of ${fact.database}`;
  if (fact?.kind === 'resource-link') return `resource link ${fact.database}: ${was}${valueText(fact)}`;
  if (fact?.kind === 'opt-in') return `opt-in ${resourceText(fact.resource)} -> ${nameOf(fact.principal, names)}`;
  return '';
}

function valueText(fact: Fact): string {
  if (fact.kind === 'data-cells-filter') return `${fact.rows ?? 'all rows'} / ${columnsText(fact.columns)}`;
  if (fact.kind === 'resource-link') return `${fact.target.database} of ${fact.target.catalog}`;
  return fact.kind === 'catalog-parameter' ? fact.value : '';
}

function leftAloneLine(kind: string, { fact, note }: LeftAlone, names: Names): string {
  if (fact.kind !== 'grant') return `${kind} ${objectText({ after: fact } as Change, names)}: ${note}`;
  const columns = fact.columns === undefined || fact.columns === 'all' ? '' : ` columns ${columnsText(fact.columns)}`;
  const on = `${resourceText(fact.resource)}${columns} -> ${nameOf(fact.principal, names)}${conditionText(fact)}`;
  return `${kind} ${cellsText([fact], on)}: ${note}`;
}

function conditionText({ condition }: Pick<Grant, 'condition'>): string {
  return condition === undefined ? '' : ` when ${condition}`;
}

function nameOf(principal: string, names: Names): string {
  return names.get(principal) ?? principal;
}

/** What a lake holds: its permissions, filters and the parameters of its databases, as lines, sorted. */
export function snapshotLines({ atoms, filters, databases, optIns }: Snapshot, names: Names): readonly string[] {
  const groups = new Map<string, { permission: Grant['permission']; grantOption: boolean }[]>();
  for (const { principal, resource, permission, grantable, condition } of atoms) {
    const columns = resource.columns === undefined ? '' : ` columns ${columnsText(columnsOf(resource.columns))}`;
    const when = condition === undefined ? '' : ` when ${condition}`;
    const on = `${placeText(resource)}${columns} -> ${nameOf(principal, names)}${when}`;
    const cell = { permission: permission as Grant['permission'], grantOption: false };
    groups.set(on, [...(groups.get(on) ?? []), cell, ...(grantable ? [{ ...cell, grantOption: true }] : [])]);
  }
  return [
    ...[...groups].map(([on, cells]) => cellsText(cells, on)),
    ...filters.map(
      (filter) =>
        `data cells filter ${filter['Name']} on ${filter['DatabaseName']}.${filter['TableName']}: ${rowsText(filter)}`,
    ),
    ...optIns.map(({ principal, resource }) => `opt-in ${optInText(resource)} -> ${nameOf(principal, names)}`),
    ...databases.flatMap(({ name, parameters }) =>
      Object.entries(parameters).map(([key, value]) => `parameter ${key} of ${name}: ${value}`),
    ),
  ].sort();
}

function optInText(resource: Readonly<Record<string, unknown>>): string {
  const { Database, Table } = resource as {
    readonly Database?: { readonly Name: string };
    readonly Table?: { readonly DatabaseName: string; readonly Name?: string; readonly TableWildcard?: object };
  };
  if (Database !== undefined) return `database ${Database.Name}`;
  return Table?.TableWildcard === undefined
    ? `table ${Table?.DatabaseName}.${Table?.Name}`
    : `all tables of ${Table.DatabaseName}`;
}

function rowsText(filter: Readonly<Record<string, unknown>>): string {
  const { FilterExpression } = filter['RowFilter'] as { readonly FilterExpression?: string };
  const names = filter['ColumnNames'] as readonly string[] | undefined;
  const wildcard = filter['ColumnWildcard'] as { readonly ExcludedColumnNames?: readonly string[] } | undefined;
  const columns: Columns = names?.length
    ? { only: [...names].sort() }
    : (wildcard?.ExcludedColumnNames?.length ?? 0) > 0
      ? { except: wildcard?.ExcludedColumnNames ?? [] }
      : 'all';
  return `${FilterExpression ?? 'all rows'} / ${columnsText(columns)}`;
}

type AtomResource = Snapshot['atoms'][number]['resource'];

function columnsOf(columns: NonNullable<AtomResource['columns']>): Columns {
  return 'include' in columns ? { only: [...columns.include].sort() } : { except: [...columns.exclude].sort() };
}

function placeText({
  kind,
  database = '',
  table = '',
  filter,
  arn,
  tagKey,
  tagValues,
  resourceType,
  expression,
  name,
}: AtomResource): string {
  switch (kind) {
    case 'catalog':
      return 'catalog';
    case 'database':
      return `database ${database}`;
    case 'table':
      return `table ${database}.${table}`;
    case 'all-tables':
      return `all tables of ${database}`;
    case 'data-location':
      return `data location ${arn}`;
    case 'data-cells-filter':
      return `data cells filter ${filter} on ${database}.${table}`;
    default:
      return [kind, tagKey, tagValues, resourceType, JSON.stringify(expression), name]
        .filter((part) => part !== undefined)
        .join(' ');
  }
}

/** An opt-in of the seed, from the line that a snapshot shows for it, without its first word. */
export function seedOptIn(line: string, identifiers: ReadonlyMap<string, string>, account?: string): SeedOptIn {
  const [on = '', who = ''] = line.split(' -> ');
  return { principal: identifiers.get(who) ?? who, resource: seedResource(on, account) };
}

const grantForm = /^([A-Z_,]+) (.+?) -> (\S+)(?: \(option(?: ([A-Z_,]+))?\))?$/;

/** A grant of the seed, from the line that a snapshot shows for it. */
export function seedGrant(line: string, identifiers: ReadonlyMap<string, string>, account?: string): SeedGrant {
  const match = grantForm.exec(line);
  const [, list = '', on = '', who = '', options] = match ?? [];
  if (match === null) throw new Error(`not a grant: ${line}`);
  const permissions = list.split(',');
  const hasOption = /\(option[^)]*\)$/.test(line);
  return {
    principal: identifiers.get(who) ?? who,
    resource: seedResource(on, account),
    permissions,
    ...(hasOption ? { withGrantOption: options?.split(',') ?? permissions } : {}),
    lastUpdated: '2026-01-02T03:04:05Z',
    lastUpdatedBy: `arn:aws:iam::${account ?? '111122223333'}:role/${account === undefined ? 'admin' : 'meshgate'}`,
  };
}

const names = (text: string): string[] => text.split(/, ?/);

/** In another account's lake what is not its own is the central account's: `database sales of central`. */
function seedResource(text: string, account?: string): Readonly<Record<string, unknown>> {
  const isShared = account !== undefined && text.endsWith(' of central');
  const on = isShared ? text.slice(0, -' of central'.length) : text;
  const owner = isShared ? { CatalogId: '111122223333' } : {};
  const [, listed, DatabaseName, Name, kind, columns = ''] =
    /^(table) ([^. ]+)\.(\S+)(?: columns (only|all but) (.+))?$/.exec(on) ?? [];
  if (listed !== undefined && kind !== undefined)
    return {
      TableWithColumns: {
        ...owner,
        DatabaseName,
        Name,
        ...(kind === 'only'
          ? { ColumnNames: names(columns) }
          : { ColumnWildcard: { ExcludedColumnNames: names(columns) } }),
      },
    };
  if (listed !== undefined) return { Table: { ...owner, DatabaseName, Name } };
  const filter = /^data cells filter (\S+) on ([^. ]+)\.(\S+)$/.exec(on);
  if (filter !== null)
    return {
      DataCellsFilter: {
        TableCatalogId: '111122223333',
        Name: filter[1],
        DatabaseName: filter[2],
        TableName: filter[3],
      },
    };
  if (on === 'catalog') return { Catalog: {} };
  if (on.startsWith('database ')) return { Database: { ...owner, Name: on.slice('database '.length) } };
  if (on.startsWith('all tables of '))
    return { Table: { ...owner, DatabaseName: on.slice('all tables of '.length), TableWildcard: {} } };
  if (on.startsWith('data location ')) return { DataLocation: { ResourceArn: on.slice('data location '.length) } };
  throw new Error(`not a resource: ${on}`);
}
