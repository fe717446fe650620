import pLimit from 'p-limit';
import type { FactKey } from '../core/fact.ts';
import { batchLimit, LakeFailure, type LakeWriter } from '../core/lake.ts';
import { type Change, type Stage, stages } from '../core/plan.ts';
import { byStage, lanesOf, objectLanes, type Parcel, type Task } from './batch.ts';

/** What came of sending one change. */
export type Sent =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'already' }
  /** No answer, or one that leaves it open whether the change was made. */
  | { readonly kind: 'unknown'; readonly failure: LakeFailure }
  | { readonly kind: 'failed'; readonly failure: LakeFailure }
  | { readonly kind: 'skipped'; readonly reason: string };

/** How changes are sent. */
export interface Sending {
  readonly writer: LakeWriter;
  /** How many lanes are under way at once. */
  readonly lanes: number;
  /** Tries of one entry that keeps failing for a passing reason. */
  readonly tries: number;
  /** Waits so long before an entry is tried again, in milliseconds, doubling, drawn at random. */
  readonly pause: (attempt: number) => Promise<void>;
  /** Aborted, the batches in flight end and no other begins. */
  readonly signal: AbortSignal;
  /** Told of every answer. */
  readonly onAnswer: (task: Task, sent: Sent) => void;
  readonly isFolded: boolean;
}

/** Sends changes stage by stage; never throws for what the service says. */
export async function execute(changes: readonly Change[], sending: Sending): Promise<ReadonlyMap<string, Sent>> {
  const results = new Map<string, Sent>();
  const failedFilters = new Set<string>();
  const note = (task: Task, sent: Sent): void => {
    results.set(task.change.id, worse(results.get(task.change.id), sent));
    // Also where nobody knows whether it was made: a grant on it would be refused, and the next look tells.
    if (filterOf(task) !== '' && task.step.action !== 'grant' && !isDone(sent)) failedFilters.add(filterOf(task));
    sending.onAnswer(task, sent);
  };
  const limit = pLimit(sending.lanes);
  const ids = new Map(changes.map(({ key, id }) => [key, id]));
  for (const [, tasks] of byStage(changes)) {
    const ready = tasks.filter((task) => isReady(task, { results, ids, failedFilters, sending, note }));
    const lanes = [...lanesOf(ready, sending.isFolded).values()];
    await Promise.all([
      ...lanes.map((lane) => limit(() => runLane(lane, sending, note))),
      ...objectLanes(ready).map((lane) => limit(() => runObjects(lane, sending, note))),
    ]);
  }
  return results;
}

type Note = (task: Task, sent: Sent) => void;

interface Progress {
  readonly results: ReadonlyMap<string, Sent>;
  /** The id of the change of each fact. */
  readonly ids: ReadonlyMap<FactKey, string>;
  readonly failedFilters: ReadonlySet<string>;
  readonly sending: Sending;
  readonly note: Note;
}

/** A later step of a change waits for the earlier ones, and a grant on a data cells filter for the filter. */
function isReady(task: Task, { results, ids, failedFilters, sending, note }: Progress): boolean {
  const own = results.get(task.change.id);
  if (own !== undefined && !isDone(own)) {
    note(task, { kind: 'skipped', reason: 'the step before it did not succeed' });
    return false;
  }
  if (sending.signal.aborted) {
    note(task, { kind: 'skipped', reason: 'the run was interrupted' });
    return false;
  }
  const isMissing = (key: FactKey): boolean => !isDone(results.get(ids.get(key) ?? ''));
  const reason = waiting[task.step.stage];
  if (reason !== undefined && task.change.waitsFor?.some(isMissing) === true) {
    note(task, { kind: 'skipped', reason });
    return false;
  }
  if (failedFilters.has(filterOf(task)) && (task.step.action === 'grant' || task.step.action === 'delete')) {
    const isGrant = task.step.action === 'grant';
    const reason = isGrant ? 'its data cells filter could not be made' : 'a grant on it could not be revoked';
    note(task, { kind: 'skipped', reason });
    return false;
  }
  return true;
}

/** The stages in which a change waits for others, each with what is said where they did not come to pass. */
const waiting: Readonly<Partial<Record<Stage, string>>> = {
  [stages.optIn]: 'a permission of its principal could not be granted',
  [stages.close]: 'a permission of somebody who comes in through IAM now could not be granted',
  [stages.grantClosed]: 'what IAM_ALLOWED_PRINCIPALS holds could not be revoked',
  [stages.revokeReplaced]: 'what replaces it could not be granted',
  [stages.optOut]: 'what IAM_ALLOWED_PRINCIPALS holds could not be revoked',
};

function isDone(sent: Sent | undefined): boolean {
  return sent?.kind === 'accepted' || sent?.kind === 'already';
}

