import { expect, test } from 'vitest';
import { administratorsOf } from '../../src/approve/administrators.ts';
import { needsOf } from '../../src/approve/needs.ts';
import { prove } from '../../src/approve/prove.ts';
import type { Approval, Approvals, Approver } from '../../src/core/approvals.ts';
import type { Declaration } from '../../src/declare/declaration.ts';
import { declare } from '../../src/declare/declare.ts';
import { meshOf, reconcileBase } from '../support/reconcile-cases.ts';

const ada: Approver = { login: 'ada', id: 1 };
const mallory: Approver = { login: 'mallory', id: 666 };

/** The base mesh, whose mesh.yaml names an administrator besides ada. */
function meshWith(administrator: Approver): Declaration {
  const result = declare(
    meshOf(reconcileBase(), { title: 'x', mesh: { 'mesh.yaml': { administrators: [ada, administrator] } } }),
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.declaration;
}

function source(answers: Readonly<Record<string, Approval>>, administrators?: readonly Approver[]): Approvals {
  return {
    ...(administrators === undefined ? {} : { administrators }),
    approvalsOf: async () => new Map(Object.entries(answers)),
  };
}

const paths = ['mesh.yaml', 'accounts/marketing.yaml', 'products/sales/orders.yaml'];
const changed: Approval = { kind: 'none', reason: 'it changed', remedy: 'have it approved' };
const byMallory: Approval = { kind: 'approved', by: [mallory] };

async function proven(sources: readonly Approvals[]): Promise<readonly string[]> {
  const declaration = meshWith(mallory);
  const answers = await Promise.all(sources.map((one) => one.approvalsOf([])));
  const desired = {
    facts: new Map(),
    ended: new Map(),
    iamAccess: [],
    refused: [],
    undecided: [],
    asksForAccess: true,
    touched: new Map(),
    holds: [],
    held: new Map(),
  };
  const administrators = administratorsOf(declaration, sources, answers);
  const needs = needsOf(declaration, desired, { administrators, asked: () => 0 });
  const proofs = prove(
    paths.map((path) => ({ path, blob: '' })),
    answers,
    needs,
  );
  return paths.filter((path) => proofs.get(path)?.proven === true);
}

test('nobody makes themselves an administrator in a mesh.yaml that waits for approval', async () => {
  const root = source(Object.fromEntries(paths.map((path) => [path, changed])));
  const proofs = source(Object.fromEntries(paths.map((path) => [path, byMallory])));
  expect(await proven([root, proofs])).toEqual([]);
  expect(await proven([proofs])).toEqual([]);
});

test('administrators of a trusted mesh.yaml approve other files', async () => {
  const root = source({ 'mesh.yaml': { kind: 'trusted', by: 'root' } });
  const proofs = source({ 'accounts/marketing.yaml': byMallory });
  expect(await proven([root, proofs])).toEqual(['mesh.yaml', 'accounts/marketing.yaml']);
});

test('administrators whom the file of proofs names approve mesh.yaml itself', async () => {
  const proofs = source({ 'mesh.yaml': { kind: 'approved', by: [ada] }, 'accounts/marketing.yaml': byMallory }, [ada]);
  expect(await proven([proofs])).toEqual(['mesh.yaml']);
});
