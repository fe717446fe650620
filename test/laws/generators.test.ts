import fc from 'fast-check';
import { expect, test } from 'vitest';
import { declare } from '../../src/declare/declare.ts';
import { problemsText } from '../../src/report/problems.ts';
import { filesOf, lawHistory, lawMesh } from '../support/law-mesh.ts';
import { runs } from '../support/law-runs.ts';

test('generated meshes are accepted', () => {
  fc.assert(
    fc.property(lawMesh, lawHistory, (mesh, history) => {
      for (const one of [mesh, ...history]) {
        const result = declare(filesOf(one));
        expect(result.ok ? '' : problemsText(result.problems, false)).toBe('');
      }
    }),
    runs(60),
  );
}, 600_000);
