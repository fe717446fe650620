import type { Fact, FactKey } from '../core/fact.ts';
import type { Change, Note } from '../core/plan.ts';
import { carriers, nearLimit, ramLimits, waitingIn } from '../core/sharing.ts';
import type { Observed } from '../core/state.ts';

/**
 * What is to be said of a plan after which an account comes near to what RAM takes, or passes it: what is on shares, and
 * invitations that wait. Nothing is withheld for it, since only RAM knows who needs an invitation; what it refuses
 * fails with its reason, and is given by the next run.
 */
export function sharingLimits(observed: Observed, changes: readonly Change[]): readonly Note[] {
  const carrierOf = carriers(observed.lake);
  const coming = changes.flatMap(({ before, after }) =>
    before === undefined && after !== undefined ? (carrierOf(after) ?? []) : [],
  );
  if (coming.length === 0) return [];
  // Each thing on a share is a fact at least, so a small lake needs no counting.
  const isSmall = observed.facts.size + changes.length < ramLimits.resourcesOnOne * nearLimit;
  return [...invitations(observed, coming), ...(isSmall ? [] : resources(observed, changes))];
}

type Coming = readonly { readonly share: string; readonly receiver: string }[];

/** At most so many invitations are sent: one for each share that is not there, but to whom none was needed before. */
function invitations({ lake, facts, sharing }: Observed, coming: Coming): readonly Note[] {
  const waiting = sharing === undefined ? 0 : waitingIn(sharing);
  const fresh = new Map(coming.map(({ share, receiver }) => [share, receiver]));
  if (waiting + fresh.size < ramLimits.invitations * nearLimit) return [];
  const inside = new Set(
    [...(sharing?.shares.values() ?? [])].flatMap((one) => (one.isExternal ? [] : (one.receiver ?? []))),
  );
  const carrierOf = carriers(lake);
  for (const { fact } of facts.values()) {
    const carried = carrierOf(fact);
    if (carried !== undefined) fresh.delete(carried.share);
  }
  for (const [share, receiver] of fresh) if (inside.has(receiver) || receiver.startsWith('arn:')) fresh.delete(share);
  if (fresh.size === 0 || waiting + fresh.size < ramLimits.invitations * nearLimit) return [];
  const besides = waiting === 0 ? '' : ` beside ${waiting} that wait`;
  return [
    {
      code: 'RAM_INVITATIONS',
      message: `this sends up to ${fresh.size} invitations${besides}, and RAM takes ${ramLimits.invitations} to accounts outside the organization that nobody has accepted`,
      hint: 'what is refused for it fails, and is granted by a later run: have the invitations accepted in between, or turn sharing with the organization on in RAM',
    },
  ];
}

function resources({ lake, facts }: Observed, changes: readonly Change[]): readonly Note[] {
  const after = new Map<FactKey, Fact | undefined>(changes.map((change) => [change.key, change.after]));
  const carrierOf = carriers(lake);
  const on = new Map<string, Set<string>>();
  const count = (fact: Fact | undefined): void => {
    const carried = fact && carrierOf(fact);
    if (carried === undefined) return;
    const { database, table = '' } = carried.association;
    const names = on.get(carried.share) ?? new Set<string>();
    on.set(carried.share, names.add(`${database} ${table}`));
  };
  for (const { key, fact } of facts.values()) if (!after.has(key)) count(fact);
  for (const fact of after.values()) count(fact);
  const all = [...on]
    .map(([share, { size }]) => ({ share, size }))
    .sort((a, b) => b.size - a.size || (a.share < b.share ? -1 : 1));
  const total = all.reduce((sum, { size }) => sum + size, 0);
  return [
    ...all
      .filter(({ size }) => size >= ramLimits.resourcesOnOne * nearLimit)
      .map(({ share, size }) => {
        const [receiver = '', kind = ''] = share.split(' ');
        const what = kind === 'table' ? 'tables' : 'databases';
        return note(
          `${receiver} has ${size.toLocaleString('en')} ${what} then, and a RAM share takes ${ramLimits.resourcesOnOne.toLocaleString('en')}`,
        );
      }),
    ...(total >= ramLimits.resources * nearLimit
      ? [
          note(
            `${total.toLocaleString('en')} databases and tables are given to other accounts then, and RAM takes ${ramLimits.resources.toLocaleString('en')} in all`,
          ),
        ]
      : []),
    ...(all.length >= ramLimits.shares * nearLimit
      ? [
          note(
            `that takes ${all.length.toLocaleString('en')} RAM shares, and there may be ${ramLimits.shares.toLocaleString('en')}`,
          ),
        ]
      : []),
  ];
}

function note(message: string): Note {
  return {
    code: 'RAM_LIMIT',
    message,
    hint: 'ask for all tables ("*") where the product has allowFuture and all may come, which is one for a database; or raise CROSS_ACCOUNT_VERSION to 5, which shares tables by patterns',
  };
}
