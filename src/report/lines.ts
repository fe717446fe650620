import { type Columns, columnsText } from '../core/columns.ts';
import type { Fact } from '../core/fact.ts';
import type { Permission } from '../core/permission.ts';
import type { Change, Reason, Verb } from '../core/plan.ts';
import { compareText, type Place } from '../core/problem.ts';
import { resourceText } from '../core/resource.ts';
import { resourceOf } from '../core/sharing.ts';

/** Changes of one kind on one resource for one principal, folded into the line that people read. */
export interface Line {
  readonly verb: Verb;
  readonly product: string;
  /** The principal's identifier; empty for a change that concerns none. */
  readonly principal: string;
  /** What is given or taken: `SELECT, DESCRIBE`, `grant option on SELECT`, `pii_flag = true`. */
  readonly what: string;
  /** On what. */
  readonly on: string;
  /** The permissions of the line that carry the grant option; none where the option alone comes or goes. */
  readonly withGrantOption: readonly Permission[];
  readonly classes: readonly string[];
  readonly reason: Reason;
  readonly places: readonly Place[];
  readonly interrupts?: string;
  readonly note?: string;
  readonly updatedAt?: string;
  readonly updatedBy?: string;
  readonly changes: readonly Change[];
}

/** What a line says of the grant option: ` with grant option`, or on which permissions it is. */
export function optionText({ what, withGrantOption }: Line): string {
  const options = withGrantOption.join(', ');
  if (options === '') return '';
  return options === what ? ' with grant option' : ` with grant option on ${options}`;
}

/** How many columns of a list are named before the rest is counted. */
const namedColumns = 6;

/** Folds changes into lines, sorted by product and principal, what is taken away first. */
export function linesOf(changes: readonly Change[]): readonly Line[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = [
      change.product ?? '',
      principalOf(change),
      rank(change),
      onText(change),
      listsText(change),
      change.reason,
      change.verb,
      change.note ?? '',
    ].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups].sort(([a], [b]) => compareText(a, b)).map(([, group]) => toLine(group));
}

/** The whole lists, for two that begin alike are not one line. */
function listsText({ before, after }: Change): string {
  return JSON.stringify(
    [before, after].map((fact) => (fact?.kind === 'grant' && fact.columns !== 'all' ? (fact.columns ?? null) : null)),
  );
}

function rank({ verb }: Change): string {
  return verb === 'revoke' || verb === 'delete' ? '0' : '1';
}

function toLine(changes: readonly Change[]): Line {
  const [first] = changes;
  if (first === undefined) throw new RangeError('a line without a change');
  const last = changes.find(({ updatedAt }) => updatedAt !== undefined);
  const places = new Map(
    changes.flatMap(({ because }) => because.map(({ place }) => [`${place.file}:${place.line}`, place])),
  );
  const note = changes.find((change) => change.note !== undefined)?.note;
  const interrupts = changes.find((change) => change.interrupts !== undefined)?.interrupts;
  return {
    verb: first.verb,
    product: first.product ?? '',
    principal: principalOf(first),
    what: whatText(changes),
    on: onText(first),
    withGrantOption: permissionsOf(changes, false).length > 0 ? permissionsOf(changes, true) : [],
    classes: [...new Set(changes.flatMap(({ classes }) => classes))].sort(compareText),
    reason: first.reason,
    places: [...places].sort(([a], [b]) => compareText(a, b)).map(([, place]) => place),
    ...(interrupts === undefined ? {} : { interrupts }),
    ...(note === undefined ? {} : { note }),
    ...(last?.updatedAt === undefined ? {} : { updatedAt: last.updatedAt }),
    ...(last?.updatedBy === undefined ? {} : { updatedBy: last.updatedBy }),
    changes,
  };
}

function principalOf(change: Change): string {
  const fact = factOf(change);
  return fact?.kind === 'grant' || fact?.kind === 'association' || fact?.kind === 'opt-in' ? fact.principal : '';
}

function factOf({ after, before }: Change): Fact | undefined {
  return after ?? before;
}

