import { isGlob } from '../../core/pattern.ts';
import { modifying, type Permission } from '../../core/permission.ts';
import type { Problem } from '../../core/problem.ts';
import type { Entry, Joined } from '../entries.ts';
import { meet } from '../patterns.ts';
import { placeText } from '../wording.ts';

/** What a principal holds on a resource is said in one place. */
export function checkOverlaps({ entries }: Joined): readonly Problem[] {
  const found = new Map<Entry, Problem>();
  for (const group of byPrincipal(entries)) {
    for (const [entry, problem] of checkGroup(group)) if (!found.has(entry)) found.set(entry, problem);
  }
  return [...found.values()];
}

interface Holding {
  readonly entry: Entry;
  readonly permissions: readonly Permission[];
  readonly form: 'all columns and rows' | 'columns' | 'rows';
  /** The same for the same limits. */
  readonly content: string;
}

// Entries come in path order, so that of two the later is refused. A group is what one principal holds on
// one product.
function byPrincipal(entries: readonly Entry[]): Iterable<readonly Holding[]> {
  const groups = new Map<string, Holding[]>();
  for (const entry of entries) {
    const { permissions, productName, kind, principals } = entry;
    if (permissions === undefined) continue;
    const holding = { entry, permissions, form: formOf(entry), content: contentOf(entry.access) };
    for (const id of new Set(principals.map((principal) => principal.id))) {
      const key = `${productName} ${kind} ${id}`;
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [holding]);
      else known.push(holding);
    }
  }
  return groups.values();
}

function checkGroup(group: readonly Holding[]): readonly (readonly [Entry, Problem])[] {
  if (group.length < 2) return [];
  const names = new Map<string, Holding[]>();
  const globs: (readonly [string, Holding])[] = [];
  return group.flatMap((later) => {
    const problem = firstProblem(later, names, globs);
    for (const text of new Set(resourcesOf(later.entry))) {
      if (isTableGlob(later.entry, text)) globs.push([text, later]);
      else push(names, text, later);
    }
    return problem === undefined ? [] : [[later.entry, problem] as const];
  });
}

function firstProblem(
  later: Holding,
  names: ReadonlyMap<string, readonly Holding[]>,
  globs: readonly (readonly [string, Holding])[],
): Problem | undefined {
  for (const text of resourcesOf(later.entry)) {
    const judged = (earlier: Holding): Problem | undefined => judge(earlier, later, text);
    for (const earlier of names.get(text) ?? []) {
      const problem = judged(earlier);
      if (problem !== undefined) return problem;
    }
    const isWild = isTableGlob(later.entry, text);
    const wider = globs
      .filter(([glob]) => later.entry.kind === 'tables' && meet(glob, text))
      .map(([, earlier]) => earlier);
    const narrower = isWild ? [...names].filter(([name]) => meet(name, text)).flatMap(([, earlier]) => earlier) : [];
    for (const earlier of [...wider, ...narrower]) {
      const problem = judged(earlier);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function resourcesOf({ access }: Entry): readonly string[] {
  return access.tables ?? access.locations ?? [''];
}

function isTableGlob({ kind }: Entry, text: string): boolean {
  return kind === 'tables' && isGlob(text);
}

// Called for each pair of entries on one table: text is made only where there is a problem.
function judge(earlier: Holding, later: Holding, text: string): Problem | undefined {
  const shared = later.permissions.filter((permission) => earlier.permissions.includes(permission));
  if (shared.includes('SELECT') && earlier.form !== later.form) {
    const message = `the same principal has SELECT on ${nameOf(later, text)} with ${earlier.form} at ${placeOf(earlier)}, and here with ${later.form}`;
    const hint = 'Lake Formation gives a principal one of them: keep one entry';
    return { code: 'SELECT_CONFLICT', message, hint, place: later.entry.at() };
  }
  if (clashes(earlier, later) || clashes(later, earlier)) {
    const message = `the same principal has a column list and a modifying permission on ${nameOf(later, text)}, here and at ${placeOf(earlier)}`;
    const hint = `Lake Formation does not give ${modifying.join(', ')} beside a column list`;
    return { code: 'COLUMNS_WITH_MODIFYING', message, hint, place: later.entry.at() };
  }
  // Several data cells filters on one table add up; anything else would be said twice.
  const addsUp = later.form === 'rows' && earlier.content !== later.content;
  const twice = addsUp ? shared.filter((permission) => permission !== 'SELECT') : shared;
  if (twice.length === 0) return undefined;
  const message = `the same principal has ${twice.join(', ')} on ${nameOf(later, text)} already at ${placeOf(earlier)}`;
  const hint = 'say it once: merge the entries, or narrow one of them';
  return { code: 'OVERLAP', message, hint, place: later.entry.at() };
}

function nameOf({ entry }: Holding, text: string): string {
  return entry.kind === 'database' ? 'the database' : `"${text}"`;
}

function placeOf({ entry }: Holding): string {
  return placeText(entry.at());
}

function push(names: Map<string, Holding[]>, text: string, holding: Holding): void {
  const known = names.get(text);
  if (known === undefined) names.set(text, [holding]);
  else known.push(holding);
}

function clashes(limited: Holding, other: Holding): boolean {
  if (limited.entry.access.columns === undefined || !limited.permissions.includes('SELECT')) return false;
  return other.permissions.some((permission) => modifying.includes(permission));
}

function formOf({ access }: Entry): Holding['form'] {
  if (access.rows !== undefined) return 'rows';
  return access.columns === undefined ? 'all columns and rows' : 'columns';
}

/** What a data cells filter of this entry holds, the same for the same content. */
export function contentOf({ rows, columns }: Entry['access']): string {
  const { include, exclude } = columns ?? {};
  return JSON.stringify([
    rows ?? null,
    include?.toSorted() ?? null,
    Array.isArray(exclude) ? exclude.toSorted() : (exclude ?? null),
  ]);
}
