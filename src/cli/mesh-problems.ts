import type { Problem } from '../core/problem.ts';

/** The mesh files could not be read as a mesh. */
export class MeshProblems extends Error {
  override readonly name = 'MeshProblems';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('the mesh files have problems');
    this.problems = problems;
  }
}
