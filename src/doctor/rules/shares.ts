import type { Association } from '../../core/association.ts';
import { aws, partitionOf } from '../../core/aws-command.ts';
import type { Check } from '../../core/diagnosis.ts';
import type { Share, SharedResource } from '../../core/lake.ts';
import { resourceText } from '../../core/resource.ts';
import { associationOf, namedIn, resourceOf } from '../../core/sharing.ts';
import { finding, ok, unchecked, unread } from '../check.ts';
import { type LakeReading, shortList } from '../reading.ts';
import { counted, listed } from '../words.ts';

const code = 'SHARES';

/** What is said of the RAM shares that bring other accounts what they are given. */
export function checkShares(lake: LakeReading): readonly Check[] {
  const { observed, shared } = lake;
  const gap = observed.gaps.find((one) => one.code === 'NO_SHARES');
  if (gap !== undefined) {
    const remedy = gap.hint === undefined ? {} : { remedy: gap.hint };
    return [unchecked(code, 'whether other accounts get what they are given', { why: gap.message, ...remedy })];
  }
  const { sharing } = observed;
  if (sharing === undefined || shared === undefined)
    return [ok(code, 'nothing that the mesh declares is given to another account')];
  const broken = brokenIn(lake);
  const left = shared.isRead
    ? leftover(lake, [...sharing.shares.values()], shared.value)
    : [unread(code, 'what is on the RAM shares that nobody needs', shared.failure)];
  const found = [...broken, ...left];
  return found.length > 0
    ? found
    : [ok(code, `${counted(sharing.shares.size, 'RAM share')} of the account; what is given to others reaches them`)];
}

/** What does not reach an account, by what is wrong with it. */
function brokenIn({ observed, region }: LakeReading): readonly Check[] {
  const groups = new Map<string, Association[]>();
  for (const { fact } of observed.facts.values()) {
    if (fact.kind !== 'association' || fact.trouble === undefined) continue;
    const why = `${fact.trouble.kind} ${fact.trouble.says}`;
    groups.set(why, [...(groups.get(why) ?? []), fact]);
  }
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (first?.trouble === undefined) return [];
    const all = [first, ...rest].map((one) => `${resourceText(resourceOf(one))} for ${one.principal}`);
    const [share] = first.trouble.shares;
    const look = ['ram', 'get-resource-share-associations', '--association-type'];
    const which = share === undefined ? [] : ['--resource-share-arns', share];
    return finding(code, `RAM does not bring ${listed(all)}: ${first.trouble.says}`, {
      severity: 'error',
      means: `${counted(all.length, 'grant')} to other accounts reach nobody`,
      remedy: remedies[first.trouble.kind],
      commands: [aws({ region }, ...look, first.trouble.kind === 'lapsed' ? 'PRINCIPAL' : 'RESOURCE', ...which)],
    });
  });
}

const remedies = {
  failed: 'see RESOURCE_POLICY and WRITE_RIGHTS; once the cause is mended the next apply has RAM try again',
  lapsed: 'the next apply invites the account again; it has twelve hours to accept',
  gone: 'the next apply revokes and grants again what the share carried, so that Lake Formation makes another',
} as const;

