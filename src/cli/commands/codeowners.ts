import pc from 'picocolors';
import { home } from '../../codeowners/check.ts';
import { differenceOf } from '../../codeowners/difference.ts';
import { compareProblems } from '../../core/problem.ts';
import { visible } from '../../report/excerpt.ts';
import { jsonText } from '../../report/json.ts';
import { escapeMarkdown } from '../../report/markdown.ts';
import { problemsText } from '../../report/problems.ts';
import { counted } from '../../report/words.ts';
import { type Codeowners, codeownersOf, writeCodeowners } from '../codeowners.ts';
import { type Console, hasColour } from '../console.ts';
import { loadMesh } from '../load.ts';
import type { CommonOptions } from '../options.ts';

/** Options of `codeowners`. */
interface CodeownersOptions extends CommonOptions {
  readonly check: boolean;
  readonly replace: boolean;
}

/** Writes `.github/CODEOWNERS` from the mesh files, or with `--check` tells what is wrong with the one that is there. */
export async function codeownersCommand(options: CodeownersOptions, console: Console): Promise<number> {
  const declaration = await loadMesh(options.mesh);
  const before = await codeownersOf(options.mesh, declaration);
  const isWritten = !options.check && before.actual !== before.text;
  if (isWritten) writeCodeowners(before, options.replace);
  const after = isWritten ? await codeownersOf(options.mesh, declaration) : before;
  const shown = { before, after, isWritten };
  if (options.format === 'json') console.out(jsonText(jsonOf(shown)));
  else if (options.format === 'markdown') console.out(markdownOf(shown));
  else console.out(textOf(shown, hasColour(console, 'out')));
  return after.problems.length === 0 ? 0 : 1;
}

/** The code owners before and after the command. */
interface Shown {
  readonly before: Codeowners;
  readonly after: Codeowners;
  readonly isWritten: boolean;
}

function textOf({ before, after, isWritten }: Shown, colour: boolean): string {
  const paint = pc.createColors(colour);
  const difference = differenceIn(before).map((line) => {
    if (line.startsWith('+')) return paint.green(visible(line));
    return line.startsWith('-') ? paint.red(visible(line)) : visible(line);
  });
  const problems = after.problems.length === 0 ? '' : problemsText(after.problems, colour);
  return `${problems}${[...difference, ...summary(after, isWritten)].map((line) => `${line}\n`).join('')}`;
}

function markdownOf({ before, after, isWritten }: Shown): string {
  const difference = differenceIn(before);
  return [
    ...after.problems.toSorted(compareProblems).map(({ place, code, message, hint }) => {
      const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column} `;
      return `- ${escapeMarkdown(`${where}${code} ${message}${hint === undefined ? '' : `; ${hint}`}`)}`;
    }),
    // The file that is there may hold anything, and a backtick would end the fence.
    ...(difference.length === 0
      ? []
      : ['', '```diff', ...difference.map((line) => visible(line).replaceAll('`', "'")), '```']),
    ...summary(after, isWritten).map(escapeMarkdown),
    '',
  ].join('\n');
}

/** No more lines of a difference are shown. */
const longestDifference = 60;

function differenceIn({ actual, text }: Codeowners): readonly string[] {
  if (actual === undefined) return [];
  const lines = differenceOf(actual, text);
  const rest = lines.length - longestDifference;
  return rest <= 0 ? lines : [...lines.slice(0, longestDifference), `  and ${counted(rest, 'line')} more`];
}

function summary({ areas, problems }: Codeowners, isWritten: boolean): readonly string[] {
  if (!isWritten && problems.length > 0) return [];
  const open = areas.subscriptions.filter(({ owners }) => owners.length === 0).length;
  const { length } = areas.products;
  const what = `${counted(length, 'product')}, of which ${open === length ? 'all' : open} can be asked for without a review`;
  return [isWritten ? `wrote ${home}: ${what}` : `${home} is up to date: ${what}`];
}

function jsonOf({ after: { areas, text, problems }, isWritten }: Shown): object {
  const rules = [...areas.products, ...areas.subscriptions];
  return { format: 1, file: home, isWritten, administrators: areas.administrators, areas: rules, text, problems };
}
