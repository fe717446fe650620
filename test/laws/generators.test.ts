import fc from 'fast-check';
import { expect, test } from 'vitest';
import { problemsText } from '../../src/report/problems.ts';
import { declare } from '../../src/declare/declare.ts';
import { filesOf, lawMesh, lawHistory } from '../support/law-mesh.ts';
import { runs } from '../support/law-runs.ts';

test('generated meshes are accepted', () => {
  fc.assert(
    fc.property(lawMesh, lawHistory, (mesh, history) => {
      for (const one of [mesh, ...history]) {
        const result = declare(filesOf(one));
        expect(result.ok ? '' : problemsText(result.problems, false)).toBe('');
      }
    }),
    runs(150),
  );
}, 600_000);
