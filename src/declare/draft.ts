import { compareText, type Place, type Problem } from '../core/problem.ts';
import type { Declared } from './declaration.ts';
import type { Account, DataProduct, Mesh, Subscription } from './files.ts';
import { caseConflict, caseConflicts, isLeftOut, type Layout, layoutOf } from './layout.ts';
import { checkLimits } from './limits.ts';
import type { MeshFile, MeshFiles } from './mesh-files.ts';
import { parse } from './parse.ts';
import type { Path } from './positions.ts';
import { checkSchema } from './schema.ts';

/** A file that has its schema's shape, with the places of its keys too. */
export interface Sound<T> extends Declared<T> {
  /** Where the key of the value at a path stands. */
  readonly keyAt: (path: Path) => Place;
}

/** A subscription that has its schema's shape. */
export interface SoundSubscription extends Sound<Subscription> {
  readonly product: string;
  readonly consumer: string;
}

/** What the sound files say so far. */
export interface Draft {
  readonly mesh: Sound<Mesh> | undefined;
  readonly accounts: ReadonlyMap<string, Sound<Account>>;
  readonly products: ReadonlyMap<string, Sound<DataProduct>>;
  readonly subscriptions: ReadonlyMap<string, SoundSubscription>;
  /** Files that exist but are not sound, so that one fault does not make ten. */
  readonly unsound: Unsound;
}

/** Names of files that have problems of their own. */
interface Unsound {
  readonly mesh: boolean;
  readonly accounts: ReadonlySet<string>;
  readonly products: ReadonlySet<string>;
}

/** Reads each file by itself. */
export function draft(mesh: MeshFiles): { readonly draft: Draft; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [...mesh.problems];
  const accounts = new Map<string, Sound<Account>>();
  const products = new Map<string, Sound<DataProduct>>();
  const subscriptions = new Map<string, SoundSubscription>();
  const unsound = unreadLayouts(mesh);
  let root: Sound<Mesh> | undefined;
  const files = mesh.files
    .filter(({ path }) => !path.split('/').some(isLeftOut))
    .toSorted((a, b) => compareText(a.path, b.path) || compareText(a.blob, b.blob));
  const byPath = new Map(files.map((file) => [file.path, file.file]));
  for (const [path, other] of caseConflicts(files.map((file) => file.path))) {
    problems.push({ ...caseConflict(other), place: { file: byPath.get(path) ?? path, line: 1, column: 1 } });
  }
  for (const file of files) {
    const layout = layoutOf(file.path);
    if (!('kind' in layout)) {
      problems.push({ ...layout, place: { file: file.file, line: 1, column: 1 } });
      continue;
    }
    const found = sound(layout, file);
    problems.push(...found.problems);
    if (found.declared === undefined) unsound.push(layout);
    // The schema of the layout's kind has just vouched for the type.
    else if (layout.kind === 'Mesh') root = found.declared as Sound<Mesh>;
    else if (layout.kind === 'Account') accounts.set(layout.account, found.declared as Sound<Account>);
    else if (layout.kind === 'DataProduct') products.set(layout.product, found.declared as Sound<DataProduct>);
    else {
      const { product, consumer } = layout;
      subscriptions.set(layout.key, { ...(found.declared as Sound<Subscription>), product, consumer });
    }
  }
  return { draft: { mesh: root, accounts, products, subscriptions, unsound: namesOf(unsound) }, problems };
}

function namesOf(layouts: readonly Layout[]): Unsound {
  return {
    mesh: layouts.some((layout) => layout.kind === 'Mesh'),
    accounts: new Set(layouts.flatMap((layout) => (layout.kind === 'Account' ? [layout.account] : []))),
    products: new Set(layouts.flatMap((layout) => (layout.kind === 'DataProduct' ? [layout.product] : []))),
  };
}

/** What one file says by itself, where it has its schema's shape. */
export function sound(
  layout: Layout,
  file: MeshFile,
): { readonly declared?: Sound<unknown>; readonly problems: readonly Problem[] } {
  const { value, positions, problems } = parse(file);
  if (positions === undefined) return { problems };
  const faults = checkSchema(layout.kind, file.file, { value, positions });
  if (faults.length > 0) return { problems: faults };
  const { file: name, path, blob } = file;
  const limits = checkLimits(layout.kind, value);
  if (limits.length > 0)
    return {
      problems: limits.map(({ path: to, ...fault }) => ({ ...fault, place: { file: name, ...positions.keyAt(to) } })),
    };
  const at = (to: Path): Place => ({ file: name, ...positions.at(to) });
  const keyAt = (to: Path): Place => ({ file: name, ...positions.keyAt(to) });
  return { declared: { file: name, path, blob, value, at, keyAt }, problems: [] };
}

// A file that could not be read still exists: its problem's place says which it is.
function unreadLayouts({ directory, problems }: MeshFiles): Layout[] {
  const prefix = directory === '.' ? '' : `${directory}/`;
  return problems.flatMap(({ place }) => {
    if (place === undefined || !place.file.startsWith(prefix)) return [];
    const layout = layoutOf(place.file.slice(prefix.length));
    return 'kind' in layout ? [layout] : [];
  });
}

/** A mapping without entries; unlike `{}` it has no `constructor`, which is a name like any other. */
export const nothing: Readonly<Record<string, never>> = Object.freeze(Object.create(null));
