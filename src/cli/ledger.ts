import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Task } from '../apply/batch.ts';
import type { Sent } from '../apply/execute.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Plan } from '../core/plan.ts';
import { SetupProblem } from './options.ts';

/** The record of a run, appended line by line as things happen, so that a killed run leaves what it did. */
export interface Ledger {
  readonly answer: (task: Task, sent: Sent) => void;
  readonly end: (outcomes: readonly Outcome[]) => void;
}

/** Whose run of what is recorded where. */
export interface Recording {
  readonly file: string;
  readonly plan: Plan;
  readonly actor: string;
  /** Told once that the record can no longer be written. */
  readonly onFailure: (message: string) => void;
}

/** Makes the ledger's folder, one level only: on some file systems Node never comes back from making several. */
function makeFolder(folder: string): void {
  mkdirSync(folder);
  // What a run leaves behind is no part of the mesh; a folder of another name was chosen to be kept, perhaps.
  if (basename(folder) === '.meshgate') writeFileSync(join(folder, '.gitignore'), '*\n');
}

/** Opens the record of a run; throws a `SetupProblem` where it cannot be written. */
export function openLedger({ file, plan, actor, onFailure }: Recording): Ledger {
  const run = randomUUID();
  const append = (entry: object): void =>
    appendFileSync(file, `${JSON.stringify({ run, at: new Date().toISOString(), ...entry })}\n`);
  let isBroken = false;
  const write = (entry: object): void => {
    if (isBroken) return;
    try {
      append(entry);
    } catch (thrown) {
      isBroken = true;
      onFailure(`the record of the run, ${file}, cannot be written: ${textOf(thrown)}`);
    }
  };
  const { mesh, commit, lakes, basis, summary, standing } = plan;
  try {
    if (!existsSync(dirname(file))) makeFolder(dirname(file));
    if (!endsWithLine(file)) appendFileSync(file, '\n');
    append({ event: 'start', mesh, commit, actor, lakes, basis, summary, standing });
  } catch (thrown) {
    throw new SetupProblem(
      'NO_LEDGER',
      `the record of the run, ${file}, cannot be written: ${textOf(thrown)}`,
      'give another file with --ledger',
    );
  }
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
        write({
          event: 'outcome',
          commit,
          actor,
          change: change.id,
          verb: change.verb,
          key: change.key,
          status,
          reason,
          code,
        });
      write({ event: 'end', commit, actor, outcomes: outcomes.length });
    },
  };
}

/** Whether a file is absent, empty, or ends where a line does: a full disk may have cut the last one. */
function endsWithLine(file: string): boolean {
  const descriptor = openSync(file, 'a+');
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size === 0) return true;
    const last = Buffer.alloc(1);
    readSync(descriptor, last, 0, 1, stat.size - 1);
    return last.toString('latin1') === '\n';
  } finally {
    closeSync(descriptor);
  }
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function sentText(sent: Sent): object {
  if (sent.kind === 'failed' || sent.kind === 'unknown')
    return {
      answer: sent.kind,
      operation: sent.failure.operation,
      code: sent.failure.code,
      message: sent.failure.message,
    };
  return sent.kind === 'skipped' ? { answer: sent.kind, message: sent.reason } : { answer: sent.kind };
}
