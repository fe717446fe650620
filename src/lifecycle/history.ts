import type { PullOrigin } from '../core/explanation.ts';
import type { AccessRequest, LifecycleStanding, Unknown } from '../core/lifecycle.ts';
import type { Happening } from '../core/shown.ts';
import type { Brought } from '../core/subscriptions.ts';

/** A version of a file, as far as it is known how it came. */
export interface ToldVersion extends Brought {
  /** What it says; undefined where the commit removed the file, or what it holds is no sound file. */
  readonly value?: object;
  readonly isRemoved: boolean;
  readonly pull?: PullOrigin | Unknown;
}

/** What happened to a file of main, oldest first. */
export function versionHistory(versions: readonly ToldVersion[]): readonly Happening[] {
  return versions.map((version, index) => {
    const before = versions[index - 1];
    const { at, commit, author, pull } = version;
    return {
      at,
      what: changeText(before, version),
      commit,
      author,
      ...(pull && { pull }),
    };
  });
}

/** What happened to a subscription: its requests, its versions, and what came of them, oldest first. */
export function subscriptionHistory(
  versions: readonly ToldVersion[],
  requests: readonly AccessRequest[],
  { standing, live }: { readonly standing: LifecycleStanding; readonly live?: string | undefined },
): readonly Happening[] {
  const { state, since } = standing;
  const isReached = since !== undefined && (state === 'expired' || state === 'expiring');
  const all: readonly Happening[] = [
    ...versionHistory(versions).map(
      (one, index): Happening => (versions[index]?.isRemoved === true ? { ...one, state: 'revoked' } : one),
    ),
    ...requests.map(
      (request): Happening =>
        request.kind === 'open'
          ? {
              at: request.at,
              what: `asked for in #${request.pull}`,
              ...(request.does === 'add' && { state: 'requested' }),
            }
          : { at: request.at, what: `#${request.pull} closed`, state: request.isWithdrawn ? 'withdrawn' : 'denied' },
    ),
    ...(live === undefined ? [] : [{ at: live, what: 'in the lake, the newest of it', state: 'granted' } as const]),
    ...(isReached ? [{ at: since, what: standing.why, state }] : []),
  ];
  return all.toSorted((a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? ''));
}

/** What a version did: `added`, `removed`, or the fields that it changed, an expiry with its days. */
function changeText(before: ToldVersion | undefined, { value, isRemoved }: ToldVersion): string {
  if (isRemoved) return 'removed';
  if (before === undefined || before.isRemoved) return 'added';
  if (before.value === undefined || value === undefined) return 'changed';
  const [old, now] = [new Map(Object.entries(before.value)), new Map(Object.entries(value))];
  const fields = [...new Set([...old.keys(), ...now.keys()])].filter(
    (field) => JSON.stringify(old.get(field)) !== JSON.stringify(now.get(field)),
  );
  const text = (field: string): string =>
    field === 'expires' ? `expires ${old.get(field) ?? 'never'} -> ${now.get(field) ?? 'never'}` : field;
  return fields.length === 0 ? 'rewritten, saying the same' : `changed ${fields.map(text).join(', ')}`;
}
