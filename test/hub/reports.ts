import type { User } from './world.ts';

/** A check run or a commit status; both are reports on a commit under a name. */
export interface Check {
  readonly kind: 'run' | 'status';
  readonly id: number;
  readonly name: string;
  readonly sha: string;
  readonly by: User;
  readonly createdAt: string;
  updatedAt: string;
  /** Of a run: queued, in_progress, completed. Of a status: error, failure, pending, success. */
  status: string;
  conclusion: string | null;
  title: string | null;
  summary: string | null;
  url: string | null;
  annotations: number;
}

/** A workflow that somebody or something started. */
export interface WorkflowRun {
  readonly id: number;
  readonly workflow: string;
  readonly ref: string;
  readonly sha: string;
  readonly event: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly actor: User;
  readonly createdAt: string;
  status: string;
  conclusion: string | null;
}
