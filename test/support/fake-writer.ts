import type { PermissionRow } from '../../src/core/canonical.ts';
import { type Entry, type FailureKind, LakeFailure, type LakeWriter } from '../../src/core/lake.ts';

/** A failure of the given kind. */
export function failureOf(kind: FailureKind, code: string = kind, operation = 'BatchGrantPermissions'): LakeFailure {
  return new LakeFailure({ operation, code, message: `${code} was answered`, kind });
}

/** What a fake writer does before it answers. */
export interface Behaviour {
  /** Refuses an entry; the attempt is how often an entry for these cells came, from 1. */
  readonly refuse?: (entry: Entry, attempt: number) => LakeFailure | undefined;
  /** Fails a whole call; the count is of calls, from 1. */
  readonly fail?: (call: number) => LakeFailure | undefined;
  readonly onCall?: (call: number) => void;
  readonly failObject?: (name: string) => LakeFailure | undefined;
}

/** A lake's writing half that holds cells in memory: granting adds, revoking what is not held is refused, as the service does. */
export function fakeWriter(behaviour: Behaviour = {}) {
  const cells = new Set<string>();
  const objects = new Map<string, string>();
  const calls: { readonly action: 'grant' | 'revoke'; readonly entries: readonly Entry[] }[] = [];
  const attempts = new Map<string, number>();
  const busy = new Set<string>();
  const overlaps: string[] = [];

  const batch = async (
    action: 'grant' | 'revoke',
    entries: readonly Entry[],
  ): Promise<readonly (LakeFailure | undefined)[]> => {
    calls.push({ action, entries });
    const call = calls.length;
    const principals = new Set(entries.map(({ principal }) => principal));
    for (const one of principals) if (busy.has(one)) overlaps.push(one);
    for (const one of principals) busy.add(one);
    behaviour.onCall?.(call);
    await new Promise((resolve) => setImmediate(resolve));
    for (const one of principals) busy.delete(one);
    const failure = behaviour.fail?.(call);
    if (failure !== undefined) throw failure;
    return entries.map((entry) => {
      const key = cellsOf(entry).join();
      attempts.set(key, (attempts.get(key) ?? 0) + 1);
      return behaviour.refuse?.(entry, attempts.get(key) ?? 0) ?? change(action, entry);
    });
  };
  const change = (action: 'grant' | 'revoke', entry: Entry): LakeFailure | undefined => {
    const own = cellsOf(entry);
    if (action === 'revoke' && own.some((cell) => !cells.has(cell)))
      return failureOf('already', 'InvalidInputException');
    for (const cell of own) {
      if (action === 'grant') cells.add(cell);
      else cells.delete(cell);
    }
    return undefined;
  };
  const object = async (name: string, value: string | undefined): Promise<void> => {
    const failure = behaviour.failObject?.(name);
    if (failure !== undefined) throw failure;
    if (value === undefined) objects.delete(name);
    else objects.set(name, value);
  };
  const writer: LakeWriter = {
    grant: (entries) => batch('grant', entries),
    revoke: (entries) => batch('revoke', entries),
    createFilter: (filter) => object(filter.name, `created ${filter.rows}`),
    updateFilter: (filter) => object(filter.name, `updated ${filter.rows}`),
    deleteFilter: (filter) => object(filter.name, undefined),
    setParameter: ({ name, value }) => object(name, value),
    associate: async () => undefined,
    accept: async (wanted) => {
      for (const { database } of wanted) await object(`share ${database}`, 'accepted');
      return [];
    },
    createLink: ({ database, target }) => object(database, `link to ${target.database}`),
    deleteLink: ({ database }) => object(database, undefined),
    createOptIn: ({ principal }) => object(`opt-in of ${principal}`, 'made'),
    deleteOptIn: ({ principal }) => object(`opt-in of ${principal}`, undefined),
  };
  return { writer, cells, objects, calls, overlaps };
}

/** The cells of an entry, as text. */
function cellsOf({ principal, resource, permissions, withGrantOption }: PermissionRow): readonly string[] {
  const on = `${principal} ${JSON.stringify(resource)}`;
  return [...permissions.map((one) => `${one} ${on}`), ...withGrantOption.map((one) => `${one} option ${on}`)];
}
