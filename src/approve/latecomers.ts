import type { FileHistory, PastVersion } from '../core/file-history.ts';
import type { Proof, Proofs } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Past } from './last-proven.ts';
import type { Reading } from './rules.ts';

/**
 * The subscriptions whose newest version came when another to their product had gone or changed, or they had gone
 * themselves, since the trust root: another of their account, or of any where they are for principals that several may
 * name. Only of these does it matter at once whether they are proven although all that they ask is there: what is there
 * may be what the other one gave, and has ended.
 */
export function latecomers({ history, root, shared }: LatePast): ReadonlySet<string> {
  const moves = new Map<string, PastVersion[]>();
  for (const [path, versions] of history.versions) {
    const asker = askerIn(path);
    if (asker === undefined) continue;
    // What comes into being has taken nothing from anybody.
    const lost = versions.filter(
      ({ at, blob }, index) => at > root && (blob === undefined || isThere(versions[index - 1])),
    );
    moves.set(asker, [...(moves.get(asker) ?? []), ...lost]);
  }
  const isLate = (path: string): boolean => {
    const newest = history.versions.get(path)?.at(-1);
    if (newest?.blob === undefined || newest.at <= root) return false;
    const asker = askerIn(path) ?? '';
    const others = shared.has(path) ? ofProduct(moves, asker) : (moves.get(asker) ?? []);
    // That a file was changed before says nothing of others; that it was gone does.
    return others.some((one) => one.at <= newest.at && (one.path !== path || one.blob === undefined));
  };
  return new Set([...history.versions.keys()].filter(isLate));
}

/** What git tells of subscriptions, and which of them are for principals of mesh.yaml, which belong to no account that asks. */
interface LatePast {
  readonly history: Pick<FileHistory, 'versions'>;
  /** The place of the trust root in it. */
  readonly root: number;
  readonly shared: ReadonlySet<string>;
}

/** The paths of subscriptions that name principals of mesh.yaml. */
export function sharedIn({ mesh, subscriptions }: Declaration): ReadonlySet<string> {
  const { principals = {} } = mesh.value;
  const names = (one: string): boolean => Object.hasOwn(principals, one);
  return new Set(
    [...subscriptions.values()].flatMap(({ path, value }) => (value.principals?.some(names) === true ? path : [])),
  );
}

function ofProduct(moves: ReadonlyMap<string, readonly PastVersion[]>, asker: string): readonly PastVersion[] {
  const product = asker.slice(0, asker.lastIndexOf('/') + 1);
  return [...moves].flatMap(([one, lost]) => (one.startsWith(product) ? lost : []));
}

function isThere(version: PastVersion | undefined): boolean {
  return version?.blob !== undefined;
}

/** By path, what the latecomers that are not proven keep of what is live: as much as they said when they were proven last. */
export type Keeping = ReadonlyMap<string, Reading['value'] | undefined>;

/**
 * What unproven latecomers keep: what the newest version says that is proven of those since the file came into being;
 * nothing without one. Where that could not be asked they keep all that they find.
 */
export async function keptBy(
  late: ReadonlySet<string>,
  { past, proofs }: { readonly past: Past; readonly proofs: Proofs },
  proofOf: (version: PastVersion) => Promise<Proof>,
): Promise<Keeping> {
  const keeping = new Map<string, Reading['value'] | undefined>();
  if (past.history.isShallow) return keeping;
  for (const path of late) {
    const proof = proofs.get(path);
    if (proof === undefined || proof.proven || proof.isUnchecked === true) continue;
    const kept = await lastOfLife(path, past, proofOf);
    if (kept !== 'unchecked') keeping.set(path, kept);
  }
  return keeping;
}

async function lastOfLife(
  path: string,
  { history, read }: Past,
  proofOf: (version: PastVersion) => Promise<Proof>,
): Promise<Reading['value'] | undefined | 'unchecked'> {
  for (const version of lifeOf(history, path).toReversed()) {
    const proof = await proofOf(version);
    // What cannot be read any more is not known to have said nothing.
    if (proof.proven) return (await read(path, version.blob ?? ''))?.value ?? 'unchecked';
    if (proof.isUnchecked === true) return 'unchecked';
  }
  return undefined;
}

/** The versions of a file since it last came into being, oldest first. */
function lifeOf({ versions }: Pick<FileHistory, 'versions'>, path: string): readonly PastVersion[] {
  const all = versions.get(path) ?? [];
  return all.slice(all.findLastIndex(({ blob }) => blob === undefined) + 1);
}

/** Who asks for which product in a subscription, whatever its name. */
function askerIn(path: string): string | undefined {
  return /^subscriptions\/[^/]+\/[^/]+\/[^/.]+/.exec(path)?.[0];
}

/** The declaration with subscriptions as far as what is live is kept for them. */
export function asKept(declaration: Declaration, keeping: Keeping): Declaration {
  const subscriptions = [...declaration.subscriptions].flatMap(([key, one]) => {
    if (!keeping.has(one.path)) return [[key, one] as const];
    const value = keeping.get(one.path);
    return value?.kind === 'Subscription' ? [[key, { ...one, value }] as const] : [];
  });
  return { ...declaration, subscriptions: new Map(subscriptions) };
}
