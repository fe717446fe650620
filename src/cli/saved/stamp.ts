import { digestOfLines } from '../../core/digest.ts';
import { compareText } from '../../core/problem.ts';
import type { Run } from '../../reconcile.ts';
import type { Console } from '../console.ts';
import { SetupProblem } from '../options.ts';

/** Which state of which mesh something was made for. */
export interface Stamp {
  readonly mesh: string;
  readonly commit: string | null;
  /** The digest of the mesh files, those that differ from the commit included. */
  readonly files: string;
  /** The run of GitHub Actions, with its attempt: a later one goes by the files of its own day. */
  readonly run: string;
}

/** The state of the mesh that a run is about. */
export function stampOf({ declaration, commit }: Pick<Run, 'declaration' | 'commit'>, { env }: Console): Stamp {
  const { mesh, accounts, products, subscriptions } = declaration;
  const files = [mesh, ...accounts.values(), ...products.values(), ...subscriptions.values()];
  const lines = files.map(({ path, blob }) => `${blob} ${path}`).sort(compareText);
  const run = [env['GITHUB_RUN_ID'], env['GITHUB_RUN_ATTEMPT']].filter(Boolean).join('/') || 'by hand';
  return { mesh: mesh.value.name, commit, files: digestOfLines(lines, (line) => line), run };
}

/** Refuses what was made for another state of the mesh, or for another mesh. */
export function mustFit(file: string, made: Stamp, now: Stamp): void {
  if (made.mesh !== now.mesh) throw other(`${file} is of mesh ${made.mesh}, and this is mesh ${now.mesh}`);
  if (made.run !== now.run) throw other(`${file} is of run ${made.run}, and this is ${now.run}`);
  if (made.commit !== now.commit)
    throw other(`${file} is of commit ${named(made.commit)}, and ${named(now.commit)} is checked out`);
  if (made.files !== now.files) throw other(`${file} was made of mesh files that differ from those here`);
}

/** What is said of something that was made for something else. */
export function other(message: string): SetupProblem {
  return new SetupProblem('OTHER_PLAN', message, 'plan again, all parts from one commit');
}

function named(commit: string | null): string {
  return commit?.slice(0, 12) ?? 'none';
}
