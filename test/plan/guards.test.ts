import { describe, expect, test } from 'vitest';
import { keyOf } from '../../src/core/fact.ts';
import type { Change } from '../../src/core/plan.ts';
import type { Desired, Gap } from '../../src/core/state.ts';
import { takesAway } from '../../src/plan/guards/guard.ts';
import { incompleteRead } from '../../src/plan/guards/incomplete-read.ts';
import { nothingDeclared } from '../../src/plan/guards/nothing-declared.ts';
import { ownAccess } from '../../src/plan/guards/own-access.ts';
import { tooManyRevokes } from '../../src/plan/guards/too-many-revokes.ts';
import { uncommitted } from '../../src/plan/guards/uncommitted.ts';
import {
  account,
  changeOf,
  grantOf,
  guardContextOf,
  lake,
  observedOf,
  revokeOf,
  role,
  table,
} from '../support/builders.ts';

const grant = grantOf();
const empty: Desired = {
  facts: new Map(),
  ended: new Map(),
  iamAccess: [],
  refused: [],
  touched: new Map(),
  undecided: [],
  asksForAccess: false,
  holds: [],
  held: new Map(),
};
const one = { key: keyOf(grant), fact: grant, wishes: [], classes: [] };
const desired: Desired = { ...empty, facts: new Map([[one.key, one]]), asksForAccess: true };
const parameter = {
  kind: 'catalog-parameter',
  lake,
  catalog: account,
  database: 'sales',
  name: 'data_owner',
  value: 'x',
} as const;
const filter = {
  kind: 'data-cells-filter',
  lake,
  catalog: account,
  database: 'sales',
  table: 'orders',
  name: 'eu',
  rows: 'a',
  columns: 'all',
} as const;

const given = changeOf(grant);
const taken = revokeOf(grant);
const replaced = changeOf(grant, { verb: 'replace', before: grant }, [
  { stage: 30, action: 'grant' },
  { stage: 40, action: 'revoke' },
]);
const deleted = changeOf(filter, { verb: 'delete' }, [{ stage: 50, action: 'delete' }]);
const updated = changeOf(filter, { verb: 'update' }, [{ stage: 20, action: 'write' }]);
const created = changeOf(filter, { verb: 'create' }, [{ stage: 20, action: 'write' }]);

test.each<[string, Change, boolean]>([
  ['a grant', given, false],
  ['a revoke', taken, true],
  ['a replacement that revokes', replaced, true],
  ['a filter created', created, false],
  ['a filter with other rows', updated, true],
  ['a filter deleted', deleted, true],
])('%s takes something away: %s', (_, change, is) => {
  expect(takesAway(change)).toBe(is);
});

describe('nothing declared', () => {
  const context = guardContextOf({ desired });

  test('refuses to take away while no access is asked for at all', () => {
    const [refusal] = nothingDeclared([given, taken, deleted], { ...context, desired: empty });
    expect(refusal).toMatchObject({ code: 'NOTHING_DECLARED', changes: [taken, deleted] });
  });

  test('lets end what expired', () => {
    expect(nothingDeclared([{ ...taken, reason: 'expired' }], { ...context, desired: empty })).toEqual([]);
  });

  test('is silent where some access is asked for, or nothing is taken', () => {
    expect(nothingDeclared([taken], { ...context, desired })).toEqual([]);
    expect(nothingDeclared([given], { ...context, desired: empty })).toEqual([]);
  });

  test('a parameter is no access', () => {
    const kept: Desired = {
      ...empty,
      facts: new Map([[keyOf(parameter), { ...one, key: keyOf(parameter), fact: parameter }]]),
    };
    expect(nothingDeclared([taken], { ...context, desired: kept })).toHaveLength(1);
  });
});

describe('incomplete read', () => {
  const gap: Gap = { lake, code: 'NO_CATALOG', message: 'not read', database: 'sales', blocks: 'all' };
  const items = changeOf(grantOf({ resource: table('items') }));
  const other = changeOf(
    grantOf({ resource: { kind: 'table', catalog: account, database: 'other', table: 'orders' } }),
  );
  const onCatalog = changeOf(
    grantOf({ resource: { kind: 'catalog', catalog: account }, permission: 'CREATE_DATABASE' }),
  );
  const set = changeOf(parameter, { verb: 'create' }, [{ stage: 10, action: 'write' }]);

  const few = grantOf({ columns: { only: ['id'] } });
  const narrowed = changeOf(few, { verb: 'replace', before: grant });
  const widened = changeOf(grant, { verb: 'replace', before: few });

  function refused(gaps: readonly Gap[], changes: readonly Change[]): readonly Change[] {
    return incompleteRead(changes, guardContextOf({ desired, lakes: [observedOf({ gaps })] })).flatMap(
      (refusal) => refusal.changes,
    );
  }

  test.each<[string, Gap, readonly Change[], readonly Change[]]>([
    ['a database', gap, [given, items, other, onCatalog, created, set], [given, items, created, set]],
    ['a table', { ...gap, table: 'orders' }, [given, items, other, created], [given, created]],
    [
      'the whole lake',
      { lake, code: 'X', message: 'x', blocks: 'all' },
      [given, taken, onCatalog, set],
      [given, taken, onCatalog, set],
    ],
    [
      'the whole lake, revokes alone',
      { lake, code: 'X', message: 'x', blocks: 'revokes' },
      [given, taken, replaced, deleted],
      [taken, replaced, deleted],
    ],
    [
      'the whole lake, grants alone: what narrows and what goes is not stopped',
      { lake, code: 'X', message: 'x', blocks: 'grants' },
      [given, taken, narrowed, widened, created, deleted],
      [given, widened, created],
    ],
    ['another lake', { ...gap, lake: '111122223333/us-east-1' }, [given, taken], []],
  ])('%s', (_, found, changes, expected) => {
    expect(refused([found], changes)).toEqual(expected);
  });

  test('a database is in the scope of a gap in one of its tables: its grants may depend on it', () => {
    const onDatabase = revokeOf(
      grantOf({ resource: { kind: 'database', catalog: account, database: 'sales' }, permission: 'DESCRIBE' }),
    );
    expect(refused([{ ...gap, table: 'items' }], [onDatabase, taken])).toEqual([onDatabase]);
  });

  test('says what is unknown and what would help', () => {
    const observed = observedOf({ gaps: [{ ...gap, hint: 'grant glue:GetTables' }] });
    const [refusal] = incompleteRead([taken], guardContextOf({ desired, lakes: [observed] }));
    expect(refusal).toMatchObject({
      code: 'INCOMPLETE_READ',
      message: 'nothing is changed while this is unknown: not read',
      hint: 'grant glue:GetTables',
    });
  });
});

