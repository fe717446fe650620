import { digest } from '../core/digest.ts';
import { compareText } from '../core/problem.ts';

/** A text as a name of the mesh: lower-case letters, digits and hyphens; nothing where none is left. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50)
    .replaceAll(/-+$/g, '');
}

/** Something that wants a name. */
export interface Nameless {
  /** What tells it from all others, in every run. */
  readonly identity: string;
  readonly wanted: string;
}

/**
 * A free name for each, by identity, added to those taken. Of several that want one name none gets it
 * bare: which of them is found first must not matter.
 */
export function nameAll(nameless: readonly Nameless[], taken: Set<string>): ReadonlyMap<string, string> {
  const wishes = new Map<string, number>();
  for (const { wanted } of nameless) wishes.set(wanted, (wishes.get(wanted) ?? 0) + 1);
  const names = new Map<string, string>();
  for (const { identity, wanted } of nameless.toSorted((a, b) => compareText(a.identity, b.identity))) {
    const mark = digest(identity);
    const candidates = [...(wishes.get(wanted) === 1 ? [wanted] : []), `${wanted}-${mark.slice(0, 4)}`];
    const name = candidates.find((one) => !taken.has(one)) ?? `${wanted}-${mark.slice(0, 12)}`;
    taken.add(name);
    names.set(identity, name);
  }
  return names;
}
