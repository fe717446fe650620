import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IAMClient } from '@aws-sdk/client-iam';
import {
  type DataLakeSettings,
  GetDataLakeSettingsCommand,
  type LakeFormationClient,
  PutDataLakeSettingsCommand,
} from '@aws-sdk/client-lakeformation';
import type { Foundation, SettingsDocument } from '../core/foundation.ts';
import { LakeFailure } from '../core/lake.ts';
import { identityProviderCalls } from './identity-provider.ts';
import { clientsOf, type LakeOptions } from './lake.ts';
import { type RetryPolicy, retrying } from './retry.ts';
import { stackCalls } from './stacks.ts';

/** What an account stands on, through AWS's own client library; loaded only by `bootstrap`, for the clients are its alone. */
export function connectFoundation(options: LakeOptions): Foundation {
  const { lakeformation, catalog, retry: policy } = clientsOf(options);
  const config = { region: options.region, maxAttempts: 1 };
  return {
    ...stackCalls(new CloudFormationClient(config), policy),
    ...identityProviderCalls(new IAMClient(config), policy),
    settings: () => readWhole(lakeformation, { catalog, policy }),
    putSettings: async (settings) => {
      const request = { CatalogId: catalog, DataLakeSettings: settings as object as DataLakeSettings };
      const call = () => lakeformation.send(new PutDataLakeSettingsCommand(request));
      // It replaces, so once more is as good as once.
      await retrying('PutDataLakeSettings', call, { policy, isRead: true });
    },
    elsewhere: (region) => connectFoundation({ ...options, region }),
  };
}

/**
 * The settings with every member that AWS sent. A member that the client library does not know it drops, and a put
 * without it would wipe it out, so that is a failure. Such members have come with time:
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2355.
 */
async function readWhole(
  client: LakeFormationClient,
  { catalog, policy }: { readonly catalog: string; readonly policy: RetryPolicy },
): Promise<SettingsDocument> {
  const command = new GetDataLakeSettingsCommand({ CatalogId: catalog });
  let sent: object = {};
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (!isAnswer(response)) return result;
      const parts: Uint8Array[] = [];
      for await (const part of response.body) parts.push(part);
      const body = Buffer.concat(parts);
      Object.assign(response, { body: new Uint8Array(body) });
      if (response.statusCode === 200) sent = JSON.parse(body.toString('utf8')).DataLakeSettings ?? {};
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'readWhole' },
  );
  const answer = await retrying('GetDataLakeSettings', () => client.send(command), { policy, isRead: true });
  const settings = (answer.DataLakeSettings ?? {}) as object as SettingsDocument;
  const dropped = Object.entries(sent).flatMap(([name, value]) =>
    value === null || settings[name] !== undefined ? [] : [name],
  );
  if (dropped.length === 0) return settings;
  throw new LakeFailure({
    operation: 'GetDataLakeSettings',
    code: 'UnknownSetting',
    message: `the settings say ${dropped.join(', ')}, which this version does not know and would lose; use a newer one, or the commands that bootstrap prints`,
    kind: 'final',
  });
}

interface Answer {
  readonly statusCode: number;
  readonly body: AsyncIterable<Uint8Array>;
}

function isAnswer(response: unknown): response is Answer {
  const isObject = typeof response === 'object' && response !== null;
  return isObject && 'statusCode' in response && 'body' in response && !(response.body instanceof Uint8Array);
}
