import type { LawCase } from './law-case.ts';

type Path = readonly (string | number)[];

/**
 * Makes a failing case smaller: takes away parts of its plain data, large ones first, as long as it still fails
 * and time is left. What is no case any more does not fail, so that nothing here knows what a mesh is.
 */
export async function shrink(
  one: LawCase,
  fails: (one: LawCase) => Promise<boolean>,
  seconds: number,
): Promise<LawCase> {
  const end = performance.now() + seconds * 1000;
  let best = one;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    const paths = partsOf(best).sort((a, b) => b.size - a.size);
    for (const { path } of paths) {
      if (performance.now() > end) return best;
      const without = drop(best, path);
      if (without === undefined || !(await fails(without))) continue;
      best = without;
      isSmaller = true;
    }
  }
  return best;
}

/** Every part that might be left out, with how much it holds. */
function partsOf(one: LawCase): { readonly path: Path; readonly size: number }[] {
  const found: { readonly path: Path; readonly size: number }[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (path.length > 0 && path[0] !== 'title') found.push({ path, size: JSON.stringify(value)?.length ?? 0 });
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) visit(part, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  visit(one, []);
  return found;
}

/** The case without what stands at a path; undefined where nothing stands there any more. */
function drop(one: LawCase, path: Path): LawCase | undefined {
  const copy = structuredClone(one) as unknown;
  let holder = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) {
    const next = holder[step];
    if (typeof next !== 'object' || next === null) return undefined;
    holder = next as Record<string | number, unknown>;
  }
  const last = path.at(-1);
  if (last === undefined || !(last in holder)) return undefined;
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return copy as LawCase;
}
