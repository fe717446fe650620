import type { LawCase } from './law-case.ts';
import type { Finding } from './trial.ts';

/** Fields of seeds and mesh files whose keys are names that somebody chose. */
const named: ReadonlySet<string> = new Set([
  'accounts',
  'columns',
  'databases',
  'partitionKeys',
  'principals',
  'regions',
  'tables',
]);

/** What cannot be an English word: it has a digit, or a sign within. */
const unspeakable = /\d|[a-z][/:_*@%.][a-z*]/;
/** What is quoted: a cell's name, a value, a piece of a plan. */
const quoted = /\[[^\]]*\]|\{.*\}|"[^"]*"|….*/gs;

/**
 * What sort of finding it is: the law, and its text with all names and values of the case left out. Two of a sort are
 * likely to have one cause; where a case is made smaller, it is judged by the names that it had at first.
 */
export function kindOf({ law, text }: Finding, names: ReadonlySet<string>): string {
  const [line = ''] = text.replaceAll(quoted, ' ').split('\n');
  const words = line
    .split(/[\s,;()'’=]+/)
    .map((word) => word.replaceAll(/^[:.]+|[:.]+$/g, ''))
    .filter((word) => /[A-Za-z]/.test(word) && !unspeakable.test(word) && !names.has(word.toLowerCase()));
  return [law, ...words].join(' ');
}

/** The names and values of a case, in lower case: all texts that stand in it, and what it calls its things. */
export function namesIn(one: LawCase): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (value: unknown, field: string): void => {
    if (typeof value === 'string') for (const word of value.split(/[/:.]+/)) names.add(word.toLowerCase());
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (named.has(field)) names.add(key.toLowerCase());
      visit(part, Array.isArray(value) ? field : key);
    }
  };
  visit(one.seed, 'seed');
  visit(one.runs, 'runs');
  return names;
}
