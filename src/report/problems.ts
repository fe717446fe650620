import pc from 'picocolors';
import { compareProblems, type Problem } from '../core/problem.ts';
import { visible, width, windowed } from './excerpt.ts';

/** Problems as text for a terminal: each with its place, what would be right, and the offending line. */
export function problemsText(problems: readonly Problem[], colour: boolean): string {
  const paint = pc.createColors(colour);
  const shown = problems.toSorted(compareProblems).map((problem) => problemText(problem, paint));
  const files = new Set(problems.flatMap(({ place }) => place?.file ?? [])).size;
  const count = counted(problems.length, 'problem') + (files === 0 ? '' : ` in ${counted(files, 'file')}`);
  return [...shown, problems.length === 0 ? paint.green('no problems') : paint.bold(count)]
    .map((text) => `${text}\n`)
    .join('');
}

type Paint = ReturnType<typeof pc.createColors>;

function problemText({ code, message, place, hint, excerpt }: Problem, paint: Paint): string {
  const where = place === undefined ? '' : `${paint.cyan(`${visible(place.file)}:${place.line}:${place.column}`)} `;
  const remedy = hint === undefined ? '' : `; ${visible(hint)}`;
  const head = `${where}${paint.red(code)} ${visible(message)}${remedy}`;
  if (place === undefined || excerpt === undefined) return head;
  const { text, caret } = windowed(excerpt, place.column);
  // Tabs before the caret are kept, so that it stands under its character whatever a tab's width.
  const indent = Array.from(text.slice(0, caret), (character) =>
    character === '\t' ? '\t' : ' '.repeat(width(character)),
  ).join('');
  return `${head}\n  ${paint.dim(text)}\n  ${indent}${paint.red('^')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