describe('own access', () => {
  const mine = revokeOf(grantOf({ principal: role('meshgate') }));
  const byPath = revokeOf(grantOf({ principal: role('ci/meshgate') }));
  const more = changeOf(grantOf({ principal: role('meshgate') }));

  test('refuses to revoke from the role that runs, by its session', () => {
    const [refusal] = ownAccess([mine, byPath, taken, more], guardContextOf({ desired }));
    expect(refusal).toMatchObject({ code: 'OWN_ACCESS', changes: [mine, byPath] });
  });

  test('is silent about others', () => {
    expect(ownAccess([taken, more], guardContextOf({ desired }))).toEqual([]);
  });
});

describe('uncommitted', () => {
  const context = guardContextOf({ desired });

  test('refuses to take away while files differ from the commit, but for what expired', () => {
    const ended: Change = { ...deleted, reason: 'expired' };
    const [refusal] = uncommitted([given, taken, ended], { ...context, uncommitted: ['mesh/mesh.yaml'] });
    expect(refusal).toMatchObject({ code: 'UNCOMMITTED', changes: [taken] });
  });

  test('is silent where all is committed, or nothing is taken', () => {
    expect(uncommitted([given, taken], { ...context, uncommitted: [] })).toEqual([]);
    expect(uncommitted([given], { ...context, uncommitted: ['mesh/mesh.yaml'] })).toEqual([]);
  });
});

describe('too many revokes', () => {
  const lost = (count: number, more: Partial<Change> = {}): readonly Change[] =>
    Array.from({ length: count }, (_, index) =>
      revokeOf(grantOf({ principal: role(`r${index}`) }), { product: 'sales/orders', ...more }),
    );
  const live = (count: number) => Array.from({ length: count }, () => ({ product: 'sales/orders' }));
  const refused = (changes: readonly Change[], managed: number): readonly string[] =>
    tooManyRevokes(changes, guardContextOf({ desired, managed: live(managed) })).map(({ message }) => message);

  test.each<[string, readonly Change[], number, number]>([
    ['as many as are allowed', lost(100), 1000, 0],
    ['one more', lost(101), 1000, 1],
    ['half of it', lost(30), 60, 0],
    ['more than half', lost(31), 61, 1],
    ['all of very little', lost(20), 20, 0],
    ['what expires', lost(101, { reason: 'expired' }), 200, 0],
    ['what is held', lost(101, { reason: 'held' }), 200, 0],
    ['what stays of something that is not proven counts', lost(101, { reason: 'remainder' }), 1000, 1],
  ])('%s', (_, changes, managed, refusals) => {
    expect(refused(changes, managed)).toHaveLength(refusals);
  });

  test('says how many of how many, and what would lift it', () => {
    const [refusal] = tooManyRevokes([...lost(40), deleted], guardContextOf({ desired, managed: live(50) }));
    expect(refusal).toMatchObject({
      code: 'TOO_MANY_REVOKES',
      message:
        'this would revoke 40 of the 50 live grants of the product sales/orders (80 percent), and 50 percent are allowed at once',
      yaml: 'overrides:\n  - guard: TOO_MANY_REVOKES\n    scope: { product: sales/orders }\n    reason: WRITE WHY\n    until: 2026-06-22\n',
    });
    expect(refusal?.changes).toHaveLength(40);
  });

  test('a refused product does not count for the mesh', () => {
    const others = lost(101, { product: 'sales/stores' }).map((change) => ({ ...change, id: `${change.id} stores` }));
    const found = tooManyRevokes(
      [...lost(450), ...others.slice(0, 60)],
      guardContextOf({ desired, managed: [...live(2000), ...live(2000).map(() => ({ product: 'sales/stores' }))] }),
    );
    expect(found.map(({ changes }) => changes.length)).toEqual([450]);
  });
});
