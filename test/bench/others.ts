import { performance } from 'node:perf_hooks';
import {
  GrantPermissionsCommand,
  LakeFormationClient,
  ListPermissionsCommand,
  type Permission,
  type Resource,
} from '@aws-sdk/client-lakeformation';
import pLimit from 'p-limit';
import { type Emulator, runMeshgate, startEmulator } from './processes.ts';
import { planNothing } from './reading.ts';
import type { Comparison, Effort } from './row.ts';
import { accountOf, heldOn, keys, region, type Scene, seedOf } from './scene.ts';

/** How many calls others keep under way: Terraform's default. https://developer.hashicorp.com/terraform/cli/commands/plan#parallelism-n */
const atOnce = 10;

interface Wanted {
  readonly Principal: { readonly DataLakePrincipalIdentifier: string };
  readonly Resource: Resource;
  readonly Permissions: Permission[];
  readonly PermissionsWithGrantOption: Permission[];
}

/** One filtered read for each grant, and where it is not there one write, ten at a time; against ours on the same lake. */
export async function compare(scene: Scene, latencyMs: number): Promise<readonly Comparison[]> {
  return [
    {
      work: `plan, nothing to do, ${count(scene)} rows`,
      latencyMs,
      ...(await beside(scene, { latencyMs, held: true })),
    },
    { work: `apply, ${count(scene)} new rows`, latencyMs, ...(await beside(scene, { latencyMs, held: false })) },
  ];
}

const count = ({ rows }: Scene): string => rows.toLocaleString('en');

async function beside(
  scene: Scene,
  { latencyMs, held }: { readonly latencyMs: number; readonly held: boolean },
): Promise<{ readonly ours: Effort; readonly theirs: Effort }> {
  const fresh = async <T>(work: (emulator: Emulator) => Promise<T>): Promise<T> => {
    const emulator = await startEmulator(seedOf(scene, { held }), latencyMs);
    try {
      return await work(emulator);
    } finally {
      await emulator.stop();
    }
  };
  const ours = await fresh(async (emulator) => {
    if (held) {
      const { used, calls } = await planNothing(scene, emulator);
      return { calls: calls.length, seconds: used.wall };
    }
    const args = ['apply', '--mesh', scene.directory, '--trust-root', 'HEAD', '--quiet'];
    const used = await runMeshgate(emulator, [...args, '--ledger', `${scene.directory}/../ledger.jsonl`]);
    if (used.code !== 0) throw new Error(`apply ended with ${used.code}: ${used.err}`);
    return { calls: (await emulator.calls()).length, seconds: used.wall };
  });
  const theirs = await fresh(async (emulator) => {
    const start = performance.now();
    await oneByOne(scene, emulator, !held);
    return { calls: (await emulator.calls()).length, seconds: (performance.now() - start) / 1000 };
  });
  return { ours, theirs };
}

async function oneByOne(scene: Scene, emulator: Emulator, writes: boolean): Promise<void> {
  const client = new LakeFormationClient({
    region,
    endpoint: emulator.url,
    credentials: { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY },
  });
  const limit = pLimit(atOnce);
  // A consumer after the other, as a tool that walks its resources in order: two writes for one principal may collide.
  const wanted = scene.products.flatMap((product) =>
    heldOn(product).flatMap((held) => scene.consumers.map((_, index) => toWanted(held, accountOf(index)))),
  );
  await Promise.all(
    wanted.map((one) =>
      limit(async () => {
        const isThere = await isHeld(client, one);
        if (isThere === writes) throw new Error(`${JSON.stringify(one)} is ${isThere ? '' : 'not '}there`);
        if (writes) await client.send(new GrantPermissionsCommand(one));
      }),
    ),
  );
  client.destroy();
}

function toWanted(held: ReturnType<typeof heldOn>[number], account: string): Wanted {
  return {
    Principal: { DataLakePrincipalIdentifier: account },
    Resource: held.resource as unknown as Resource,
    Permissions: [...held.permissions] as Permission[],
    PermissionsWithGrantOption: [...held.withGrantOption] as Permission[],
  };
}

/** Asks for one principal on one resource, as the Terraform provider does; a column list is asked for by its table. */
async function isHeld(client: LakeFormationClient, { Principal, Resource, Permissions }: Wanted): Promise<boolean> {
  const { TableWithColumns: listed } = Resource;
  const asked = listed ? { Table: { DatabaseName: listed.DatabaseName, Name: listed.Name } } : Resource;
  const answer = await client.send(new ListPermissionsCommand({ Principal, Resource: asked, MaxResults: 100 }));
  const found = (answer.PrincipalResourcePermissions ?? []).flatMap((row) => row.Permissions ?? []);
  return Permissions.every((permission) => found.includes(permission));
}
