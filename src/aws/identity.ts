import { GetDataLakeSettingsCommand } from '@aws-sdk/client-lakeformation';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { FullSettings } from '../core/inspection.ts';
import { type Caller, LakeFailure, type LakeReader } from '../core/lake.ts';
import type { Clients } from './lake.ts';
import { retrying } from './retry.ts';

/** Who calls, and who administers the data lake. */
export function identityCalls(clients: Clients): Pick<LakeReader, 'caller' | 'settings'> {
  const options = { policy: clients.retry, isRead: true };
  return {
    caller: async (): Promise<Caller> => {
      const answer = await retrying(
        'GetCallerIdentity',
        () => clients.sts.send(new GetCallerIdentityCommand({})),
        options,
      );
      if (answer.Account === undefined || answer.Arn === undefined)
        throw new LakeFailure({
          operation: 'GetCallerIdentity',
          code: 'IncompleteAnswer',
          message: 'STS did not say who is calling',
          kind: 'final',
        });
      return { account: answer.Account, arn: answer.Arn };
    },
    settings: () => readSettings(clients),
  };
}

/** The data lake settings; what they leave out is empty. */
export async function readSettings({ lakeformation, catalog, retry }: Clients): Promise<FullSettings> {
  const { DataLakeSettings: settings = {} } = await retrying(
    'GetDataLakeSettings',
    () => lakeformation.send(new GetDataLakeSettingsCommand({ CatalogId: catalog })),
    { policy: retry, isRead: true },
  );
  const names = (list: readonly { DataLakePrincipalIdentifier?: string | undefined }[] | undefined): string[] =>
    (list ?? []).flatMap((principal) => principal.DataLakePrincipalIdentifier ?? []);
  // Source: https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html.
  const version = settings.Parameters?.['CROSS_ACCOUNT_VERSION'];
  return {
    administrators: names(settings.DataLakeAdmins),
    readOnlyAdministrators: names(settings.ReadOnlyAdmins),
    opensNewDatabases: (settings.CreateDatabaseDefaultPermissions ?? []).length > 0,
    opensNewTables: (settings.CreateTableDefaultPermissions ?? []).length > 0,
    ...(version === undefined ? {} : { crossAccountVersion: version }),
  };
}
