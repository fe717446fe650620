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
}

// Entries come in path order, so that of two the later is refused. A group is what one principal holds on
// one product.
function byPrincipal(entries: readonly Entry[]): Iterable<readonly Holding[]> {
  const groups = new Map<string, Holding[]>();
  for (const entry of entries) {
    const { permissions, productName, kind, principals } = entry;
    if (permissions === undefined) continue;
    for (const id of new Set(principals.map((principal) => principal.id))) {
      const key = `${productName} ${kind} ${id}`;
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [{ entry, permissions }]);
      else known.push({ entry, permissions });
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
      else names.set(text, [...(names.get(text) ?? []), later]);
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

function judge(earlier: Holding, later: Holding, text: string): Problem | undefined {
  const place = later.entry.at();
  const where = placeText(earlier.entry.at());
  const on = later.entry.kind === 'database' ? 'the database' : `"${text}"`;
  const shared = later.permissions.filter((permission) => earlier.permissions.includes(permission));
  const [one, other] = [limitsOf(earlier.entry), limitsOf(later.entry)];
  if (shared.includes('SELECT') && one.form !== other.form) {
    const message = `the same principal has SELECT on ${on} with ${one.form} at ${where}, and here with ${other.form}`;
    return {
      code: 'SELECT_CONFLICT',
      message,
      hint: 'Lake Formation gives a principal one of them: keep one entry',
      place,
    };
  }
  if (clashes(earlier, later) || clashes(later, earlier)) {
    const message = `the same principal has a column list and a modifying permission on ${on}, here and at ${where}`;
    return {
      code: 'COLUMNS_WITH_MODIFYING',
      message,
      hint: `Lake Formation does not give ${modifying.join(', ')} beside a column list`,
      place,
    };
  }
  // Several data cells filters on one table add up; anything else would be said twice.
  const twice = shared.filter(
    (permission) => permission !== 'SELECT' || one.form !== 'rows' || one.content === other.content,
  );
  if (twice.length === 0) return undefined;
  const message = `the same principal has ${twice.join(', ')} on ${on} already at ${where}`;
  return { code: 'OVERLAP', message, hint: 'say it once: merge the entries, or narrow one of them', place };
}

function clashes(limited: Holding, other: Holding): boolean {
  if (limited.entry.access.columns === undefined || !limited.permissions.includes('SELECT')) return false;
  return other.permissions.some((permission) => modifying.includes(permission));
}

function limitsOf({ access }: Entry): {
  readonly form: 'all columns and rows' | 'columns' | 'rows';
  readonly content: string;
} {
  const content = contentOf(access);
  if (access.rows !== undefined) return { form: 'rows', content };
  return { form: access.columns === undefined ? 'all columns and rows' : 'columns', content };
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
