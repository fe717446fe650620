import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectFoundation } from '../../src/aws/foundation.ts';
import { mergeSettings, settingsDiffering, type Wish } from '../../src/bootstrap/settings.ts';
import { settingsAct } from '../../src/cli/bootstrap/settings.ts';
import type { Foundation, SettingsDocument } from '../../src/core/foundation.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';

const arn = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const admin = (name: string) => ({ DataLakePrincipalIdentifier: arn(name) });
const open = [{ Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] }];
const wish: Wish = {
  administrator: arn('apply'),
  reader: arn('observe'),
  version: { least: 4, isAsked: false },
};
const both = { DataLakeAdmins: [admin('apply')], ReadOnlyAdmins: [admin('observe')] };

describe('a wish in settings', () => {
  test.each<[string, SettingsDocument, Wish, SettingsDocument, number]>([
    ['nothing there', {}, wish, both, 2],
    ['all there', both, wish, both, 0],
    [
      'the writer is read-only until now',
      { ReadOnlyAdmins: [admin('apply'), admin('observe')] },
      wish,
      { ...both, ReadOnlyAdmins: [admin('observe')] },
      2,
    ],
    [
      'the reader administers already',
      { DataLakeAdmins: [admin('apply'), admin('observe')] },
      wish,
      { DataLakeAdmins: [admin('apply'), admin('observe')] },
      0,
    ],
    [
      'a low version',
      { ...both, Parameters: { CROSS_ACCOUNT_VERSION: '1', SET_SOURCE_IDENTITY: 'TRUE' } },
      wish,
      { ...both, Parameters: { CROSS_ACCOUNT_VERSION: '4', SET_SOURCE_IDENTITY: 'TRUE' } },
      1,
    ],
    [
      'a high version',
      { ...both, Parameters: { CROSS_ACCOUNT_VERSION: '5' } },
      wish,
      { ...both, Parameters: { CROSS_ACCOUNT_VERSION: '5' } },
      0,
    ],
    [
      'a version that is none',
      { ...both, Parameters: { CROSS_ACCOUNT_VERSION: 'new' } },
      wish,
      { ...both, Parameters: { CROSS_ACCOUNT_VERSION: 'new' } },
      0,
    ],
    ['no version, and nobody asked', both, wish, both, 0],
    [
      'no version, and somebody asked',
      both,
      { ...wish, version: { least: 5, isAsked: true } },
      { ...both, Parameters: { CROSS_ACCOUNT_VERSION: '5' } },
      1,
    ],
    [
      'open defaults stay',
      { ...both, CreateTableDefaultPermissions: open },
      wish,
      { ...both, CreateTableDefaultPermissions: open },
      0,
    ],
    [
      'open defaults are closed when asked',
      { ...both, CreateTableDefaultPermissions: open, CreateDatabaseDefaultPermissions: [] },
      { ...wish, closes: true },
      { ...both, CreateTableDefaultPermissions: [], CreateDatabaseDefaultPermissions: [] },
      1,
    ],
    [
      'roles that go leave both lists',
      { DataLakeAdmins: [admin('else'), admin('apply')], ReadOnlyAdmins: [admin('observe')] },
      { gone: [arn('apply'), arn('observe')] },
      { DataLakeAdmins: [admin('else')], ReadOnlyAdmins: [] },
      2,
    ],
  ])('%s', (_, settings, asked, after, changes) => {
    const merged = mergeSettings(settings, asked);
    expect(merged.settings).toEqual(after);
    expect(merged.changes).toHaveLength(changes);
    expect(mergeSettings(merged.settings, asked).changes).toEqual([]);
  });

  test('keeps everything else, whatever it is, and comes true', () => {
    const admins = fc.array(fc.constantFrom('apply', 'observe', 'else', 'more').map(admin), { maxLength: 4 });
    const settings = fc.record(
      {
        DataLakeAdmins: admins,
        ReadOnlyAdmins: admins,
        CreateTableDefaultPermissions: fc.constantFrom([], open),
        Parameters: fc.dictionary(
          fc.constantFrom('CROSS_ACCOUNT_VERSION', 'SET_SOURCE_IDENTITY'),
          fc.constantFrom('1', '4', '5', 'TRUE'),
        ),
        TrustedResourceOwners: fc.array(fc.string()),
        SomethingNew: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(settings, (before) => {
        const { settings: after } = mergeSettings(before, wish);
        const rest = ({ DataLakeAdmins, ReadOnlyAdmins, Parameters, ...others }: SettingsDocument) => others;
        expect(rest(after)).toEqual(rest(before));
        const { CROSS_ACCOUNT_VERSION, ...parameters } = before.Parameters ?? {};
        expect(after.Parameters ?? {}).toMatchObject(parameters);
        expect(after.DataLakeAdmins).toEqual(expect.arrayContaining([...(before.DataLakeAdmins ?? [])]));
        expect(mergeSettings(after, wish).changes).toEqual([]);
      }),
    );
  });

  test('differences are seen in any order of a list, and an empty list is none', () => {
    const a = { DataLakeAdmins: [admin('a'), admin('b')], ReadOnlyAdmins: [] };
    expect(settingsDiffering(a, { DataLakeAdmins: [admin('b'), admin('a')] })).toEqual([]);
    expect(settingsDiffering(a, { DataLakeAdmins: [admin('b')], Parameters: { X: '1' } })).toEqual([
      'DataLakeAdmins',
      'Parameters',
    ]);
  });
});

describe('settings on a lake', () => {
  const keys = { accessKeyId: 'AKIASETTINGS00000001', secretAccessKey: 'settings-only' };

  async function lake(
    settings: SettingsDocument,
  ): Promise<{ foundation: Foundation; close: () => Promise<void>; puts: () => number }> {
    const principals = ['somebody', 'apply', 'observe', 'else'].map((name) => ({
      arn: arn(name),
      lakeFormation: true,
      ...(name === 'somebody' ? keys : {}),
    }));
    const seed = {
      accounts: {
        '111122223333': { principals, regions: { 'eu-west-1': { settings: { DataLakeAdmins: [arn('somebody')] } } } },
      },
    };
    const emulator = await startEmulator({ seed });
    process.env['AWS_ENDPOINT_URL'] = emulator.url;
    process.env['AWS_ACCESS_KEY_ID'] = keys.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = keys.secretAccessKey;
    const retry = { retries: 1, minimum: 1, maximum: 1 };
    const foundation = connectFoundation({ account: '111122223333', region: 'eu-west-1', retry });
    await foundation.putSettings(settings);
    return {
      foundation,
      close: () => emulator.close(),
      puts: () => emulator.journal().filter(({ operation }) => operation === 'PutDataLakeSettings').length,
    };
  }

  const start = {
    DataLakeAdmins: [admin('somebody')],
    TrustedResourceOwners: ['999988887777'],
    Parameters: { CROSS_ACCOUNT_VERSION: '3' },
  };

  async function come(foundation: Foundation): Promise<void> {
    const settings = await foundation.settings();
    for (const { act } of settingsAct(foundation, { settings, wish, title: '' }))
      await act({ show: () => undefined, end: () => undefined });
  }

  test('are merged, and put once', async () => {
    const { foundation, close, puts } = await lake(start);
    await come(foundation);
    expect(await foundation.settings()).toMatchObject({
      DataLakeAdmins: [admin('somebody'), admin('apply')],
      ReadOnlyAdmins: [admin('observe')],
      TrustedResourceOwners: ['999988887777'],
      Parameters: { CROSS_ACCOUNT_VERSION: '4' },
    });
    await come(foundation);
    // The first is how it began.
    expect(puts()).toBe(2);
    await close();
  });

  test('every member that Lake Formation knows is put back as it was read', async () => {
    const whole = {
      DataLakeAdmins: [admin('somebody'), admin('apply')],
      ReadOnlyAdmins: [admin('else')],
      CreateDatabaseDefaultPermissions: open,
      CreateTableDefaultPermissions: open,
      Parameters: { CROSS_ACCOUNT_VERSION: '4', SET_SOURCE_IDENTITY: 'TRUE' },
      TrustedResourceOwners: ['999988887777'],
      AllowExternalDataFiltering: true,
      AllowFullTableExternalDataAccess: true,
      ExternalDataFilteringAllowList: [{ DataLakePrincipalIdentifier: '999988887777' }],
      AuthorizedSessionTagValueList: ['Amazon EMR'],
    };
    const { foundation, close } = await lake(whole);
    expect(settingsDiffering(await foundation.settings(), whole)).toEqual([]);
    await come(foundation);
    expect(settingsDiffering(await foundation.settings(), whole)).toEqual(['ReadOnlyAdmins']);
    await close();
  });

  test('what somebody else writes meanwhile is kept, and ours comes true all the same', async () => {
    const { foundation, close } = await lake(start);
    let others = 1;
    const disturbed: Foundation = {
      ...foundation,
      putSettings: async (settings) => {
        await foundation.putSettings(settings);
        // Somebody who read before we wrote puts back what they knew, with their own change.
        if (others-- > 0)
          await foundation.putSettings({ ...start, DataLakeAdmins: [admin('somebody'), admin('else')] });
      },
    };
    await come(disturbed);
    const { DataLakeAdmins } = await foundation.settings();
    expect(DataLakeAdmins).toEqual([admin('somebody'), admin('else'), admin('apply')]);
    await close();
  });

  test('who always comes between is told of', async () => {
    const { foundation, close } = await lake(start);
    const contested: Foundation = {
      ...foundation,
      putSettings: async (settings) => {
        await foundation.putSettings(settings);
        await foundation.putSettings(start);
      },
    };
    await expect(come(contested)).rejects.toMatchObject({ code: 'SETTINGS_CONTESTED' });
    await close();
  });
});
