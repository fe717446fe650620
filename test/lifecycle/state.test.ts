import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Known, type LifecycleStanding, type LifecycleState, lifecycleStates } from '../../src/core/lifecycle.ts';
import { stateOf } from '../../src/lifecycle/state.ts';
import { beginning, events, knownOf, reachable, type World } from '../support/lifecycle-world.ts';

interface Table {
  readonly transitions: Readonly<Record<LifecycleState, string>>;
  readonly standings: readonly (Omit<LifecycleStanding, 'blind' | 'state'> & {
    readonly name: string;
    readonly known: Known;
    readonly today?: string;
    readonly is: LifecycleState;
    readonly blind?: LifecycleStanding['blind'];
  })[];
  readonly stories: readonly {
    readonly name: string;
    readonly from: 'abroad' | 'at home';
    readonly then: readonly string[];
  }[];
}

const table: Table = parse(readFileSync(new URL('../cases/lifecycle.yaml', import.meta.url), 'utf8'), {
  merge: true,
  maxAliasCount: -1,
});
const stateIn = (world: World): LifecycleState | undefined => {
  const seen = knownOf(world);
  return seen && stateOf(seen.known, seen.day).state;
};

test.each(table.standings)('$name: $is', ({ known, is, why, since, blind = [], today = '2026-11-22' }) => {
  const found = stateOf(known, { today, soon: 30 });
  expect(found).toEqual({ state: is, why, blind, ...(since === undefined ? {} : { since }) });
});

test.each(table.stories)('$name', ({ from, then }) => {
  let world = beginning(from);
  const told = then.map((line) => {
    const [event = '', state] = line.split(' => ');
    expect(Object.keys(events)).toContain(event);
    world = events[event]?.(world) ?? world;
    return state === undefined ? line : `${event} => ${stateIn(world)}`;
  });
  expect(told).toEqual(then);
});

describe('the table of transitions', () => {
  const rows = lifecycleStates.map((state) => [state, (table.transitions[state] ?? '').split(/\s+/)] as const);
  const legal = rows.flatMap(([from, to]) => to.filter(Boolean).map((one) => `${from} -> ${one}`));

  test('holds what can happen, and nothing else', () => {
    const found = reachable(stateIn);
    expect([...found.keys()].sort()).toEqual([...legal].sort());
  });

  test('has every state, and every state is reached', () => {
    expect(Object.keys(table.transitions)).toEqual([...lifecycleStates]);
    const reached = new Set(['requested', ...legal.map((one) => one.split(' -> ')[1])]);
    expect(lifecycleStates.filter((state) => !reached.has(state))).toEqual([]);
  });

  test('holds for any course of events', () => {
    const course = fc.array(fc.constantFrom(...Object.keys(events)), { maxLength: 40 });
    fc.assert(
      fc.property(course, fc.constantFrom('abroad' as const, 'at home' as const), (names, from) => {
        let world = beginning(from);
        for (const name of names) {
          const next = events[name]?.(world) ?? world;
          const [before, after] = [stateIn(world), stateIn(next)];
          if (before !== undefined && after !== undefined && before !== after)
            expect(legal).toContain(`${before} -> ${after}`);
          world = next;
        }
      }),
    );
  });
});

const moment = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const date = moment.map((time) => time.slice(0, 10));
const unknown = fc.record({ unknown: fc.string() });
const logins = fc.array(fc.string({ minLength: 1 }), { maxLength: 2 });
const by = fc.option(fc.string(), { nil: undefined });
const request = fc.oneof(
  fc.record({
    kind: fc.constant('open' as const),
    pull: fc.nat(),
    at: moment,
    by,
    does: fc.constantFrom('add' as const, 'change' as const, 'remove' as const),
    missing: logins,
    against: logins,
  }),
  fc.record({ kind: fc.constant('closed' as const), pull: fc.nat(), at: moment, by, isWithdrawn: fc.boolean() }),
);
const inPlace = fc.constantFrom('missing' as const, 'in place' as const);
const anyKnown = fc.oneof(
  fc.record({ place: fc.constant('asked' as const), request }),
  fc.record({
    place: fc.constant('gone' as const),
    ended: fc.record({ at: moment }),
    left: fc.oneof(fc.nat(), unknown),
    request: fc.option(request, { nil: undefined }),
  }),
  fc.record({
    place: fc.constant('declared' as const),
    changed: fc.option(fc.record({ at: moment }), { nil: undefined }),
    expires: fc.option(date, { nil: undefined }),
    holds: fc.array(fc.record({ why: fc.string({ minLength: 1 }), since: moment }), { maxLength: 2 }),
    approved: fc.oneof(
      unknown,
      fc.constant({ isProven: true as const }),
      fc.record({ isProven: fc.constant(false as const), reason: fc.string(), remedy: fc.string() }),
    ),
    lake: fc.oneof(
      unknown,
      fc.nat(5).chain((asked) => fc.record({ asked: fc.constant(asked), live: fc.nat(asked), since: moment })),
    ),
    consumed: fc.oneof(
      unknown,
      fc.constant('not needed' as const),
      fc.record({
        invitation: fc.constantFrom('not needed' as const, 'pending' as const, 'lapsed' as const, 'accepted' as const),
        link: inPlace,
        localGrants: inPlace,
      }),
    ),
  }),
);

describe('the state', () => {
  test('is there for whatever is known, and depends on nothing else', () => {
    fc.assert(
      fc.property(anyKnown, date, fc.nat(400), (known, today, soon) => {
        const copy = structuredClone(known) as Known;
        const found = stateOf(known as Known, { today, soon });
        expect(lifecycleStates).toContain(found.state);
        expect(found.why).not.toBe('');
        expect(stateOf(copy, { today, soon })).toEqual(found);
        // Nothing was changed on the way.
        expect(known).toEqual(copy);
      }),
    );
  });

  test('is no further where less is known', () => {
    fc.assert(
      fc.property(anyKnown, date, (known, today) => {
        if (known.place !== 'declared') return;
        const all = stateOf(known as Known, { today, soon: 30 });
        const less = stateOf({ ...known, lake: { unknown: 'x' }, approved: { unknown: 'x' } } as Known, {
          today,
          soon: 30,
        });
        expect(lifecycleStates.indexOf(less.state)).toBeLessThanOrEqual(lifecycleStates.indexOf(all.state));
        if (!['held', 'expired'].includes(less.state)) expect(less.blind).toEqual(['approval', 'lake']);
      }),
    );
  });
});
