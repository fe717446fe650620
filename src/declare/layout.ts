import { compareText } from '../core/problem.ts';
import { didYouMean } from './closest.ts';

/** What a path inside the mesh directory says about its file. */
export type Layout =
  | { readonly kind: 'Mesh' }
  | { readonly kind: 'Account'; readonly account: string }
  | { readonly kind: 'DataProduct'; readonly domain: string; readonly product: string }
  | { readonly kind: 'Subscription'; readonly product: string; readonly consumer: string; readonly key: string };

/** Why a path has no meaning. */
export interface LayoutFault {
  readonly code: 'UNKNOWN_PATH' | 'BAD_NAME';
  readonly message: string;
  readonly hint: string;
}

/** How names of accounts, domains and products are written. */
const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

const shapes = {
  accounts: 'accounts/<account>.yaml',
  products: 'products/<domain>/<product>.yaml',
  subscriptions: 'subscriptions/<domain>/<product>/<consumer>[.<name>].yaml',
} as const;

/** By it git writes other bytes than were committed (https://git-scm.com/docs/gitattributes), of its folder and all below. */
const attributes = '.gitattributes';

/** Whether a file or folder of this name is left out: dot-files, README.md and extensions. */
export function isLeftOut(name: string): boolean {
  if (name === attributes) return false;
  return name.startsWith('.') || name.startsWith('x-') || name === 'README.md';
}

/** What the path says about its file, or why it says nothing. */
export function layoutOf(path: string): Layout | LayoutFault {
  if (path === 'mesh.yaml') return { kind: 'Mesh' };
  const [folder = '', ...rest] = path.split('/');
  const last = rest.at(-1) ?? folder;
  if (last === attributes)
    return unknown(
      `"${path}" makes files other than what was reviewed`,
      'put it at the top of the repository, or remove it',
    );
  if (last.endsWith('.yml')) return unknown(`"${path}" ends in .yml`, `rename it to ${last.slice(0, -4)}.yaml`);
  if (rest.length === 0) return unknown(`"${path}" is not a mesh file`, didYouMean(path, ['mesh.yaml'], outline()));
  if (!isFolder(folder))
    return unknown(`"${folder}" is not a folder of a mesh`, didYouMean(folder, Object.keys(shapes), outline()));
  if (!last.endsWith('.yaml'))
    return unknown(`"${path}" does not end in .yaml`, 'what is not a mesh file begins with "x-" or "."');
  if (rest.length !== shapes[folder].split('/').length - 1) {
    return unknown(`"${path}" is not at the right depth`, `its place is ${shapes[folder]}`);
  }
  const names = [...rest.slice(0, -1), ...last.slice(0, -'.yaml'.length).split('.')];
  return named(folder, names) ?? unknown(`"${path}" has a dot in its name`, `its place is ${shapes[folder]}`);
}

function isFolder(name: string): name is keyof typeof shapes {
  return Object.hasOwn(shapes, name);
}

function named(folder: keyof typeof shapes, names: readonly string[]): Layout | LayoutFault | undefined {
  const bad = names.find((name) => !namePattern.test(name));
  if (bad !== undefined) return badName(bad);
  const [first = '', second, third] = names;
  if (folder === 'accounts') return names.length === 1 ? { kind: 'Account', account: first } : undefined;
  if (second === undefined) return undefined;
  if (folder === 'products') {
    return names.length === 2 ? { kind: 'DataProduct', domain: first, product: `${first}/${second}` } : undefined;
  }
  if (third === undefined || names.length > 4) return undefined;
  const key = `${first}/${second}/${names.slice(2).join('.')}`;
  return { kind: 'Subscription', product: `${first}/${second}`, consumer: third, key };
}

function badName(name: string): LayoutFault {
  const folded = name.toLowerCase().replaceAll('_', '-');
  const rule = 'names have lower-case letters, digits and hyphens, at most 63';
  const hint = namePattern.test(folded) ? `rename it to "${folded}": ${rule}` : rule;
  return { code: 'BAD_NAME', message: `"${name}" cannot be a name`, hint };
}

function unknown(message: string, hint: string): LayoutFault {
  return { code: 'UNKNOWN_PATH', message, hint };
}

function outline(): string {
  return `a mesh has mesh.yaml, ${Object.values(shapes).join(', ')}`;
}

/** The paths that another path equals but for case, each with that other. */
export function caseConflicts(paths: readonly string[]): readonly (readonly [path: string, other: string])[] {
  const first = new Map<string, string>();
  return paths.toSorted(compareText).flatMap((path) => {
    const folded = path.toLowerCase();
    const other = first.get(folded);
    if (other === undefined) first.set(folded, path);
    return other === undefined ? [] : [[path, other] as const];
  });
}

/** What is wrong with a path that equals another but for case. */
export function caseConflict(other: string): {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
} {
  const hint = 'keep one of them: on some machines they are the same file';
  return { code: 'CASE_CONFLICT', message: `the path differs from ${other} in case alone, or not at all`, hint };
}
