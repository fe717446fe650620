import type { FileHistory, PastVersion } from '../core/file-history.ts';

interface Past {
  readonly history: Pick<FileHistory, 'versions'>;
  /** The place of the trust root in it. */
  readonly root: number;
}

/**
 * The subscriptions that came when another of their account to their product had gone, or came again, since the trust
 * root. Only of these does it matter at once whether they are proven although all that they ask is there: what is
 * there may be what the other one gave, and has ended.
 */
export function latecomers({ history, root }: Past): ReadonlySet<string> {
  const gone = new Map<string, number>();
  for (const [path, versions] of history.versions)
    for (const { at, blob } of versions) {
      const asker = askerIn(path);
      if (asker !== undefined && blob === undefined && at > root && at < (gone.get(asker) ?? Number.POSITIVE_INFINITY))
        gone.set(asker, at);
    }
  const isLate = (path: string): boolean => {
    const [first] = lifeOf(history, path);
    return first !== undefined && first.at > root && first.at >= (gone.get(askerIn(path) ?? '') ?? first.at + 1);
  };
  return new Set([...history.versions.keys()].filter(isLate));
}

/** The versions of a file since it last came into being, oldest first. */
export function lifeOf({ versions }: Pick<FileHistory, 'versions'>, path: string): readonly PastVersion[] {
  const all = versions.get(path) ?? [];
  return all.slice(all.findLastIndex(({ blob }) => blob === undefined) + 1);
}

/** Who asks for which product in a subscription, whatever its name. */
function askerIn(path: string): string | undefined {
  return /^subscriptions\/[^/]+\/[^/]+\/[^/.]+/.exec(path)?.[0];
}
