import type { AccessRequest, Consumed, Known, Today } from '../../src/core/lifecycle.ts';

/** A subscription and all that is around it, as a game that knows no states: events change what is so. */
export interface World {
  readonly day: number;
  readonly request: AccessRequest | undefined;
  readonly file: { readonly isProven: boolean; readonly asked: number; readonly ends: number | undefined } | undefined;
  readonly goneOn: number | undefined;
  readonly live: number;
  readonly isHeld: boolean;
  readonly consumed: Exclude<Consumed, string> | 'not needed';
}

/** The days before its end on which a subscription counts as expiring. */
const soon = 30;
const first = Date.parse('2026-01-01T00:00:00Z');

/** A day of the game as a date. */
function dateOf(day: number): string {
  return new Date(first + day * 24 * 3600 * 1000).toISOString().slice(0, 10);
}

/** A world in which somebody has just opened a pull request. */
export function beginning(consumed: 'abroad' | 'at home'): World {
  const start = { invitation: 'accepted', link: 'missing', localGrants: 'missing' } as const;
  return {
    day: 0,
    request: openedOn(0),
    file: undefined,
    goneOn: undefined,
    live: 0,
    isHeld: false,
    consumed: consumed === 'abroad' ? start : 'not needed',
  };
}

function openedOn(day: number): Extract<AccessRequest, { kind: 'open' }> {
  return {
    kind: 'open',
    pull: 1,
    at: `${dateOf(day)}T01:00:00Z`,
    by: 'eve',
    does: 'add',
    missing: ['bob'],
    against: [],
  };
}

type Event = (world: World) => World;

const onOpen =
  (change: (request: Extract<AccessRequest, { kind: 'open' }>, world: World) => AccessRequest | undefined): Event =>
  (world) =>
    world.request?.kind === 'open' ? { ...world, request: change(world.request, world) } : world;

const onFile =
  (change: (file: NonNullable<World['file']>, world: World) => Partial<World>): Event =>
  (world) =>
    world.file === undefined ? world : { ...world, ...change(world.file, world) };

const onConsumed =
  (change: Partial<Exclude<Consumed, string>>, needs: (world: World) => boolean): Event =>
  (world) =>
    world.consumed === 'not needed' || world.live === 0 || !needs(world)
      ? world
      : { ...world, consumed: { ...world.consumed, ...change } };

const closed = (isWithdrawn: boolean): Event =>
  onOpen(({ pull }, { day }) => ({ kind: 'closed', pull, at: `${dateOf(day)}T02:00:00Z`, by: 'bob', isWithdrawn }));

const isOver = ({ file, day }: World): boolean => file?.ends !== undefined && file.ends < day;
const isOpenTo = ({ request }: World): boolean => request?.kind === 'open';
const consumedOf = ({ consumed }: World) => (consumed === 'not needed' ? undefined : consumed);

