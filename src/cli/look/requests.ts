import type { AccessRequest } from '../../core/lifecycle.ts';
import type { Declaration, DeclaredSubscription } from '../../declare/declaration.ts';
import { layoutOf } from '../../declare/layout.ts';
import { githubForge } from '../../github/forge.ts';
import { closerOf, type FoundRequest, filesOf, requestsOn } from '../../github/requests.ts';
import { gitHub } from '../hosted.ts';
import type { LakeOptions } from '../options.ts';
import { settings } from '../record.ts';
import { localBase } from '../request/base.ts';
import { awaitedBy } from '../request/open-request.ts';

/** A request for a subscription, with the subscription as it would have it. */
export interface SeenRequest {
  readonly request: AccessRequest;
  /** Undefined where it is removed, not valid, or was not read. */
  readonly subscription?: DeclaredSubscription;
  /** The mesh that it would be a part of. */
  readonly after?: Declaration;
}

/** The pull requests of each subscription: what is open, and what was closed without a merge, newest last. */
export type Requests = ReadonlyMap<string, readonly SeenRequest[]>;

/** Asks GitHub for the pull requests about subscriptions; throws `ForgeFailure`. */
export async function requestsAt(
  options: LakeOptions,
  env: Readonly<Record<string, string | undefined>>,
  closedSince: string,
): Promise<Requests> {
  const { files, declaration, prefix } = await localBase({ mesh: options.mesh, remote: 'origin' });
  const hosted = await gitHub(options, env);
  const forge = githubForge({ ...settings(options, env), isNew: () => false });
  const found = new Map<string, SeenRequest[]>();
  const add = (path: string, seen: SeenRequest): void => {
    const layout = layoutOf(path);
    if (!('kind' in layout) || layout.kind !== 'Subscription') return;
    found.set(layout.key, [...(found.get(layout.key) ?? []), seen]);
  };
  for (const { number, author, updated, closed: at = updated, isMerged } of await requestsOn(
    hosted.client,
    hosted,
    closedSince,
  )) {
    if (isMerged) continue;
    const paths = await subscriptionsIn({ number }, { hosted, prefix });
    if (paths.length === 0) continue;
    const by = await closerOf(hosted.client, hosted.place, number);
    const isWithdrawn = by !== undefined && by.id === author?.id;
    const request: AccessRequest = { kind: 'closed', pull: number, at, isWithdrawn, ...(by && { by: by.login }) };
    for (const path of paths) add(path, { request });
  }
  const standing = { mesh: options.mesh, files, declaration, prefix };
  for (const open of await requestsOn(hosted.client, hosted)) {
    const awaited = await awaitedBy(open, { ...hosted, standing, forge });
    if (awaited === undefined) continue;
    const { people, against, touched, after } = awaited;
    for (const { path, blob } of touched) {
      const [was, is] = [declaration, after].map((files) => subscriptionAt(files, path));
      const does = blob === undefined ? 'remove' : was === undefined ? 'add' : 'change';
      const request: AccessRequest = {
        kind: 'open',
        pull: open.number,
        at: open.created,
        ...(open.author && { by: open.author.login }),
        does,
        missing: people.map(({ login }) => login),
        against: against.map(({ login }) => login),
      };
      add(path, { request, ...(is && { subscription: is }), ...(after && { after }) });
    }
  }
  for (const seen of found.values()) seen.sort((a, b) => Date.parse(a.request.at) - Date.parse(b.request.at));
  return found;
}

async function subscriptionsIn(
  { number }: Pick<FoundRequest, 'number'>,
  { hosted, prefix }: { readonly hosted: Awaited<ReturnType<typeof gitHub>>; readonly prefix: string },
): Promise<readonly string[]> {
  const files = await filesOf(hosted.client, hosted.place, number);
  return files.flatMap(({ path, blob }) =>
    blob !== undefined && path.startsWith(`${prefix}subscriptions/`) ? [path.slice(prefix.length)] : [],
  );
}

function subscriptionAt(declaration: Declaration | undefined, path: string): DeclaredSubscription | undefined {
  const layout = layoutOf(path);
  return 'kind' in layout && layout.kind === 'Subscription' ? declaration?.subscriptions.get(layout.key) : undefined;
}
