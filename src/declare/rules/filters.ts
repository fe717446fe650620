import { derivedPrefix } from '../../core/filter-name.ts';
import type { Problem } from '../../core/problem.ts';
import type { Entry, Joined } from '../entries.ts';
import { meet } from '../patterns.ts';
import { placeText } from '../wording.ts';
import { contentOf } from './overlaps.ts';

/** A data cells filter of one name has one content on a table, and no name that Meshgate might choose. */
export function checkFilters(mesh: Joined): readonly Problem[] {
  return [...checkContents(mesh), ...checkNames(mesh)];
}

function checkNames({ entries }: Joined): readonly Problem[] {
  return entries.flatMap(({ access, at }) => {
    if (access.filter?.startsWith(derivedPrefix) !== true) return [];
    const message = `the filter "${access.filter}" has a name such as Meshgate chooses itself`;
    const hint = `give it a name that does not begin with ${derivedPrefix}, or leave filter out`;
    return [{ code: 'RESERVED_NAME', message, hint, place: at('filter') }];
  });
}

function checkContents({ entries }: Joined): readonly Problem[] {
  const named = new Map<string, Entry[]>();
  return entries.flatMap((entry) => {
    const { access, productName, at } = entry;
    if (access.filter === undefined || access.rows === undefined) return [];
    const key = `${productName} ${access.filter}`;
    const earlier = named.get(key) ?? [];
    const other = earlier.find((one) => contentOf(one.access) !== contentOf(access) && shareTable(one, entry));
    // One of each content is enough to compare with.
    if (!earlier.some((one) => contentOf(one.access) === contentOf(access) && sameTables(one, entry)))
      named.set(key, [...earlier, entry]);
    if (other === undefined) return [];
    const message = `the filter "${access.filter}" has other rows or columns at ${placeText(other.at('filter'))}`;
    return [{ code: 'FILTER_CONFLICT', message, hint: 'give one of them another name', place: at('filter') }];
  });
}

function shareTable(a: Entry, b: Entry): boolean {
  return (a.access.tables ?? []).some((left) => (b.access.tables ?? []).some((right) => meet(left, right)));
}

function sameTables(a: Entry, b: Entry): boolean {
  return a.access.tables?.join() === b.access.tables?.join();
}
