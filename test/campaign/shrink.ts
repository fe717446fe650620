import { isCase } from './case-file.ts';
import { kindOf, namesIn } from './kind.ts';
import type { LawCase } from './law-case.ts';
import type { Finding } from './trial.ts';

/** A case that was made smaller. */
export interface Shrunk {
  readonly one: LawCase;
  /** What it breaks still, of the kind that it broke at first. */
  readonly findings: readonly Finding[];
  /** In how many of three further tries it broke that. */
  readonly again: number;
}

/** Makes a case smaller as long as it breaks the same law in the same words: what else it may break then is another finding. */
export async function shrinkFinding(
  { one, finding }: { readonly one: LawCase; readonly finding: Finding },
  tryOne: (one: LawCase) => Promise<{ readonly findings: readonly Finding[] }>,
  seconds: number,
): Promise<Shrunk> {
  const names = namesIn(one);
  const kind = kindOf(finding, names);
  const isBroken = async (tried: LawCase): Promise<readonly Finding[]> => {
    // What is no case any more, and what breaks the trial itself, is not the same finding.
    const { findings } = isCase(tried) ? await tryOne(tried).catch(() => ({ findings: [] })) : { findings: [] };
    return findings.filter((other) => kindOf(other, names) === kind);
  };
  const smaller = await shrink(one, async (tried) => (await isBroken(tried)).length > 0, seconds);
  let again = 0;
  let findings: readonly Finding[] = [];
  for (let time = 0; time < 3; time += 1) {
    const found = await isBroken(smaller);
    if (found.length > 0) {
      again += 1;
      findings = found;
    }
  }
  return { one: smaller, findings, again };
}

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
