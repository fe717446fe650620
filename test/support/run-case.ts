import {
  CreateLFTagCommand,
  GrantPermissionsCommand,
  type GrantPermissionsRequest,
  LakeFormationClient,
} from '@aws-sdk/client-lakeformation';
import { connectLake } from '../../src/aws/lake.ts';
import { carryOut } from '../../src/carry-out.ts';
import type { Approval } from '../../src/core/approvals.ts';
import type { Hurried, Lake } from '../../src/core/lake.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { Declaration } from '../../src/declare/declaration.ts';
import { declare } from '../../src/declare/declare.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';
import { plan, type Run } from '../../src/reconcile.ts';
import { historyFrom, pastFrom } from './past.ts';
import { type Base, consumerKeys, meshOf, type ReconcileCase, seedOf } from './reconcile-cases.ts';

/** What became of a case. */
export interface Ran {
  readonly first: Plan;
  readonly outcomes: readonly Outcome[];
  readonly second: Plan;
  readonly snapshot: Snapshot;
}

/** Plans a case against an emulator of its own, carries the plan out, and plans again. */
export async function runCase(base: Base, one: ReconcileCase): Promise<Ran> {
  const earlier = (one.history ?? []).map((mesh) => meshOf(base, { ...one, mesh: { ...one.mesh, ...mesh } }));
  const versions = [...earlier, meshOf(base, one)];
  const run = { ...runOf(declarationOf(base, one), one), history: historyFrom(versions), past: pastFrom(versions) };
  const emulator = await startEmulator({ seed: seedOf(base, one) });
  try {
    await tag(emulator, base, one);
    emulator.setFaults(one.faults ?? []);
    const lake = await lakeOf(emulator, base, one);
    const consumers = await consumersOf(base, one);
    const planned = await plan(run, lake, consumers);
    const outcomes = await carryOut(planned, lake, { ...sending, consumers });
    const { plan: second } = await plan(run, lake, consumers);
    return { first: planned.plan, outcomes, second, snapshot: emulator.snapshot('111122223333', 'eu-west-1') };
  } finally {
    await emulator.close();
  }
}

/** The declaration of a case's mesh files, which must be valid. */
export function declarationOf(base: Base, one: ReconcileCase): Declaration {
  const result = declare(meshOf(base, one));
  if (!result.ok) throw new Error(`the mesh files have problems: ${JSON.stringify(result.problems, null, 1)}`);
  return result.declaration;
}

/** How the plan of a case is carried out. */
export const sending = {
  lanes: 4,
  tries: 3,
  pause: async () => undefined,
  waits: [],
  wait: async () => undefined,
  signal: new AbortController().signal,
  onAnswer: () => undefined,
};

/** A run of a case's mesh files. */
export function runOf(
  declaration: Declaration,
  { unproven = [], today = '2026-06-15', isScheduled }: ReconcileCase,
): Run {
  const isProven = (path: string): boolean => unproven !== 'all' && !unproven.includes(path);
  const unknown = unproven === 'all' ? [] : unproven.filter((path) => !pathsOf(declaration).includes(path));
  if (unknown.length > 0) throw new Error(`no such mesh files: ${unknown.join(', ')}`);
  return {
    declaration,
    commit: null,
    now: new Date(`${today}T12:00:00Z`),
    ...(isScheduled && { schedule: { pending: new Set(), repairs: declaration.mesh.value.repairOnSchedule === true } }),
    approvals: [
      {
        approvalsOf: async (versions) =>
          new Map(
            versions.flatMap(({ path }): [string, Approval][] =>
              isProven(path) ? [[path, { kind: 'trusted', by: 'the case' }]] : [],
            ),
          ),
      },
    ],
  };
}

function pathsOf({ mesh, accounts, products, subscriptions }: Declaration): readonly string[] {
  return [mesh, ...accounts.values(), ...products.values(), ...subscriptions.values()].map(({ path }) => path);
}

/** LF-Tags and the grants that need them, which a seed cannot hold. */
async function tag(emulator: Emulator, base: Base, { live }: ReconcileCase): Promise<void> {
  if (live?.tags === undefined) return;
  signAs(base, 'admin');
  const client = new LakeFormationClient({ endpoint: emulator.url, region: 'eu-west-1' });
  for (const [TagKey, values] of Object.entries(live.tags))
    await client.send(new CreateLFTagCommand({ TagKey, TagValues: [...values] }));
  for (const { principal, resource, permissions } of live.tagged ?? []) {
    const request = {
      Principal: { DataLakePrincipalIdentifier: base.principals[principal] ?? principal },
      Resource: resource as GrantPermissionsRequest['Resource'],
      Permissions: permissions as GrantPermissionsRequest['Permissions'],
    };
    await client.send(new GrantPermissionsCommand(request));
  }
}

function signAs(base: Base, caller: string): void {
  const role = base.live.accounts['111122223333']?.principals?.find(({ arn }) => arn === base.principals[caller]);
  process.env['AWS_ACCESS_KEY_ID'] = role?.accessKeyId ?? '';
  process.env['AWS_SECRET_ACCESS_KEY'] = role?.secretAccessKey ?? '';
  delete process.env['AWS_SESSION_TOKEN'];
}

/** The lakes of the consumers that a case lets its run enter. */
async function consumersOf(base: Base, { consumers = {} }: ReconcileCase): Promise<readonly (Lake & Hurried)[]> {
  const accounts = Object.entries(consumers).map(([name, live]) => [base.principals[name] ?? name, live] as const);
  return Promise.all(
    accounts.map(async ([account, { isLocked }]) => ({
      ...(await connectLake({
        account,
        region: 'eu-west-1',
        retry: { retries: 2, minimum: 1, maximum: 2 },
        timeout: 5000,
        credentials:
          isLocked === true ? { accessKeyId: 'AKIANOBODYS000000001', secretAccessKey: 'no' } : consumerKeys(account),
      })),
      hurry: () => new Promise<never>(() => undefined),
      relax: () => undefined,
    })),
  );
}

/** The central lake of a case, spoken to as its caller. */
export async function lakeOf(emulator: Emulator, base: Base, { caller = 'admin' }: ReconcileCase): Promise<Lake> {
  process.env['AWS_ENDPOINT_URL'] = emulator.url;
  signAs(base, caller);
  return connectLake({
    account: '111122223333',
    region: 'eu-west-1',
    retry: { retries: 2, minimum: 1, maximum: 2 },
    timeout: 5000,
  });
}