/** Shares that carry nothing, and what is on shares though nobody is given it, or is not though somebody is. */
function leftover(lake: LakeReading, shares: readonly Share[], shared: readonly SharedResource[]): readonly Check[] {
  // Of a lake that was not read as a whole nobody can say what no grant needs.
  const why =
    shortList(lake)?.message ??
    (lake.observed.sweepPages === undefined ? 'only what the mesh declares was asked for, to save calls' : undefined);
  if (why !== undefined) return [unchecked(code, 'whether RAM shares more than is granted', { why })];
  const needed = neededIn(lake);
  // Of rows that name no share nobody can say which they need.
  const own = needed.size === 0 ? [] : shares.filter(({ name }) => name.startsWith('LakeFormation'));
  const ours = new Set(own.map(({ arn }) => arn));
  const there = shared.filter(({ share, status }) => status !== 'DISASSOCIATED' && ours.has(share));
  const has = new Map<string, Set<string>>();
  for (const { share, arn } of there) has.set(share, (has.get(share) ?? new Set()).add(nameOf(namedIn(arn))));
  return [
    ...own.flatMap(({ arn, name, receiver = 'nobody' }) =>
      needed.has(arn)
        ? missingOn(lake, needed.get(arn), { arn, has: has.get(arn) })
        : idle(lake, { arn, name, receiver }),
    ),
    ...there.flatMap(({ arn, share }) => {
      const named = namedIn(arn);
      const names = needed.get(share);
      return names === undefined || named === undefined || isAmong(names, named) ? [] : orphan(lake, { arn, share });
    }),
  ];
}

function idle(lake: LakeReading, { arn, name, receiver }: Required<Pick<Share, 'arn' | 'name' | 'receiver'>>): Check {
  return finding(code, `the RAM share ${name} with ${receiver} carries nothing that is granted`, {
    severity: 'note',
    means: 'it counts against the limits of RAM, and names to the account what it may not read',
    commands: [aws(lake, 'ram', 'delete-resource-share', '--resource-share-arn', arn)],
  });
}

function orphan(lake: LakeReading, { arn, share }: Pick<SharedResource, 'arn' | 'share'>): Check {
  const off = ['disassociate-resource-share', '--resource-share-arn', share, '--resource-arns', arn];
  return finding(code, `${arn} is on a RAM share, and nobody is granted anything on it`, {
    severity: 'note',
    means: 'it was dropped before it was revoked, say; it counts against the limits of RAM',
    commands: [aws(lake, 'ram', ...off)],
  });
}

/** What somebody has taken off a share though it is granted: RAM lists it for a while at most, so that no plan sees it. */
function missingOn(
  lake: LakeReading,
  needed: Names = new Map(),
  { arn, has = new Set() }: { readonly arn: string; readonly has?: ReadonlySet<string> | undefined },
): readonly Check[] {
  return [...needed.values()].flatMap((one) => {
    if (has.has(nameOf(one)) || has.has(nameOf({ ...one, table: '*' }))) return [];
    const { database, table, principal } = one;
    const kind = table === undefined ? `database/${database}` : `table/${database}/${table}`;
    const resource = `arn:${partitionOf(lake.region)}:glue:${lake.region}:${lake.account}:${kind}`;
    const on = ['associate-resource-share', '--resource-share-arn', arn, '--resource-arns', resource];
    return finding(code, `${resourceText(resourceOf(one))} is granted to ${principal}, and is not on its RAM share`, {
      severity: 'error',
      means: 'somebody took it off the share: the account does not get it',
      commands: [aws(lake, 'ram', ...on)],
    });
  });
}

/** What is needed of a share, by name. */
type Names = ReadonlyMap<string, Association>;

/** What live rows need of the shares that they name; LF-Tags are shared as the catalog, which is not looked at. */
function neededIn({ observed }: LakeReading): ReadonlyMap<string, Names> {
  const needed = new Map<string, Map<string, Association>>();
  for (const { fact, shares = [] } of observed.facts.values()) {
    const association = fact.kind === 'grant' ? associationOf(fact) : undefined;
    for (const share of shares) {
      const names = needed.get(share) ?? new Map<string, Association>();
      needed.set(share, names);
      if (association !== undefined) names.set(nameOf(association), association);
    }
  }
  return needed;
}

function isAmong(names: Names, named: Named): boolean {
  if (named.table !== '*') return names.has(nameOf(named));
  return [...names.values()].some(({ database }) => database === named.database);
}

type Named = NonNullable<ReturnType<typeof namedIn>>;

function nameOf(named: Named | undefined): string {
  return named === undefined ? '' : `${named.database} ${named.table ?? ''}`;
}
