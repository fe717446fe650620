import type { Area, Areas } from './areas.ts';

/** The first words of every file that is generated, by which it is told from one made by hand. */
export const signature = '# Written by `meshgate codeowners`';

/** The CODEOWNERS file of a repository with the mesh in the folder `prefix` (empty for its top, else ending in `/`). */
export function codeownersText(areas: Areas, prefix: string): string {
  return [
    `${signature} from the mesh files in ${prefix === '' ? 'this repository' : prefix}; do not edit it.`,
    '# Every pull request is checked for it. The last line that matches a path counts; one of its people must approve.',
    '',
    '# Everything: the administrators of the mesh.',
    lineOf('*', areas.administrators),
    '',
    '# A product: its owners, or the administrators.',
    ...areas.products.map(lineOfArea),
    '',
    '# Requests for access: the same where the product has anything sensitive; where nobody is named, nobody is asked.',
    ...areas.subscriptions.map(lineOfArea),
    '',
  ].join('\n');
}

function lineOfArea({ path, owners }: Area): string {
  return lineOf(`/${escaped(path)}`, owners);
}

function lineOf(pattern: string, owners: readonly string[]): string {
  return [pattern, ...owners.map((login) => `@${login}`)].join(' ');
}

function escaped(path: string): string {
  return path.replaceAll(/[ *?\\]/g, (character) => `\\${character}`);
}

/**
 * The first character of a path that no line of a CODEOWNERS file can name for certain: `#` begins a comment also
 * behind a backslash, nobody says what a bracket means where ranges do not work, and nothing escapes a tab.
 */
export function unnameable(path: string): string | undefined {
  return /[#[\]\p{Cc}\p{Zl}\p{Zp}]/u.exec(path)?.[0];
}