/** The data cells filter that a task makes, or needs; empty where it has to do with none. */
function filterOf({ step: { fact } }: Task): string {
  if (fact.kind === 'data-cells-filter') return `${fact.database}.${fact.table} ${fact.name}`;
  if (fact.kind !== 'grant' || fact.resource.kind !== 'data-cells-filter') return '';
  return `${fact.resource.database}.${fact.resource.table} ${fact.resource.filter}`;
}

const severity: Readonly<Record<Sent['kind'], number>> = { already: 0, accepted: 1, skipped: 2, unknown: 3, failed: 4 };

function worse(a: Sent | undefined, b: Sent): Sent {
  return a === undefined || severity[b.kind] > severity[a.kind] ? b : a;
}

interface Waiting {
  readonly parcel: Parcel;
  readonly attempt: number;
}

/** One lane: batch after batch, entries that failed for a passing reason joining a later batch. */
async function runLane(lane: readonly Parcel[], sending: Sending, note: Note): Promise<void> {
  let waiting: readonly Waiting[] = lane.map((parcel) => ({ parcel, attempt: 0 }));
  while (waiting.length > 0) {
    const action = waiting[0]?.parcel.action ?? 'grant';
    const batch = waiting.filter(({ parcel }) => parcel.action === action).slice(0, batchLimit);
    const taken = new Set(batch);
    const rest = waiting.filter((one) => !taken.has(one));
    if (sending.signal.aborted) {
      for (const { parcel } of waiting) noteAll(parcel, { kind: 'skipped', reason: 'the run was interrupted' }, note);
      return;
    }
    const attempt = Math.max(...batch.map((one) => one.attempt));
    const isOnlyRetries = batch.every((one) => one.attempt > 0);
    if (isOnlyRetries) await sending.pause(attempt);
    const answers = await send(batch, action, sending);
    const again: Waiting[] = [];
    batch.forEach((one, index) => {
      const sent = answers[index] ?? { kind: 'accepted' };
      const isPassing = sent.kind === 'failed' && sent.failure.kind === 'passing';
      if (isPassing && one.attempt + 1 < sending.tries) again.push({ ...one, attempt: one.attempt + 1 });
      else noteAll(one.parcel, sent, note);
    });
    waiting = [...rest, ...again];
  }
}

async function send(batch: readonly Waiting[], action: Parcel['action'], sending: Sending): Promise<readonly Sent[]> {
  const entries = batch.map(({ parcel }) => parcel.entry);
  try {
    const failures = await (action === 'grant' ? sending.writer.grant(entries) : sending.writer.revoke(entries));
    return failures.map((failure, index) => toSent(failure, batch[index]?.parcel));
  } catch (thrown) {
    if (!(thrown instanceof LakeFailure)) throw thrown;
    return batch.map(() => toSent(thrown, undefined));
  }
}

function toSent(failure: LakeFailure | undefined, parcel: Parcel | undefined): Sent {
  if (failure === undefined) return { kind: 'accepted' };
  // Of several cells the one that is not held fails the entry for all: reading tells which.
  if (failure.kind === 'already')
    return parcel?.tasks.length === 1 ? { kind: 'already' } : { kind: 'unknown', failure };
  return failure.kind === 'unknown' ? { kind: 'unknown', failure } : { kind: 'failed', failure };
}

function noteAll(parcel: Parcel, sent: Sent, note: Note): void {
  for (const task of parcel.tasks) note(task, sent);
}

async function runObjects(lane: readonly Task[], sending: Sending, note: Note): Promise<void> {
  const acceptances = lane.flatMap(({ step: { fact } }) => (fact.kind === 'acceptance' ? [fact] : []));
  if (acceptances.length > 0 && !sending.signal.aborted) {
    const failures = await sending.writer.accept(acceptances);
    for (const [index, task] of lane.entries()) note(task, toSent(failures[index], undefined));
    return;
  }
  for (const task of lane) {
    if (sending.signal.aborted) note(task, { kind: 'skipped', reason: 'the run was interrupted' });
    else await writeObject(task, sending, note);
  }
}

async function writeObject(task: Task, { writer }: Sending, note: Note): Promise<void> {
  try {
    await writeFact(task, writer);
    note(task, { kind: 'accepted' });
  } catch (thrown) {
    if (!(thrown instanceof LakeFailure)) throw thrown;
    note(task, toSent(thrown, undefined));
  }
}

async function writeFact({ change, step }: Task, writer: LakeWriter): Promise<void> {
  const { fact } = step;
  if (fact.kind === 'catalog-parameter') return writer.setParameter(fact);
  if (fact.kind === 'association') return writer.associate(fact);
  if (fact.kind === 'resource-link')
    return step.action === 'delete' ? writer.deleteLink(fact) : writer.createLink(fact);
  if (fact.kind === 'opt-in') return step.action === 'delete' ? writer.deleteOptIn(fact) : writer.createOptIn(fact);
  if (fact.kind !== 'data-cells-filter') return undefined;
  if (step.action === 'delete') return writer.deleteFilter(fact);
  return change.verb === 'create' ? writer.createFilter(fact) : writer.updateFilter(fact);
}
