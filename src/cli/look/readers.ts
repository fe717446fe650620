import type { Layer, Readers } from '../../core/explanation.ts';
import { isKnown } from '../../core/lifecycle.ts';
import { toPrincipal } from '../../core/principal.ts';
import { compareText } from '../../core/problem.ts';
import { localLayersOn } from '../../explain/imported.ts';
import { layersOn, readingOnly, type ThroughOf } from '../../explain/layers.ts';
import type { Target } from '../../explain/target.ts';
import { whyUnread } from './accounts.ts';
import type { Grounds } from './ground.ts';
import type { Look } from './look.ts';

/** Every way in which anybody reads a target: by the central catalog, and by the lakes of accounts that it was given to. */
export function readingLayers(target: Target, { ground, locals }: Grounds): readonly Layer[] {
  if (ground === undefined) return [];
  const anybody: ThroughOf = (holder) => (holder.id === openToIam ? 'IAM' : 'itself');
  return readingOnly([
    ...layersOn(target, anybody, ground),
    ...locals.flatMap((local) => localLayersOn(target, anybody, local)),
  ]);
}

const openToIam = toPrincipal('IAM_ALLOWED_PRINCIPALS').id;

/** Those who read, each with the ways in which it does, and what the answer does not hold. */
export function readersIn(look: Look, layers: readonly Layer[]): Pick<Readers, 'readers' | 'unread' | 'limits'> {
  const live = layers.filter(({ isIdle }) => isIdle !== true);
  const ids = [...new Set(live.map(({ principal }) => principal.id))];
  const readers = ids.map((id) => {
    const own = live.filter(({ principal }) => principal.id === id);
    return { principal: own[0]?.principal ?? { id }, layers: own };
  });
  return {
    readers: readers.toSorted((a, b) =>
      compareText(a.principal.name ?? a.principal.id, b.principal.name ?? b.principal.id),
    ),
    unread: unreadAmong(look, ids),
    limits: limitsOf(look, layers),
  };
}

/** The accounts among the holders whose own lakes were not looked at: who reads there is not known. */
function unreadAmong(look: Look, ids: readonly string[]): Readers['unread'] {
  return ids
    .map(toPrincipal)
    .filter(({ kind }) => kind === 'account')
    .flatMap(({ id }) => {
      const why = whyUnread(look, id);
      const name = look.names.get(id);
      return why === undefined ? [] : [{ account: { id, ...(name !== undefined && { name }) }, why }];
    })
    .sort((a, b) => compareText(a.account.name ?? a.account.id, b.account.name ?? b.account.id));
}

/** What nobody can tell from the grants that were read. */
function limitsOf(look: Look, layers: readonly Layer[]): readonly string[] {
  const { lake, names } = look;
  const nameOf = (id: string): string => names.get(toPrincipal(id).id) ?? id;
  const holders = new Set(layers.map(({ principal }) => toPrincipal(principal.id).id));
  const lakes = isKnown(lake) ? [lake.observed, ...lake.others] : [];
  const administrators = lakes.flatMap(({ settings, lake: id }, index) =>
    index === 0 || holders.has(id.split('/')[0] ?? '') ? settings.administrators : [],
  );
  const isOrganization = [...holders].some((id) => toPrincipal(id).kind.startsWith('organization'));
  return [
    ...(administrators.length === 0
      ? []
      : [`data lake administrators may grant it to themselves: ${administrators.map(nameOf).join(', ')}`]),
    ...layers.flatMap(({ isIdle, principal, account, on }) =>
      isIdle === true && account !== undefined
        ? [
            `${nameOf(principal.id)} is granted ${on.resource} in the lake of ${nameOf(account.id)}, of which nothing comes: the account does not hold it in the central catalog`,
          ]
        : [],
    ),
    ...(isOrganization
      ? ['which accounts belong to an organization or an OU, and whom they pass it on to, is not known here']
      : []),
    'who may read the files in S3, or whom IAM lets past Lake Formation, is not seen here',
  ];
}
