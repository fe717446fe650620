import { type PermissionRow, rawResource } from '../core/canonical.ts';
import { type Fact, type Grant, keyOf } from '../core/fact.ts';
import type { Permission } from '../core/permission.ts';
import type { Change, Stage, Step } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';

/** One step of one change. */
export interface Task {
  readonly change: Change;
  readonly step: Step;
}

/** Cells of one principal and resource, folded into one entry of a batch. */
export interface Parcel {
  readonly entry: PermissionRow;
  readonly action: 'grant' | 'revoke';
  readonly tasks: readonly Task[];
}

/**
 * The tasks of one stage that change an object rather than a permission, those of one database, table or principal together: they
 * are read and written whole, or in conflict with each other. What is accepted is accepted together.
 */
export function objectLanes(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const lanes = new Map<string, Task[]>();
  for (const task of tasks) {
    const { fact } = task.step;
    if (fact.kind === 'grant') continue;
    const lane = laneOf(fact);
    const known = lanes.get(lane);
    if (known === undefined) lanes.set(lane, [task]);
    else known.push(task);
  }
  return [...lanes.values()];
}

function laneOf(fact: Exclude<Fact, Grant>): string {
  if (fact.kind === 'acceptance') return '';
  if (fact.kind === 'opt-in') return fact.principal;
  return 'table' in fact ? `${fact.database}.${fact.table}` : fact.database;
}

/** All tasks of the changes, by stage, in order. */
export function byStage(changes: readonly Change[]): readonly (readonly [Stage, readonly Task[]])[] {
  const stages = new Map<Stage, Task[]>();
  for (const change of changes)
    for (const step of change.steps) {
      const known = stages.get(step.stage);
      if (known === undefined) stages.set(step.stage, [{ change, step }]);
      else known.push({ change, step });
    }
  return [...stages].sort(([a], [b]) => a - b);
}

/**
 * Folds cells into entries, and entries into lanes: one for each principal, since Lake Formation
 * refuses concurrent changes for one (https://github.com/data-dot-all/dataall/issues/1572). With
 * `isFolded` off every permission is an entry of its own, so that one refusal hides no other: for a
 * revoke every cell, for a grant the permission with its grant option, since a grant to another account
 * without the option is refused.
 */
export function lanesOf(tasks: readonly Task[], isFolded: boolean): ReadonlyMap<string, readonly Parcel[]> {
  const folded = new Map<string, Task[]>();
  for (const task of tasks) {
    const { fact, action } = task.step;
    if (fact.kind !== 'grant' || (action !== 'grant' && action !== 'revoke')) continue;
    const key = isFolded ? entryKey(fact, action) : singleKey(fact, action);
    const known = folded.get(key);
    if (known === undefined) folded.set(key, [task]);
    else known.push(task);
  }
  const lanes = new Map<string, Parcel[]>();
  for (const [, group] of [...folded].sort(([a], [b]) => compareText(a, b))) {
    const parcel = toParcel(group);
    const lane = lanes.get(parcel.entry.principal);
    if (lane === undefined) lanes.set(parcel.entry.principal, [parcel]);
    else lane.push(parcel);
  }
  return lanes;
}

function singleKey(grant: Grant, action: string): string {
  const cell: Grant = action === 'grant' ? { ...grant, grantOption: false } : grant;
  return `${action} ${keyOf(cell)} ${JSON.stringify(grant.columns ?? 'all')}`;
}

function entryKey(grant: Grant, action: string): string {
  const anyCell: Grant = { ...grant, permission: 'ALL', grantOption: false };
  return `${action} ${keyOf(anyCell)} ${JSON.stringify(grant.columns ?? 'all')}`;
}

function toParcel(tasks: readonly Task[]): Parcel {
  const [first] = tasks;
  const grants = tasks.map(({ step }) => step.fact).filter((fact): fact is Grant => fact.kind === 'grant');
  const [grant] = grants;
  if (first === undefined || grant === undefined) throw new RangeError('a parcel without a grant');
  const options = names(grants.filter(({ grantOption }) => grantOption));
  // The service wants every permission with the grant option to be among the permissions as well.
  const all = names(grants);
  return {
    action: first.step.action === 'grant' ? 'grant' : 'revoke',
    entry: {
      principal: grant.principal,
      resource: rawResource(grant.resource, grant.columns),
      permissions: all,
      withGrantOption: options,
      ...(grant.condition === undefined ? {} : { condition: grant.condition }),
    },
    tasks,
  };
}

function names(grants: readonly Grant[]): readonly Permission[] {
  return [...new Set(grants.map(({ permission }) => permission))].sort(compareText);
}
