import {
  CreateLakeFormationOptInCommand,
  DeleteLakeFormationOptInCommand,
  ListLakeFormationOptInsCommand,
  paginateListLakeFormationOptIns,
} from '@aws-sdk/client-lakeformation';
import { expect, test } from 'vitest';
import { orders, startOpened } from './access-scene.ts';
import {
  admin,
  allTables,
  analyst,
  auditor,
  central,
  clientOf,
  consumer,
  database,
  refusal,
  region,
  roleArn,
  steward,
  who,
} from './fixture.ts';

const optIn = (principal = analyst, Resource: object = orders) => ({ Principal: who(principal), Resource });

test('opt-ins are made, listed page by page, asked for, and taken back', async () => {
  const emulator = await startOpened({ central: { optIns: [{ principal: steward, resource: orders }] } });
  const { lakeFormation } = clientOf(emulator, admin);
  await lakeFormation.send(new CreateLakeFormationOptInCommand(optIn()));
  await lakeFormation.send(new CreateLakeFormationOptInCommand(optIn(analyst, allTables)));
  await lakeFormation.send(
    new CreateLakeFormationOptInCommand({ ...optIn(analyst, database), Condition: { Expression: 'true' } }),
  );
  const found: string[] = [];
  for await (const page of paginateListLakeFormationOptIns({ client: lakeFormation }, { MaxResults: 1 }))
    for (const { Principal, LastModified, LastUpdatedBy } of page.LakeFormationOptInsInfoList ?? []) {
      expect([LastModified instanceof Date, LastUpdatedBy]).toEqual([true, admin]);
      found.push(Principal?.DataLakePrincipalIdentifier?.split('/')[1] ?? '');
    }
  expect(found.sort()).toEqual(['analyst', 'analyst', 'analyst', 'steward']);
  const asked = async (more: object) =>
    (await clientOf(emulator, auditor).lakeFormation.send(new ListLakeFormationOptInsCommand(more)))
      .LakeFormationOptInsInfoList?.length;
  expect(await asked({ Principal: who(analyst) })).toBe(3);
  expect(await asked({ Resource: orders })).toBe(2);
  expect(await asked({ Principal: who(steward), Resource: allTables })).toBe(0);
  await lakeFormation.send(new DeleteLakeFormationOptInCommand(optIn()));
  expect(await refusal(lakeFormation.send(new DeleteLakeFormationOptInCommand(optIn())))).toMatch(
    /^EntityNotFoundException/,
  );
  expect(emulator.snapshot(central, region).optIns).toHaveLength(3);
});

test.each([
  { name: 'by others than administrators', as: steward, given: optIn(), code: 'AccessDeniedException' },
  { name: 'for nobody', as: admin, given: optIn(roleArn(central, 'gone')), code: 'InvalidInputException' },
  {
    name: 'to what is not there',
    as: admin,
    given: optIn(analyst, { Database: { Name: 'none' } }),
    code: 'EntityNotFoundException',
  },
  {
    name: 'to a location',
    as: admin,
    given: optIn(analyst, { DataLocation: { ResourceArn: 'arn:aws:s3:::lake/sales' } }),
    code: 'InvalidInputException',
  },
])('opting in is refused $name', async ({ as, given, code }) => {
  const { lakeFormation } = clientOf(await startOpened({}), as);
  expect(await refusal(lakeFormation.send(new CreateLakeFormationOptInCommand(given)))).toMatch(new RegExp(`^${code}`));
});

test('principals of another account are opted in and listed, but not asked for', async () => {
  const { lakeFormation } = clientOf(await startOpened({}), admin);
  await lakeFormation.send(new CreateLakeFormationOptInCommand(optIn(consumer)));
  const { LakeFormationOptInsInfoList } = await lakeFormation.send(new ListLakeFormationOptInsCommand({}));
  expect(LakeFormationOptInsInfoList).toMatchObject([{ Principal: who(consumer) }]);
  expect(await refusal(lakeFormation.send(new ListLakeFormationOptInsCommand({ Principal: who(consumer) })))).toMatch(
    /^InvalidInputException/,
  );
});

test('opt-ins are shown to administrators alone', async () => {
  const { lakeFormation } = clientOf(await startOpened({}), steward);
  expect(await refusal(lakeFormation.send(new ListLakeFormationOptInsCommand({})))).toMatch(/^AccessDeniedException/);
});
