import { setTimeout as sleep } from 'node:timers/promises';
import { assuming } from '../../src/aws/assume.ts';
import { clientsOf, connectLake } from '../../src/aws/lake.ts';
import { carryOut } from '../../src/carry-out.ts';
import type { Approvals } from '../../src/core/approvals.ts';
import type { Hurried, Lake } from '../../src/core/lake.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { plan, type Run } from '../../src/reconcile.ts';
import { keysOf } from './law-lake.ts';
import { declared, filesOf, type LawMesh } from './law-mesh.ts';
import { caller, central, region, today } from './law-place.ts';
import { historyFrom } from './past.ts';

/** The real client, speaking to the emulator. */
export async function lakeAt(emulator: Emulator, timeout = 5_000): Promise<Lake> {
  const { accessKeyId, secretAccessKey } = keysOf(caller);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: emulator.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
  return await connectLake(connectionTo(central, timeout));
}

const connectionTo = (account: string, timeout: number) => ({
  account,
  region,
  retry: { retries: 12, minimum: 1, maximum: 3 },
  timeout,
});

/** The lake of a consumer's account, where the client takes on a role of this name. */
export async function consumerAt(account: string, role: string, timeout = 5_000): Promise<Lake & Hurried> {
  const arn = `arn:aws:iam::${account}:role/${role}`;
  const assumed = assuming({ account, arn, session: 'meshgate-law' }, clientsOf(connectionTo(central, timeout)));
  return { ...(await connectLake({ ...connectionTo(account, timeout), ...assumed })), ...unhurried };
}

/** Nobody waits for an account in vain. */
export const unhurried: Hurried = {
  hurry: () => new Promise<never>(() => undefined),
  relax: () => undefined,
  cut: () => undefined,
};

/** Proofs of all files but those named. */
export function provenBut(unproven: ReadonlySet<string>): Approvals {
  return {
    approvalsOf: async (versions) =>
      new Map(
        versions.filter(({ path }) => !unproven.has(path)).map(({ path }) => [path, { kind: 'trusted', by: 'law' }]),
      ),
  };
}

/** A run of a mesh on the day of the law. */
export function runOf(mesh: LawMesh, unproven: ReadonlySet<string> = new Set()): Run {
  return {
    declaration: declared(mesh),
    history: historyFrom([...(mesh.past ?? []), mesh].map((version) => filesOf(version))),
    approvals: [provenBut(unproven)],
    commit: null,
    now: new Date(`${today}T12:00:00Z`),
  };
}

/** What a run planned, and what came of it. */
export interface Reconciled {
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
}

/** Plans and applies once. */
export async function reconcileOnce(
  run: Run,
  lake: Lake,
  waits: readonly number[] = [0, 0, 0, 0, 0],
): Promise<Reconciled> {
  const planned = await plan(run, lake);
  const outcomes = await carryOut(planned, lake, {
    lanes: 4,
    tries: 12,
    pause: () => sleep(1),
    waits,
    wait: (milliseconds) => sleep(milliseconds),
    signal: new AbortController().signal,
    onAnswer: () => {},
  });
  return { plan: planned.plan, outcomes };
}

/** Thrown where a law kills a run. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** A run that dies, as its lakes feel it, and when nothing that was sent is still under way. */
export interface Mortal {
  readonly in: <L extends Lake>(lake: L) => L;
  readonly atRest: () => Promise<void>;
}

/** A run that dies with its n-th write, in whichever lake, before it is sent or after it was made. */
export function mortal(at: number, isAfter: boolean): Mortal {
  const underWay = new Set<Promise<unknown>>();
  let writes = 0;
  let isDead = false;
  const write =
    <A, R>(call: (argument: A) => Promise<R>) =>
    async (argument: A): Promise<R> => {
      writes += 1;
      if (writes === at && !isAfter) isDead = true;
      if (isDead) throw new Killed('killed');
      const isLast = writes === at;
      const sent = call(argument);
      underWay.add(sent);
      const answer = await sent;
      if (isLast) isDead = true;
      if (isDead) throw new Killed('killed');
      return answer;
    };
  return {
    in: (lake) => ({
      ...lake,
      grant: write(lake.grant),
      revoke: write(lake.revoke),
      createFilter: write(lake.createFilter),
      updateFilter: write(lake.updateFilter),
      deleteFilter: write(lake.deleteFilter),
      setParameter: write(lake.setParameter),
      accept: write(lake.accept),
      createLink: write(lake.createLink),
      deleteLink: write(lake.deleteLink),
      associate: write(lake.associate),
      createOptIn: write(lake.createOptIn),
      deleteOptIn: write(lake.deleteOptIn),
    }),
    atRest: async () => void (await Promise.allSettled(underWay)),
  };
}

/** What a failing law prints beside its seed: the mesh files. */
export function story(...meshes: readonly LawMesh[]): string {
  return meshes
    .map(({ mesh, products, subscriptions }) =>
      JSON.stringify(
        { mesh: mesh.catalogParameters, holds: mesh.holds, grants: mesh.grants, products, subscriptions },
        null,
        1,
      ),
    )
    .join('\nthen\n');
}
