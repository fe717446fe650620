import pc from 'picocolors';
import { LakeFailure } from '../core/lake.ts';
import { visible } from '../report/excerpt.ts';
import { problemsText } from '../report/problems.ts';
import { type Console, hasColour } from './console.ts';
import { MeshProblems } from './mesh-problems.ts';
import { SetupProblem } from './options.ts';

/** Says what stopped a command, on standard error, and answers with the exit code. */
export function explainFailure(thrown: unknown, console: Console): number {
  const paint = pc.createColors(hasColour(console, 'err'));
  if (thrown instanceof MeshProblems) {
    console.err(problemsText(thrown.problems, hasColour(console, 'err')));
    console.err('Nothing was written.\n');
    return 1;
  }
  if (thrown instanceof SetupProblem) {
    const hint = thrown.hint === undefined ? '' : `; ${thrown.hint}`;
    console.err(`${paint.red(thrown.code)} ${visible(`${thrown.message}${hint}`)}\nNothing was written.\n`);
    return 1;
  }
  if (thrown instanceof LakeFailure) {
    console.err(
      `${paint.red(visible(thrown.code))} ${visible(`${thrown.operation}: ${thrown.message}`)}\nNothing was written.\n`,
    );
    return 5;
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  console.err(
    `${paint.red('BUG')} this should not happen; please report it with the following text\n${stack.split('\n').map(visible).join('\n')}\n`,
  );
  return 70;
}