/** All that can happen. Each changes one thing. */
export const events: Readonly<Record<string, Event>> = {
  'a request is opened': (world) =>
    world.file === undefined && !isOpenTo(world) ? { ...world, request: openedOn(world.day) } : world,
  'all approve': onOpen((request) => ({ ...request, missing: [], against: [] })),
  'an owner objects': onOpen((request) => ({ ...request, missing: ['bob'], against: ['bob'] })),
  'the objection is taken back': onOpen((request) => ({ ...request, against: [] })),
  'the author closes it': closed(true),
  'an owner closes it': closed(false),
  'it is merged': (world) => {
    const { request } = world;
    if (world.file !== undefined || request?.kind !== 'open') return world;
    const isProven = request.missing.length + request.against.length === 0;
    return { ...world, request: undefined, goneOn: undefined, file: { isProven, asked: 3, ends: undefined } };
  },
  'it is approved on main': onFile((file) => ({ file: { ...file, isProven: true } })),
  'it is widened': onFile((file) => ({ file: { ...file, asked: file.asked + 1 } })),
  'it is widened by nobody who may': onFile((file) => ({ file: { ...file, asked: file.asked + 1, isProven: false } })),
  'it gets an end': onFile((file, { day }) => ({ file: { ...file, ends: day + 40 } })),
  'it gets an end that is near': onFile((file, { day }) => ({ file: { ...file, ends: day + 10 } })),
  'its end goes': onFile((file) => ({ file: { ...file, ends: undefined } })),
  'it ends with yesterday': onFile((file, { day }) => ({ file: { ...file, ends: day - 1 } })),
  'a day passes': (world) => ({ ...world, day: world.day + 1 }),
  'a month passes': (world) => ({ ...world, day: world.day + 25 }),
  'it is held': (world) => ({ ...world, isHeld: true }),
  'the hold ends': (world) => ({ ...world, isHeld: false }),
  'apply runs': (world) => {
    const { file, isHeld, live } = world;
    const gives = file !== undefined && !isHeld && !isOver(world);
    return { ...world, live: gives ? (file.isProven ? file.asked : live) : 0 };
  },
  'something is revoked by hand': (world) => ({ ...world, live: Math.max(0, world.live - 1) }),
  'the file is removed': onFile((_, { day }) => ({ file: undefined, goneOn: day, request: undefined })),
  'an invitation arrives': onConsumed({ invitation: 'pending' }, (world) => consumedOf(world)?.link === 'missing'),
  'the invitation lapses': onConsumed({ invitation: 'lapsed' }, (world) => consumedOf(world)?.invitation === 'pending'),
  'the invitation is accepted': onConsumed({ invitation: 'accepted' }, () => true),
  'the link is made': onConsumed({ link: 'in place' }, (world) => consumedOf(world)?.invitation === 'accepted'),
  'the local grants are made': onConsumed(
    { localGrants: 'in place' },
    (world) => consumedOf(world)?.link === 'in place',
  ),
  'the local grants are revoked': onConsumed({ localGrants: 'missing' }, () => true),
  'the link is dropped': onConsumed({ link: 'missing', localGrants: 'missing' }, () => true),
};

/** All that is known of a world; undefined where there is nothing to know. */
export function knownOf(world: World): { readonly known: Known; readonly day: Today } | undefined {
  const { file, request, goneOn, live, consumed, isHeld } = world;
  const day = { today: dateOf(world.day), soon };
  if (file !== undefined)
    return {
      day,
      known: {
        place: 'declared',
        changed: { at: '2026-01-01T03:00:00Z', commit: 'c'.repeat(40) },
        holds: isHeld ? [{ why: 'held until further notice' }] : [],
        approved: file.isProven
          ? { isProven: true }
          : { isProven: false, reason: 'nobody approved it', remedy: 'approve' },
        lake: { asked: file.asked, live: Math.min(live, file.asked), since: '2026-01-01T04:00:00Z' },
        consumed,
        ...(file.ends === undefined ? {} : { expires: dateOf(file.ends) }),
      },
    };
  const ask = request === undefined ? {} : { request };
  if (goneOn !== undefined)
    return { day, known: { place: 'gone', ended: { at: `${dateOf(goneOn)}T01:30:00Z` }, left: live, ...ask } };
  return request === undefined ? undefined : { day, known: { place: 'asked', request } };
}

/** Every change of state that can happen, with one event that makes it: all worlds are looked at that differ in anything that counts. */
export function reachable(stateIn: (world: World) => string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const queue = [beginning('abroad'), beginning('at home')];
  const known = new Set(queue.map(digest));
  for (let world = queue.pop(); world !== undefined; world = queue.pop()) {
    const before = stateIn(world);
    for (const [name, event] of Object.entries(events)) {
      const next = event(world);
      if (next === world || (next.file?.asked ?? 0) > 4) continue;
      const after = stateIn(next);
      if (before !== undefined && after !== undefined && before !== after) found.set(`${before} -> ${after}`, name);
      if (known.has(digest(next))) continue;
      known.add(digest(next));
      queue.push(next);
    }
  }
  return found;
}

/** What of a world counts: no dates, but how far its end is. */
function digest({ request, file, goneOn, live, isHeld, consumed, day }: World): string {
  const left = file?.ends === undefined ? undefined : file.ends - day;
  return JSON.stringify([
    request?.kind === 'open' ? [request.missing.length, request.against.length] : (request?.isWithdrawn ?? null),
    file === undefined ? null : [file.isProven, file.asked, left === undefined ? null : left < 0 ? -1 : left <= soon],
    [goneOn !== undefined, live, isHeld, consumed],
  ]);
}
