import type { Problem } from '../../core/problem.ts';
import { didYouMean, listed } from '../closest.ts';
import { type Draft, nothing, type SoundSubscription } from '../draft.ts';
import { type Joined, resolvedPermissions } from '../entries.ts';
import type { Import, ImportGrant } from '../files.ts';
import { placeText } from '../wording.ts';

/** What a subscription brings into the consumer's own catalog has a name of its own, and passes on what the account gets. */
export function checkImports(mesh: Joined): readonly Problem[] {
  const problems: Problem[] = [];
  const links = new Map<string, SoundSubscription>();
  for (const subscription of mesh.subscriptions.values()) {
    const { import: brought } = subscription.value;
    if (brought === undefined) continue;
    problems.push(
      ...checkAccount(mesh, subscription),
      ...checkRegion(mesh, { subscription, brought }),
      ...checkLink(mesh, links, { subscription, brought }),
    );
    for (const [index, grant] of (brought.grants ?? []).entries())
      problems.push(
        ...checkReaders(mesh, { subscription, grant, index }),
        ...checkPassed(mesh, { subscription, grant, index }),
      );
  }
  return problems;
}

/** The central account has the database itself, and named principals of a subscription pass nothing on. */
function checkAccount({ mesh, accounts }: Draft, { value, consumer, at }: SoundSubscription): readonly Problem[] {
  const account = accounts.get(consumer)?.value.id;
  if (account !== undefined && account === mesh?.value.central.account)
    return [
      {
        code: 'IMPORT_INTO_CENTRAL',
        message: `the account ${consumer} holds the central catalog: there is nothing to link to`,
        hint: 'leave import out, and name who reads under principals',
        place: at(['import']),
      },
    ];
  if (value.principals === undefined || value.import?.grants === undefined) return [];
  return [
    {
      code: 'IMPORT_WITHOUT_ACCOUNT',
      message: 'the subscription is for named principals, so that the account holds nothing that it could pass on',
      hint: 'leave principals out, for the account to get access, or leave import.grants out: those principals read through the link',
      place: at(['import', 'grants']),
    },
  ];
}

interface Linking {
  readonly subscription: SoundSubscription;
  readonly brought: Import;
}

/** A link is in a region that its account is set up in. */
function checkRegion({ mesh, accounts, unsound }: Draft, { subscription, brought }: Linking): readonly Problem[] {
  const { consumer, at } = subscription;
  const { region } = brought;
  const account = accounts.get(consumer)?.value;
  if (region === undefined || mesh === undefined || account === undefined || unsound.accounts.has(consumer)) return [];
  const there = [mesh.value.central.region, ...(account.regions ?? [])];
  if (there.includes(region)) return [];
  return [
    {
      code: 'UNKNOWN_REGION',
      message: `the account ${consumer} lists no region ${region}`,
      hint: `there are ${listed(there, 'none')}; list it under regions in the account file`,
      place: at(['import', 'region']),
    },
  ];
}

/** One name stands for one database; several subscriptions may share it. */
function checkLink(
  { mesh, products }: Draft,
  links: Map<string, SoundSubscription>,
  { subscription, brought }: Linking,
): readonly Problem[] {
  const { consumer, product, at } = subscription;
  const key = `${consumer} ${brought.region ?? mesh?.value.central.region} ${brought.database}`;
  const first = links.get(key);
  if (first === undefined) {
    links.set(key, subscription);
    return [];
  }
  const [mine, theirs] = [product, first.product].map((id) => products.get(id)?.value.database);
  if (mine === undefined || theirs === undefined || mine === theirs) return [];
  return [
    {
      code: 'LINK_CONFLICT',
      message: `"${brought.database}" is to stand for ${mine} here, and for ${theirs} at ${placeText(first.at(['import', 'database']))}`,
      hint: 'give one of the links another name',
      place: at(['import', 'database']),
    },
  ];
}

interface Granting {
  readonly subscription: SoundSubscription;
  readonly grant: ImportGrant;
  readonly index: number;
}

function checkReaders({ accounts, unsound }: Draft, { subscription, grant, index }: Granting): readonly Problem[] {
  const { consumer, at } = subscription;
  if (unsound.accounts.has(consumer) || !accounts.has(consumer)) return [];
  const own = accounts.get(consumer)?.value.principals ?? nothing;
  return grant.principals.flatMap((name, position) => {
    if (own[name] !== undefined) return [];
    const names = Object.keys(own);
    return [
      {
        code: 'UNKNOWN_PRINCIPAL',
        message: `the account ${consumer} names no principal "${name}"`,
        hint: didYouMean(name, names, `there are ${listed(names, 'none; name it in the account file')}`),
        place: at(['import', 'grants', index, 'principals', position]),
      },
    ];
  });
}

/** What is passed on is something that the account gets with the grant option. */
function checkPassed(mesh: Draft, { subscription, grant, index }: Granting): readonly Problem[] {
  const { value, at } = subscription;
  const given = value.access.map((access) => access.withGrantOption ?? resolvedPermissions(mesh, access));
  if (given.includes(undefined)) return [];
  const passable = new Set(given.flatMap((permissions) => permissions ?? []));
  return grant.permissions.flatMap((permission, position) => {
    if (passable.has(permission)) return [];
    return [
      {
        code: 'NOT_PASSED_ON',
        message: `${permission} is not among what the subscription gives the account with the grant option`,
        hint: `it gives ${listed([...passable], 'nothing')}`,
        place: at(['import', 'grants', index, 'permissions', position]),
      },
    ];
  });
}
