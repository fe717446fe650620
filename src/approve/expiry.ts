import type { Proofs } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Subscription } from '../declare/files.ts';
import type { LastProven, Past } from './last-proven.ts';
import type { Reading } from './rules.ts';

/** The last proven day of access, by the path of a subscription whose version now is not proven. */
export type ProvenEnds = ReadonlyMap<string, string>;

/**
 * Subscriptions of which an older version had a day that has passed: only of these does it matter now whether their
 * newest version is proven, although all that it asks is there.
 */
export async function everOver(
  { history, root, read }: Past,
  { subscriptions }: Declaration,
  today: string,
): Promise<readonly string[]> {
  const isOver = (value: Reading['value'] | undefined): boolean =>
    value?.kind === 'Subscription' && value.expires !== undefined && value.expires < today;
  const wasOver = async ({ path, value }: { readonly path: string; readonly value: Subscription }) => {
    const versions = history.versions.get(path) ?? [];
    if (isOver(value) || (versions.at(-1)?.at ?? 0) <= root) return [];
    const older = versions.slice(0, -1).flatMap(({ blob }) => blob ?? []);
    const readings = await Promise.all(older.map((blob) => read(path, blob)));
    return readings.some((reading) => isOver(reading?.value)) ? [path] : [];
  };
  return (await Promise.all([...subscriptions.values()].map(wasOver))).flat();
}

/** The days on which unproven subscriptions end: an expiry that nobody approved extends nothing. What could not be checked ends nothing. */
export async function provenEnds(
  paths: readonly string[],
  { proofs, lastOf }: { readonly proofs: Proofs; readonly lastOf: (path: string) => Promise<LastProven> },
): Promise<ProvenEnds> {
  const ends = new Map<string, string>();
  for (const path of paths) {
    const proof = proofs.get(path);
    if (proof === undefined || proof.proven || proof.isUnchecked === true) continue;
    const { readings, isCertain } = await lastOf(path);
    const value = isCertain ? readings[0]?.value : undefined;
    if (value?.kind === 'Subscription' && value.expires !== undefined) ends.set(path, value.expires);
  }
  return ends;
}

/** The declaration with no subscription beyond the last day that is proven of it. */
export function endingAsProven(declaration: Declaration, ends: ProvenEnds): Declaration {
  if (ends.size === 0) return declaration;
  const subscriptions = [...declaration.subscriptions].map(([key, one]) => {
    const [expires] = [one.value.expires, ends.get(one.path)].flatMap((day) => day ?? []).sort();
    return [key, expires === undefined ? one : { ...one, value: { ...one.value, expires } }] as const;
  });
  return { ...declaration, subscriptions: new Map(subscriptions) };
}
