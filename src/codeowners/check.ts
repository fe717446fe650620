import { compareText, type Problem } from '../core/problem.ts';
import { type Areas, ownersFor } from './areas.ts';
import { largestSize, locations, type Ownership, ownershipOf } from './ownership.ts';

/** A CODEOWNERS file of the repository. */
export interface CodeownersFile {
  readonly location: (typeof locations)[number];
  readonly text: string;
}

/** What there is, and what there should be. */
export interface Checked {
  /** The CODEOWNERS files of all three places, those that are there. */
  readonly files: readonly CodeownersFile[];
  /** What the file should say. */
  readonly text: string;
  readonly areas: Areas;
  /** The files of the repository whose owners are looked at, by path from its top. */
  readonly paths: readonly string[];
}

/** Where the generated file belongs. */
export const home = locations[0];

/** What is wrong with a repository's code owners: all at once, with the lines that it comes from. */
export function codeownersProblems({ files, text, areas, paths }: Checked): readonly Problem[] {
  const found = locations.flatMap((location) => files.filter((file) => file.location === location));
  const [effective, ...ignored] = found;
  const missing = effective?.location === home ? [] : [missingFile(effective)];
  if (effective === undefined) return missing;
  const ownership = ownershipOf(effective.text);
  return [
    ...missing,
    ...ignored.map((file) => ignoredFile(file, effective)),
    ...(ownership.isLoaded ? [] : [tooLarge(effective)]),
    ...(effective.location === home ? outOfDate(effective.text, text) : []),
    ...ownership.skipped.slice(0, mostLines).map(({ number, column, why }) => ({
      code: 'CODEOWNERS_LINE',
      message: `GitHub skips this line: ${why}`,
      hint: 'a path whose line is skipped belongs to whom an earlier line names, or to nobody',
      ...at(effective, number, column),
    })),
    ...wrongOwners(effective, ownership, { areas, paths }),
  ];
}

const remedy = 'run meshgate codeowners, and commit what it writes';
/** No more lines than this are shown of what is wrong in the same way. */
const mostLines = 50;
const longestExcerpt = 10_000;

function missingFile(effective: CodeownersFile | undefined): Problem {
  const instead =
    effective === undefined ? 'so GitHub asks nobody for a review' : `so GitHub takes ${effective.location} instead`;
  return { code: 'CODEOWNERS_MISSING', message: `there is no ${home}, ${instead}`, hint: remedy };
}

function ignoredFile({ location }: CodeownersFile, effective: CodeownersFile): Problem {
  return {
    code: 'CODEOWNERS_IGNORED',
    message: `GitHub ignores this file, for ${effective.location} comes first`,
    hint: 'remove it: whoever reads it believes what does not hold',
    place: { file: location, line: 1, column: 1 },
  };
}

function tooLarge({ location }: CodeownersFile): Problem {
  return {
    code: 'CODEOWNERS_TOO_LARGE',
    message: `GitHub does not load a file of ${largestSize.toLocaleString('en')} bytes or more, and then asks nobody`,
    hint: 'name fewer owners for each product, or divide the mesh',
    place: { file: location, line: 1, column: 1 },
  };
}

function outOfDate(actual: string, expected: string): readonly Problem[] {
  const [is, should] = [actual.split(/\r?\n/), expected.split('\n')];
  const index = is.findIndex((line, at) => line !== should[at]);
  if (index < 0 && is.length === should.length) return [];
  const line = (index < 0 ? is.length : index) + 1;
  const place = { file: home, line, column: 1 };
  return [{ code: 'CODEOWNERS_OUT_OF_DATE', message: 'this is not what the mesh files say', hint: remedy, place }];
}

/** Files that have other owners than they should: one problem for all that have them from one line. */
function wrongOwners(
  file: CodeownersFile,
  { lineFor }: Ownership,
  { areas, paths }: Pick<Checked, 'areas' | 'paths'>,
): readonly Problem[] {
  const expectedOf = ownersFor(areas);
  const wrong = new Map<string, { readonly number: number; readonly fault: string; readonly paths: string[] }>();
  for (const path of [...paths].sort(compareText)) {
    const line = lineFor(path);
    const fault = faultOf(
      line?.owners ?? [],
      expectedOf(path).map((login) => `@${login}`),
    );
    if (fault === undefined) continue;
    const number = line?.number ?? 1;
    const group = wrong.get(`${number} ${fault}`) ?? { number, fault, paths: [] };
    group.paths.push(path);
    wrong.set(`${number} ${fault}`, group);
  }
  return [...wrong.values()].slice(0, mostLines).map(({ number, fault, paths: [first = '', ...more] }) => ({
    code: 'CODEOWNERS_WRONG',
    message: `${first}${more.length === 0 ? '' : ` (and ${more.length} more)`} ${fault}`,
    hint: remedy,
    ...at(file, number),
  }));
}

/** How owners differ from those that should be; GitHub's logins are the same in any case. */
function faultOf(actual: readonly string[], expected: readonly string[]): string | undefined {
  const without = (owners: readonly string[], others: readonly string[]): string =>
    owners.filter((owner) => !others.some((other) => other.toLowerCase() === owner.toLowerCase())).join(', ');
  const [lacking, tooMany] = [without(expected, actual), without(actual, expected)];
  if (lacking === '' && tooMany === '') return undefined;
  if (actual.length === 0) return `needs nobody's review, and should need that of ${expected.join(' or ')}`;
  if (expected.length === 0) return `needs the review of ${actual.join(' or ')}, and should need nobody's`;
  if (tooMany === '') return `could not be approved by ${lacking}`;
  return `could be approved by ${tooMany}${lacking === '' ? '' : `, and not by ${lacking}`}`;
}

/** A line of a file, with its text. */
function at({ location, text }: CodeownersFile, line: number, column = 1): Pick<Problem, 'place' | 'excerpt'> {
  const excerpt = text.split(/\r?\n/, line)[line - 1] ?? '';
  const place = { file: location, line, column };
  return excerpt === '' || excerpt.length > longestExcerpt ? { place } : { place, excerpt };
}
