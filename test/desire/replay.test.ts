import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Grant } from '../../src/core/fact.ts';
import type { Resource } from '../../src/core/resource.ts';
import { scopeOf } from '../../src/desire/scope.ts';
import { judge } from '../../src/plan/judge.ts';
import { observedOf } from '../support/builders.ts';
import { accounts, declared, filesOf, lawHistory, shared } from '../support/law-mesh.ts';
import { central } from '../support/law-place.ts';
import { runs } from '../support/law-runs.ts';
import { historyFrom } from '../support/past.ts';

const catalog = central;
const principals = [
  ...Object.values(shared),
  ...Object.values(accounts).flatMap(({ id, principals }) => [id, ...Object.values(principals ?? {})]),
  'arn:aws:iam::666677778888:role/outsider',
];
const resources: readonly Resource[] = ['sales', 'health', 'shop_a'].flatMap((database) => [
  { kind: 'database', catalog, database },
  { kind: 'all-tables', catalog, database },
  ...['a1', 'a2', 'b_x', 'd9', 'z1'].map((table): Resource => ({ kind: 'table', catalog, database, table })),
]);
const grants = principals.flatMap((principal) =>
  resources.map(
    (resource): Grant => ({
      kind: 'grant',
      lake: `${central}/eu-west-1`,
      principal,
      resource,
      permission: 'DESCRIBE',
      grantOption: false,
    }),
  ),
);

describe('history', () => {
  test('only adds to what is managed', () => {
    fc.assert(
      fc.property(lawHistory, ([before, mesh]) => {
        const declaration = declared(mesh);
        const { commits } = historyFrom([before, mesh].map((version) => filesOf(version)));
        const alone = judge(scopeOf(declaration), observedOf());
        const along = judge(scopeOf(declaration, commits), observedOf());
        for (const grant of grants) {
          const [without, withIt] = [alone(grant), along(grant)];
          if (without.kind === 'managed') expect(withIt).toEqual(without);
          if (without.kind === 'protected') expect(withIt.kind).toBe('protected');
          if (without.kind === 'outside') expect(['outside', 'managed']).toContain(withIt.kind);
        }
      }),
      runs(20),
    );
  });

  test('of the same mesh again and again adds nothing', () => {
    fc.assert(
      fc.property(lawHistory, ([mesh]) => {
        const declaration = declared(mesh);
        const { commits } = historyFrom([mesh, mesh].map((version) => filesOf(version)));
        const alone = judge(scopeOf(declaration), observedOf());
        const along = judge(scopeOf(declaration, commits), observedOf());
        for (const grant of grants) expect(along(grant)).toEqual(alone(grant));
      }),
      runs(20),
    );
  });
});
