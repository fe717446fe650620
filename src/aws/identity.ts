import { GetDataLakeSettingsCommand } from '@aws-sdk/client-lakeformation';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Caller, LakeFailure, type LakeReader, type LakeSettings } from '../core/lake.ts';
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
    settings: async (): Promise<LakeSettings> => {
      const answer = await retrying(
        'GetDataLakeSettings',
        () => clients.lakeformation.send(new GetDataLakeSettingsCommand({ CatalogId: clients.catalog })),
        options,
      );
      const names = (list: readonly { DataLakePrincipalIdentifier?: string | undefined }[] | undefined): string[] =>
        (list ?? []).flatMap((principal) => principal.DataLakePrincipalIdentifier ?? []);
      return {
        administrators: names(answer.DataLakeSettings?.DataLakeAdmins),
        readOnlyAdministrators: names(answer.DataLakeSettings?.ReadOnlyAdmins),
      };
    },
  };
}
