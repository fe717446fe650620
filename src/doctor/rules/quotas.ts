import { aws } from '../../core/aws-command.ts';
import type { Check } from '../../core/diagnosis.ts';
import { nearLimit } from '../../core/sharing.ts';
import { finding, ok, unchecked, unread } from '../check.ts';
import { type LakeReading, shortList } from '../reading.ts';
import { ramCounts } from './ram-quotas.ts';
import { unreadDatabases } from './unread.ts';

/** Something that is counted, against the most that AWS takes. */
export interface Count {
  readonly what: string;
  readonly used: number;
  readonly most: number;
  /** Who or what comes nearest, where there are several. */
  readonly where?: string;
  readonly remedy: string;
  /** As Service Quotas calls the service, where it is not Lake Formation. */
  readonly service?: string;
}

// Sources: https://docs.aws.amazon.com/general/latest/gr/lake-formation.html,
// https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html,
// https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html and
// https://docs.aws.amazon.com/general/latest/gr/glue.html.
const limits = { administrators: 30, paths: 10_000, filters: 100, policies: 50, tables: 200_000 } as const;

/** What is said of what can be counted. */
export function checkQuotas(lake: LakeReading): readonly Check[] {
  const { settings, locations } = lake;
  const partial = partialList(lake);
  const counts = [
    ...(settings.isRead ? [administrators(settings.value.administrators.length)] : []),
    ...(locations.isRead ? [paths(locations.value.length)] : []),
    ...(partial === undefined ? [filters(lake), policies(lake)] : []),
    ...tables(lake),
    ...ramCounts(lake),
  ];
  const close = counts.filter(({ used, most }) => used >= most * nearLimit);
  const well = counts.filter((count) => !close.includes(count));
  return [
    ...close.map((count) => tell(lake, count)),
    ...(well.length === 0 ? [] : [ok('QUOTAS', well.map(countText).join(', '))]),
    ...(settings.isRead ? [] : [unread('QUOTAS', 'how many administrators there are', settings.failure)]),
    ...(locations.isRead ? [] : [unread('QUOTAS', 'how many locations are registered', locations.failure)]),
    ...(lake.shared === undefined || lake.shared.isRead
      ? []
      : [unread('QUOTAS', 'how much is on RAM shares', lake.shared.failure)]),
    ...unreadDatabases(lake, 'QUOTAS', 'how many tables there are'),
    ...(partial === undefined
      ? []
      : [
          unchecked('QUOTAS', 'how many data cells filters and LF-Tag policies a principal holds', {
            why: partial,
          }),
        ]),
  ];
}

/** Why what a principal holds in all cannot be counted, where it cannot. */
function partialList(lake: LakeReading): string | undefined {
  // A lake whose sweep takes too many calls is asked for what is declared alone.
  const isSwept = lake.observed.sweepPages !== undefined;
  return shortList(lake)?.message ?? (isSwept ? undefined : 'only what the mesh declares was asked for, to save calls');
}

function tell(lake: LakeReading, count: Count): Check {
  const { used, most, remedy } = count;
  const isFull = used >= most;
  return finding('QUOTAS', `${countText(count)}${isFull ? ': no more' : ''}`, {
    severity: isFull ? 'error' : 'warning',
    means: isFull ? 'AWS refuses one more' : 'AWS will refuse more soon',
    remedy,
    commands: [aws(lake, 'service-quotas', 'list-service-quotas', '--service-code', count.service ?? 'lakeformation')],
  });
}

function countText({ what, used, most, where }: Count): string {
  return `${what}: ${used.toLocaleString('en')} of ${most.toLocaleString('en')}${where === undefined ? '' : ` (${where})`}`;
}

function administrators(used: number): Count {
  return {
    what: 'data lake administrators',
    used,
    most: limits.administrators,
    remedy: 'take those away that are gone',
  };
}

function paths(used: number): Count {
  const remedy = 'register a path above several others in their place';
  return { what: 'registered locations', used, most: limits.paths, remedy };
}

/** The most filters that one principal has on one table. */
function filters({ observed }: LakeReading): Count {
  const names = new Map<string, Set<string>>();
  for (const { fact } of observed.facts.values()) {
    if (fact.kind !== 'grant' || fact.resource.kind !== 'data-cells-filter') continue;
    const { database, table, filter } = fact.resource;
    add(names, `${fact.principal} on ${database}.${table}`, filter);
  }
  const remedy = 'put conditions of several filters into one';
  return { what: 'data cells filters of one principal on one table', ...most(names), most: limits.filters, remedy };
}

/** The most LF-Tag policies that one principal has for one kind of resource. */
function policies({ observed }: LakeReading): Count {
  const expressions = new Map<string, Set<string>>();
  for (const { fact } of observed.facts.values()) {
    if (fact.kind !== 'grant' || fact.resource.kind !== 'lf-tag-policy') continue;
    const { covers, expression } = fact.resource;
    add(expressions, `${fact.principal} for ${covers.toLowerCase()}s`, JSON.stringify(expression));
  }
  const remedy = 'join expressions that differ in one value';
  return { what: 'LF-Tag policies of one principal', ...most(expressions), most: limits.policies, remedy };
}

function tables({ observed }: LakeReading): readonly Count[] {
  const sizes = [...observed.catalog.databases.values()].map(({ database, tables: in_ }) => ({
    where: database.name,
    used: in_.size,
  }));
  const [first] = sizes.sort((a, b) => b.used - a.used);
  const remedy = 'spread the tables over several databases';
  return first === undefined ? [] : [{ what: 'tables of one database', ...first, most: limits.tables, remedy }];
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}

function most(sets: ReadonlyMap<string, ReadonlySet<string>>): { readonly used: number; readonly where?: string } {
  const sorted = [...sets]
    .map(([where, { size: used }]) => ({ where, used }))
    .sort((a, b) => b.used - a.used || (a.where < b.where ? -1 : 1));
  return sorted[0] ?? { used: 0 };
}