/** What a line is about: the resource, and for SELECT the columns before and after. */
function onText({ after, before, account, region }: Change): string {
  const fact = after ?? before;
  const where = account === undefined ? '' : `, in account ${account}${region === undefined ? '' : ` (${region})`}`;
  return fact === undefined ? '' : `${objectText(fact)}${columnsChange(before, after)}${where}`;
}

/** The resource or object of a fact, in words. */
export function objectText(fact: Fact): string {
  switch (fact.kind) {
    case 'grant':
      return `${resourceText(fact.resource)}${fact.condition === undefined ? '' : ` when ${fact.condition}`}`;
    case 'data-cells-filter':
      return `data cells filter ${fact.name} on ${fact.database}.${fact.table}`;
    case 'catalog-parameter':
      return `database ${fact.database}`;
    case 'resource-link':
      return `resource link ${fact.database}`;
    case 'opt-in':
      return resourceText(fact.resource);
    case 'acceptance':
      return `the invitation of ${fact.catalog}`;
    case 'association':
      return resourceText(resourceOf(fact));
  }
}

function columnsChange(before: Fact | undefined, after: Fact | undefined): string {
  const [old, fresh] = [columnsOf(before), columnsOf(after)];
  if (old === undefined && fresh === undefined) return '';
  if (old !== undefined && fresh !== undefined) return columnsDifference(before, after, `${old} -> ${fresh}`);
  const text = fresh ?? old;
  return text === 'all' || text === undefined ? '' : `, columns: ${text}`;
}

/** Of two lists what comes and goes, since most of a long list stays. */
function columnsDifference(before: Fact | undefined, after: Fact | undefined, otherwise: string): string {
  const [old, fresh] = [listOf(before), listOf(after)];
  if (old === undefined || fresh === undefined) return `, columns: ${otherwise}`;
  const gone = old.filter((name) => !fresh.includes(name)).map((name) => `-${name}`);
  const come = fresh.filter((name) => !old.includes(name)).map((name) => `+${name}`);
  return gone.length + come.length === 0 ? '' : `, columns: ${[...gone, ...come].join(' ')}`;
}

function listOf(fact: Fact | undefined): readonly string[] | undefined {
  if (fact === undefined || !('columns' in fact) || fact.columns === undefined || fact.columns === 'all')
    return undefined;
  return 'only' in fact.columns ? fact.columns.only : undefined;
}

function columnsOf(fact: Fact | undefined): string | undefined {
  if (fact === undefined || !('columns' in fact)) return undefined;
  return fact.columns === undefined ? undefined : shortened(fact.columns);
}

/** A set of columns in words, the first few by name. */
export function shortened(columns: Columns): string {
  const names = columns === 'all' ? [] : 'only' in columns ? columns.only : columns.except;
  if (names.length <= namedColumns) return columnsText(columns);
  const start = columns !== 'all' && 'except' in columns ? 'all but ' : '';
  return `${start}${names.slice(0, namedColumns).join(', ')} and ${names.length - namedColumns} more`;
}

function whatText(changes: readonly Change[]): string {
  const [first] = changes;
  const fact = first && factOf(first);
  if (fact === undefined) return '';
  if (fact.kind === 'opt-in') return 'opt-in';
  if (fact.kind === 'data-cells-filter') return `rows: ${fact.rows ?? 'all'}`;
  if (fact.kind === 'catalog-parameter') return `${fact.name} = ${fact.value}`;
  if (fact.kind === 'acceptance')
    return fact.shares === 'tables' ? `tables of ${fact.database}` : `database ${fact.database}`;
  if (fact.kind === 'resource-link') return `target ${fact.target.database} of ${fact.target.catalog}`;
  if (fact.kind === 'association') return 'RAM share';
  const plain = permissionsOf(changes, false);
  // The grant option alone must not read as if the permission itself came or went.
  return plain.length > 0 ? plain.join(', ') : `grant option on ${permissionsOf(changes, true).join(', ')}`;
}

function permissionsOf(changes: readonly Change[], grantOption: boolean): readonly Permission[] {
  const names = changes.flatMap((change) => {
    const fact = factOf(change);
    return fact?.kind === 'grant' && fact.grantOption === grantOption ? [fact.permission] : [];
  });
  return [...new Set(names)].sort(compareText);
}
