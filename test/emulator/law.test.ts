import {
  BatchGrantPermissionsCommand,
  BatchRevokePermissionsCommand,
  type Permission,
} from '@aws-sdk/client-lakeformation';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admin, analyst, central, clientOf, listAll, region, start, steward, table, who } from './fixture.ts';

const permissions = ['ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT'] as const satisfies Permission[];

interface Step {
  readonly verb: 'grant' | 'revoke';
  readonly principal: string;
  readonly name: string;
  readonly permissions: Permission[];
}

const step = fc.record({
  verb: fc.constantFrom('grant', 'revoke'),
  principal: fc.constantFrom(analyst, steward),
  name: fc.constantFrom('orders', 'items'),
  permissions: fc.uniqueArray(fc.constantFrom(...permissions), { minLength: 1 }),
}) as fc.Arbitrary<Step>;

/** What is held after some steps, by a model of a few lines: grants add, revokes take all they name or nothing. */
function modelled(steps: readonly Step[]): {
  readonly held: ReadonlySet<string>;
  readonly refused: readonly boolean[];
} {
  const held = new Set<string>();
  const refused = steps.map(({ verb, principal, name, permissions: named }) => {
    const keys = named.map((permission) => `${principal} ${name} ${permission}`);
    if (verb === 'revoke' && !keys.every((key) => held.has(key))) return true;
    for (const key of keys) {
      if (verb === 'grant') held.add(key);
      else held.delete(key);
    }
    return false;
  });
  return { held, refused };
}

test('any grants and revokes leave what a set would hold, and every page order shows just that', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (steps, MaxResults) => {
        const emulator = await start({ switches: { pageCuts: 'wild' } });
        const client = clientOf(emulator, admin);
        const refused: boolean[] = [];
        for (const { verb, principal, name, permissions: Permissions } of steps) {
          const Entries = [{ Id: '1', Principal: who(principal), Resource: table(name), Permissions }];
          const command =
            verb === 'grant'
              ? new BatchGrantPermissionsCommand({ Entries })
              : new BatchRevokePermissionsCommand({ Entries });
          const { Failures } = await client.lakeFormation.send(command as BatchGrantPermissionsCommand);
          refused.push((Failures ?? []).length > 0);
        }
        const rows = await listAll(client, { MaxResults });
        const listed = rows.flatMap(({ Principal, Resource, Permissions }) =>
          (Permissions ?? []).map(
            (permission) =>
              `${Principal?.DataLakePrincipalIdentifier} ${(Resource?.Table ?? Resource?.TableWithColumns)?.Name} ${permission}`,
          ),
        );
        const model = modelled(steps);
        expect(refused).toEqual(model.refused);
        expect(listed.sort()).toEqual([...model.held].sort());
        const stored = emulator
          .snapshot(central, region)
          .atoms.map(({ principal, resource, permission }) => `${principal} ${resource.table} ${permission}`);
        expect(stored.sort()).toEqual([...model.held].sort());
        await emulator.close();
      },
    ),
    { numRuns: 25 },
  );
});
