import { compareProblems, type Problem } from '../core/problem.ts';
import { visible } from './excerpt.ts';

/** GitHub shows no more annotations of one step (https://docs.github.com/en/rest/checks/runs). */
const mostAnnotations = 10;

/**
 * Problems as commands that put them at their lines in a pull request; what is over GitHub's limit is only counted. A
 * path is given from the top of the repository, where GitHub looks for it.
 */
export function annotations(problems: readonly Problem[], prefix = ''): string {
  const placed = problems.toSorted(compareProblems);
  const shown = placed.slice(0, placed.length > mostAnnotations ? mostAnnotations - 1 : mostAnnotations);
  const left = placed.length - shown.length;
  return [
    ...shown.map((problem) => annotation(problem, prefix)),
    ...(left === 0 ? [] : [`::error title=MORE_PROBLEMS::${left} more problems are in the job summary`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function annotation({ place, code, message, hint }: Problem, prefix: string): string {
  const at =
    place === undefined ? '' : `file=${property(`${prefix}${place.file}`)},line=${place.line},col=${place.column},`;
  return `::error ${at}title=${property(code)}::${data(hint === undefined ? message : `${message}; ${hint}`)}`;
}

// Source: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts.
function data(text: string): string {
  return visible(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/** Text for the log of a run, in which nothing is a command. */
export function uncommanded(text: string, token: string): string {
  return `::stop-commands::${token}\n${text.endsWith('\n') ? text : `${text}\n`}::${token}::\n`;
}
