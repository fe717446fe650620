import {
  type DataLakeSettings,
  GetDataLakeSettingsCommand,
  type Permission,
  PutDataLakeSettingsCommand,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import { admin, central, clientOf, refusal, roleArn, seedWith, start, who } from './fixture.ts';

async function lakeFormationOf(seed = seedWith(), caller = admin) {
  const emulator = await start({ seed });
  return { emulator, client: clientOf(emulator, caller), send: clientOf(emulator, caller).lakeFormation };
}

describe('settings', () => {
  const put = (DataLakeSettings: DataLakeSettings) => new PutDataLakeSettingsCommand({ DataLakeSettings });

  test('are replaced as a whole', async () => {
    const { client, send } = await lakeFormationOf();
    await client.lakeFormation.send(put({ DataLakeAdmins: [who(admin)], TrustedResourceOwners: [central] }));
    const { DataLakeSettings } = await send.send(new GetDataLakeSettingsCommand({}));
    expect(DataLakeSettings).toMatchObject({
      DataLakeAdmins: [who(admin)],
      ReadOnlyAdmins: [],
      CreateDatabaseDefaultPermissions: [],
      CreateTableDefaultPermissions: [],
      Parameters: { CROSS_ACCOUNT_VERSION: '1' },
      TrustedResourceOwners: [central],
    });
  });

  test('of a new account leave everything to IAM', async () => {
    const { send } = await lakeFormationOf(seedWith({ settings: {} }));
    const { DataLakeSettings } = await send.send(new GetDataLakeSettingsCommand({}));
    const open = [{ Principal: who('IAM_ALLOWED_PRINCIPALS'), Permissions: ['ALL'] }];
    expect(DataLakeSettings).toMatchObject({
      DataLakeAdmins: [],
      CreateDatabaseDefaultPermissions: open,
      CreateTableDefaultPermissions: open,
    });
  });

  test.each([
    {
      name: 'an administrator that is gone',
      settings: { DataLakeAdmins: [who(admin), who(roleArn(central, 'ghost'))] },
      refused: /^InvalidInputException: Invalid principal, arn: arn:aws:iam::111122223333:role\/ghost$/,
    },
    {
      name: 'one who is both',
      settings: { DataLakeAdmins: [who(admin)], ReadOnlyAdmins: [who(admin)] },
      refused: /^InvalidInputException/,
    },
    {
      name: 'more than 30 administrators',
      settings: { DataLakeAdmins: Array.from({ length: 31 }, () => who(admin)) },
      refused: /dataLakeSettings\.dataLakeAdmins/,
    },
    {
      name: 'other defaults',
      settings: { CreateTableDefaultPermissions: [{ Principal: who(admin), Permissions: ['ALL' as Permission] }] },
      refused: /^InvalidInputException/,
    },
    {
      name: 'a version that does not exist',
      settings: { Parameters: { CROSS_ACCOUNT_VERSION: '6' } },
      refused: /^InvalidInputException/,
    },
  ])('are refused with $name', async ({ settings, refused }) => {
    const { send } = await lakeFormationOf();
    expect(await refusal(send.send(put(settings)))).toMatch(refused);
  });

  test('version 5 cannot be lowered', async () => {
    const { send } = await lakeFormationOf(
      seedWith({ settings: { DataLakeAdmins: [admin], Parameters: { CROSS_ACCOUNT_VERSION: '5' } } }),
    );
    expect(await refusal(send.send(put({ Parameters: { CROSS_ACCOUNT_VERSION: '4' } })))).toMatch(
      /^InvalidInputException/,
    );
  });
});
