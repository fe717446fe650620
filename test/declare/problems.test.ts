import { describe, expect, test } from 'vitest';
import { declare } from '../../src/declare/declare.ts';
import { baseMesh, meshFrom, meshOf, problemCases } from '../support/problem-cases.ts';

test('the base mesh has no problems', () => {
  expect(declare(meshFrom(Object.entries(baseMesh())))).toMatchObject({ ok: true });
});

describe.each(problemCases())('%s', (_, cases) => {
  test.each(cases)('$title', (one) => {
    const result = declare(meshOf(one));
    const found = result.ok ? [] : result.problems;
    const places = found.map(({ code, place }) => ({
      code,
      at: place === undefined ? '' : `${place.file}:${place.line}:${place.column}`,
    }));
    expect(places, JSON.stringify(found, null, 1)).toEqual(
      one.problems.map(({ code, at }) => ({ code, at: `mesh/${at}` })),
    );
    one.problems.forEach(({ message = '', hint = '' }, index) => {
      expect(found[index]?.message).toContain(message);
      expect(found[index]?.hint).toContain(hint);
    });
    expect(result.ok).toBe(one.problems.length === 0);
  });
});
