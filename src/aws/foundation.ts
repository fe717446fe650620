import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IAMClient } from '@aws-sdk/client-iam';
import {
  type DataLakeSettings,
  GetDataLakeSettingsCommand,
  PutDataLakeSettingsCommand,
} from '@aws-sdk/client-lakeformation';
import type { Foundation, SettingsDocument } from '../core/foundation.ts';
import { identityProviderCalls } from './identity-provider.ts';
import { clientsOf, type LakeOptions } from './lake.ts';
import { retrying } from './retry.ts';
import { stackCalls } from './stacks.ts';

/** What an account stands on, through AWS's own client library; loaded only by `bootstrap`, for the clients are its alone. */
export function connectFoundation(options: LakeOptions): Foundation {
  const { lakeformation, catalog, retry: policy } = clientsOf(options);
  const config = { region: options.region, maxAttempts: 1 };
  return {
    ...stackCalls(new CloudFormationClient(config), policy),
    ...identityProviderCalls(new IAMClient(config), policy),
    settings: async () => {
      const call = () => lakeformation.send(new GetDataLakeSettingsCommand({ CatalogId: catalog }));
      const { DataLakeSettings: settings = {} } = await retrying('GetDataLakeSettings', call, { policy, isRead: true });
      return settings as object as SettingsDocument;
    },
    putSettings: async (settings) => {
      const request = { CatalogId: catalog, DataLakeSettings: settings as object as DataLakeSettings };
      const call = () => lakeformation.send(new PutDataLakeSettingsCommand(request));
      // It replaces, so once more is as good as once.
      await retrying('PutDataLakeSettings', call, { policy, isRead: true });
    },
  };
}
