import {
  type AccessRequest,
  type Blind,
  type Consumed,
  type InLake,
  isKnown,
  type Known,
  type KnownDeclared,
  type KnownGone,
  type LifecycleStanding,
  type LifecycleState,
  nextApply,
  type Today,
  type Unknown,
} from '../core/lifecycle.ts';

/**
 * Where a subscription stands, since when and why: of what is known, the furthest that is certain. It is nothing but a
 * function of what git, the forge and the lake say and of the day, so that there is no state to keep or to correct.
 */
export function stateOf(known: Known, day: Today): LifecycleStanding {
  switch (known.place) {
    case 'asked':
      return requestStanding(known.request);
    case 'gone':
      return goneStanding(known);
    case 'declared':
      return declaredStanding(known, day);
  }
}

function standing(
  state: LifecycleState,
  why: string,
  { since, blind = [] }: { readonly since?: string | undefined; readonly blind?: readonly Blind[] } = {},
): LifecycleStanding {
  return { state, why, blind, ...(since === undefined ? {} : { since }) };
}

function requestStanding(request: AccessRequest): LifecycleStanding {
  const { pull, at: since, by } = request;
  const who = by === undefined ? 'nobody who is known' : `@${by}`;
  if (request.kind === 'closed') {
    const state = request.isWithdrawn ? 'withdrawn' : 'denied';
    return standing(state, `${who} closed #${pull}${request.isWithdrawn ? ', having opened it' : ''}`, { since });
  }
  const { missing, against } = request;
  if (against.length > 0) return standing('denied', `${people(against)} asked for changes in #${pull}`);
  if (missing.length > 0) return standing('requested', `#${pull} waits for ${people(missing)}`, { since });
  return standing('approved', `#${pull} has the approvals it needs, and is not merged`);
}

function goneStanding({ ended, left, request }: KnownGone): LifecycleStanding {
  if (request !== undefined && asksAnew(request, ended.at)) return requestStanding(request);
  const since = ended.at;
  const by = ended.commit === undefined ? '' : ` by commit ${ended.commit.slice(0, 12)}`;
  if (!isKnown(left))
    return standing('revoked', `its file was removed${by}; whether its grants are gone is not known: ${left.unknown}`, {
      since,
      blind: ['lake'],
    });
  if (left === 0) return standing('archived', `its file was removed${by}, and nothing of it is left`, { since });
  return standing('revoked', `its file was removed${by}; ${counted(left)} still there`, { since });
}

function asksAnew(request: AccessRequest, ended: string): boolean {
  if (request.kind === 'open') return request.does !== 'remove';
  return Date.parse(request.at) > Date.parse(ended);
}

function declaredStanding(known: KnownDeclared, day: Today): LifecycleStanding {
  const { expires, holds, lake, approved, changed } = known;
  const live = isKnown(lake) ? lake.live : undefined;
  if (expires !== undefined && expires < day.today) {
    const rest = live === undefined || live === 0 ? '' : `; ${counted(live)} still there, until the next apply`;
    const blind: readonly Blind[] = live === undefined ? ['lake'] : [];
    return standing('expired', `its last day was ${expires}${rest}`, { since: dayAfter(expires, 1), blind });
  }
  const [first] = holds.flatMap(({ since }) => since ?? []).sort();
  if (holds.length > 0) return standing('held', holds.map(({ why }) => why).join('; '), { since: first });
  if (isKnown(lake) && lake.asked > 0 && lake.live === lake.asked) return givenStanding(known, lake, day);
  const so = isKnown(lake) ? partText(lake) : '';
  const blind: readonly Blind[] = [
    ...(isKnown(approved) ? [] : (['approval'] as const)),
    ...(isKnown(lake) ? [] : (['lake'] as const)),
  ];
  const since = changed?.at;
  if (!isKnown(approved))
    return standing('requested', `${so}whether it is approved is not known: ${approved.unknown}`, { since, blind });
  if (!approved.isProven) return standing('requested', `${so}${approved.reason}; ${approved.remedy}`, { since, blind });
  if (!isKnown(lake))
    return standing('approved', `what the lake holds is not known: ${lake.unknown}`, { since, blind });
  return standing('approved', `${so}${lake.obstacle ?? nextApply}`, { since, blind });
}

/** What is wholly live in the central catalog: as far as the consumer's account has come, or soon over. */
function givenStanding({ consumed, expires }: KnownDeclared, lake: InLake, { today, soon }: Today): LifecycleStanding {
  const reached = reachedStanding(consumed, lake.since);
  const from = expires === undefined ? undefined : dayAfter(expires, -soon);
  if (expires === undefined || from === undefined || from > today) return reached;
  const began = reached.since !== undefined && reached.since > from ? reached.since : from;
  return standing('expiring', `its last day is ${expires}; ${reached.why}`, { since: began });
}

function reachedStanding(consumed: Consumed | Unknown, since: string | undefined): LifecycleStanding {
  if (!isKnown(consumed))
    return standing(
      'granted',
      `the central catalog grants it; of the consumer's account nothing is known: ${consumed.unknown}`,
      { since },
    );
  if (consumed === 'not needed')
    return standing('active', 'the central catalog grants it, and nobody else has to act', { since });
  const { invitation, link, localGrants, since: then } = consumed;
  if (invitation === 'pending')
    return standing('invited', "the RAM invitation waits in the consumer's account", { since });
  if (invitation === 'lapsed')
    return standing('invited', 'the RAM invitation has lapsed, and is sent anew by the next apply', { since });
  if (link === 'missing')
    return standing('granted', "the share is there; the consumer's account has no resource link yet", { since });
  if (localGrants === 'missing')
    return standing('imported', "the resource link is there; the consumer's own grants are not yet", {
      since: then ?? since,
    });
  return standing('active', "the resource link and the consumer's own grants are there", { since: then ?? since });
}

function partText({ asked, live }: InLake): string {
  return live === 0 ? '' : `${live} of ${asked} facts are there; `;
}

function counted(facts: number): string {
  return facts === 1 ? '1 fact is' : `${facts} facts are`;
}

function people(logins: readonly string[]): string {
  return logins.map((login) => `@${login}`).join(', ');
}

/** So many days later, as a day. */
function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
}
