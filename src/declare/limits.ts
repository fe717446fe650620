import { isGlob, isRe2, re2Fault } from '../core/pattern.ts';
import type { Problem } from '../core/problem.ts';
import type { Access, Account, DataProduct, Hold, Mesh, Subscription } from './files.ts';
import type { Layout } from './layout.ts';
import type { Path } from './positions.ts';
import { quoted } from './wording.ts';

/** A problem at a path. */
export type LimitFault = Omit<Problem, 'place'> & { readonly path: Path };

const mostEntries = 1000;
const mostTexts = 10_000;
const mostGlobs = 100;
const mostWildcards = 4;

// Globs are compared with each other and with all names. A file of a megabyte could hold 100,000 of them.
/** What in a file is more than the rules can compare in good time. */
export function checkLimits(kind: Layout['kind'], value: unknown): readonly LimitFault[] {
  if (kind === 'Account') return patternFaults(listed((value as Account).databases ?? [], ['databases']));
  if (kind === 'Mesh') return patternFaults(holdTexts((value as Mesh).holds ?? []));
  if (kind === 'Subscription') return check([[['access'], (value as Subscription).access]], []);
  if (kind !== 'DataProduct') return [];
  const { grants = [], tables } = value as DataProduct;
  return check(
    grants.map(({ access }, index) => [['grants', index, 'access'], access] as const),
    Object.keys(tables).map((text) => ({ text, path: ['tables', text] })),
  );
}

/** A name or pattern, and where it stands. */
interface Text {
  readonly text: string;
  readonly path: Path;
}

function check(lists: readonly (readonly [Path, readonly Access[]])[], names: readonly Text[]): readonly LimitFault[] {
  const faults: LimitFault[] = [];
  const entries = lists.flatMap(([path, list]) => list.map((access, index) => ({ access, path: [...path, index] })));
  const texts = entries.flatMap(({ access, path }) => textsOf(access, path));
  const tooManyEntries = entries[mostEntries];
  if (tooManyEntries !== undefined) {
    const message = `the file has ${entries.length} access entries`;
    faults.push({
      code: 'TOO_MANY_ENTRIES',
      message,
      hint: `one file has at most ${mostEntries}: merge or split them`,
      path: tooManyEntries.path,
    });
  }
  const tooManyTexts = texts[mostTexts];
  if (tooManyTexts !== undefined) {
    const message = `the file's access entries name ${texts.length} tables and columns`;
    faults.push({
      code: 'TOO_MANY_ENTRIES',
      message,
      hint: `one file names at most ${mostTexts}: write globs`,
      path: tooManyTexts.path,
    });
  }
  const globs = [...names, ...texts].filter(({ text }) => isGlob(text));
  const tooManyGlobs = globs[mostGlobs];
  if (tooManyGlobs !== undefined) {
    const message = `the file has ${globs.length} globs`;
    faults.push({
      code: 'TOO_MANY_PATTERNS',
      message,
      hint: `one file has at most ${mostGlobs}: write names, or wider globs`,
      path: tooManyGlobs.path,
    });
  }
  return [...faults, ...patternFaults(globs.slice(0, mostGlobs))];
}

/** The patterns among texts that cannot be used. */
export function patternFaults(texts: readonly Text[]): readonly LimitFault[] {
  const faults: LimitFault[] = [];
  for (const { text, path } of texts.filter((one) => isGlob(one.text))) {
    const fault = isRe2(text) ? re2Fault(text) : undefined;
    if (fault !== undefined)
      faults.push({
        code: 'BAD_PATTERN',
        message: `${quoted(text)} ${fault}`,
        hint: 'write it as /^order_[0-9]+$/: RE2 between slashes, from ^ to $ (https://github.com/google/re2/wiki/Syntax)',
        path,
      });
    if (isRe2(text) || text.replaceAll(/[^*?]/g, '').length <= mostWildcards) continue;
    const message = `the glob ${quoted(text)} has more than ${mostWildcards} times * and ?`;
    faults.push({ code: 'BAD_PATTERN', message, hint: 'write a simpler glob', path });
  }
  return faults;
}

function textsOf({ tables = [], columns }: Access, path: Path): readonly Text[] {
  const { include = [], exclude = [] } = columns ?? {};
  return [
    ...listed(tables, [...path, 'tables']),
    ...listed(include, [...path, 'columns', 'include']),
    ...listed(typeof exclude === 'string' ? [] : exclude, [...path, 'columns', 'exclude']),
  ];
}

function listed(texts: readonly string[], path: Path): readonly Text[] {
  return texts.map((text, index) => ({ text, path: [...path, index] }));
}

/** The names and patterns in the scopes of a list of holds. */
export function holdTexts(holds: readonly Hold[]): readonly Text[] {
  return holds.flatMap(({ scope }, index) =>
    (['table', 'column'] as const).flatMap((part) =>
      scope[part] === undefined ? [] : [{ text: scope[part], path: ['holds', index, 'scope', part] }],
    ),
  );
}
