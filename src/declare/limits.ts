import { isGlob } from '../core/pattern.ts';
import type { Problem } from '../core/problem.ts';
import type { Access, DataProduct, Subscription } from './files.ts';
import type { Layout } from './layout.ts';
import type { Path } from './positions.ts';
import { quoted } from './wording.ts';

/** A problem at a path. */
export type LimitFault = Omit<Problem, 'place'> & { readonly path: Path };

const mostEntries = 1000;
const mostTexts = 10_000;
const mostGlobs = 250;
const mostWildcards = 8;

// Globs are compared with each other and with all names. A file of a megabyte could hold 100,000 of them.
/** What in a file is more than the rules can compare in good time. */
export function checkLimits(kind: Layout['kind'], value: unknown): readonly LimitFault[] {
  if (kind === 'Subscription') return check((value as Subscription).access, []);
  if (kind !== 'DataProduct') return [];
  const { grants = [], tables } = value as DataProduct;
  return check(
    grants.flatMap(({ access }) => access),
    Object.keys(tables),
  );
}

function check(entries: readonly Access[], names: readonly string[]): readonly LimitFault[] {
  const faults: LimitFault[] = [];
  if (entries.length > mostEntries) {
    const message = `the file has ${entries.length} access entries`;
    faults.push({ code: 'TOO_MANY_ENTRIES', message, hint: `one file has at most ${mostEntries}: merge or split them`, path: [] });
  }
  const texts = entries.flatMap(textsOf);
  if (texts.length > mostTexts) {
    const message = `the file's access entries name ${texts.length} tables and columns`;
    faults.push({ code: 'TOO_MANY_ENTRIES', message, hint: `one file names at most ${mostTexts}: write globs`, path: [] });
  }
  const globs = [...names, ...texts].filter(isGlob);
  if (globs.length > mostGlobs) {
    const message = `the file has ${globs.length} globs`;
    faults.push({ code: 'TOO_MANY_PATTERNS', message, hint: `one file has at most ${mostGlobs}: write names, or wider globs`, path: [] });
  }
  const wild = globs.find((glob) => glob.replaceAll(/[^*?]/g, '').length > mostWildcards);
  if (wild !== undefined) {
    const message = `the glob ${quoted(wild)} has more than ${mostWildcards} times * and ?`;
    faults.push({ code: 'BAD_PATTERN', message, hint: 'write a simpler glob', path: [] });
  }
  return faults;
}

function textsOf({ tables = [], columns }: Access): readonly string[] {
  const { include = [], exclude = [] } = columns ?? {};
  return [...tables, ...include, ...(typeof exclude === 'string' ? [] : exclude)];
}
