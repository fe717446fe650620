import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Task } from '../apply/batch.ts';
import type { Sent } from '../apply/execute.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Plan } from '../core/plan.ts';

/** The record of a run, appended line by line as things happen, so that a killed run leaves what it did. */
export interface Ledger {
  readonly answer: (task: Task, sent: Sent) => void;
  readonly end: (outcomes: readonly Outcome[]) => void;
}

/** Opens the record of a run of a plan by an actor. */
export function openLedger(file: string, plan: Plan, actor: string): Ledger {
  const run = randomUUID();
  mkdirSync(dirname(file), { recursive: true });
  const write = (entry: object): void => appendFileSync(file, `${JSON.stringify({ run, at: new Date().toISOString(), ...entry })}\n`);
  const { mesh, commit, lakes, basis, summary } = plan;
  write({ event: 'start', mesh, commit, actor, lakes, basis, summary });
  return {
    answer: ({ change, step }, sent) =>
      write({
        event: 'answer',
        commit,
        actor,
        change: change.id,
        key: change.key,
        action: step.action,
        fact: step.fact,
        reason: change.reason,
        because: change.because,
        ...sentText(sent),
      }),
    end: (outcomes) => {
      for (const { change, status, reason, code } of outcomes)
        write({ event: 'outcome', commit, actor, change: change.id, verb: change.verb, key: change.key, status, reason, code });
      write({ event: 'end', commit, actor, outcomes: outcomes.length });
    },
  };
}

function sentText(sent: Sent): object {
  if (sent.kind === 'failed' || sent.kind === 'unknown')
    return { answer: sent.kind, operation: sent.failure.operation, code: sent.failure.code, message: sent.failure.message };
  return sent.kind === 'skipped' ? { answer: sent.kind, message: sent.reason } : { answer: sent.kind };
}
