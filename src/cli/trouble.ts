import pc from 'picocolors';
import { explanation } from '../core/explain.ts';
import { ForgeFailure } from '../core/forge.ts';
import { LakeFailure } from '../core/lake.ts';
import { visible } from '../report/excerpt.ts';
import { problemsText } from '../report/problems.ts';
import { type Console, hasColour } from './console.ts';
import { MeshProblems } from './mesh-problems.ts';
import { HalfDone, SetupProblem } from './options.ts';

/** Says what stopped a command, on standard error, and answers with the exit code. */
export function explainFailure(thrown: unknown, console: Console, told?: string): number {
  const consequence = told ?? 'Nothing was written.';
  const paint = pc.createColors(hasColour(console, 'err'));
  if (thrown instanceof MeshProblems) {
    console.err(problemsText(thrown.problems, hasColour(console, 'err')));
    console.err(`${consequence}\n`);
    return 1;
  }
  if (thrown instanceof Error && thrown.name === 'Cancelled') {
    console.err(`${consequence}\n`);
    return 130;
  }
  if (thrown instanceof SetupProblem) {
    const hint = thrown.hint === undefined ? '' : `; ${thrown.hint}`;
    const left =
      thrown instanceof HalfDone
        ? [visible(thrown.done), ...(told ?? '').split('\n')].join('\n').trimEnd()
        : consequence;
    console.err(`${paint.red(thrown.code)} ${visible(`${thrown.message}${hint}`)}\n${left}\n`);
    return 1;
  }
  if (thrown instanceof LakeFailure) {
    const hint = explanation({ code: thrown.code, text: thrown.message });
    console.err(
      `${paint.red(visible(thrown.code))} ${visible(`${thrown.operation}: ${thrown.message}${hint === undefined ? '' : `; ${hint}`}`)}\n${consequence}\n`,
    );
    return 5;
  }
  if (thrown instanceof ForgeFailure) {
    console.err(`${paint.red('GITHUB')} ${visible(`${thrown.message}; ${thrown.remedy}`)}\n${consequence}\n`);
    return 5;
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  console.err(
    `${paint.red('BUG')} this should not happen; please report it with the following text\n${stack.split('\n').map(visible).join('\n')}\n`,
  );
  return 70;
}

/** What was typed wrong, in the form of every other trouble: commander's sentence with its suggestion as the hint. */
export function usageText(said: string, console: Console): string {
  const paint = pc.createColors(hasColour(console, 'err'));
  const [what = '', suggestion] = said.trim().split('\n');
  const hint =
    suggestion === undefined ? 'see meshgate --help' : suggestion.replace(/^\(Did/, 'did').replace(/\)$/, '');
  return `${paint.red('USAGE')} ${visible(`${what.replace(/^error: /, '').replace(/\.$/, '')}; ${hint}`)}\nNothing was written.\n`;
}
