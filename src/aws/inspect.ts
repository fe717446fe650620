import {
  GetCatalogCommand,
  GetDataCatalogEncryptionSettingsCommand,
  GetResourcePoliciesCommand,
  GetResourcePolicyCommand,
  GetTableCommand,
} from '@aws-sdk/client-glue';
import { ListResourcesCommand } from '@aws-sdk/client-lakeformation';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { CatalogPolicy, ClockReading, LakeInspector, RegisteredLocation } from '../core/inspection.ts';
import { LakeFailure } from '../core/lake.ts';
import { readSettings } from './identity.ts';
import { type Clients, clientsOf, type LakeOptions } from './lake.ts';
import { pagesOf } from './pages.ts';
import { retrying } from './retry.ts';
import { sharedResources } from './sharing.ts';

/** What `doctor` reads beside a plan, with AWS's own client library. */
export function connectInspector(options: LakeOptions): LakeInspector {
  const clients = clientsOf(options);
  const { glue, catalog, retry: policy } = clients;
  const read = <T>(operation: string, call: () => Promise<T>): Promise<T> =>
    retrying(operation, call, { policy, isRead: true });
  return {
    clock: () => readClock(clients),
    settings: () => readSettings(clients),
    policy: () => readPolicy(clients),
    policies: () => countPolicies(clients),
    locations: () => listLocations(clients),
    encryption: async () => {
      const command = new GetDataCatalogEncryptionSettingsCommand({ CatalogId: catalog });
      const answer = await read('GetDataCatalogEncryptionSettings', () => glue.send(command));
      const { CatalogEncryptionMode: mode, SseAwsKmsKeyId: key } =
        answer.DataCatalogEncryptionSettings?.EncryptionAtRest ?? {};
      return { isEncrypted: mode !== undefined && mode !== 'DISABLED', ...(key === undefined ? {} : { key }) };
    },
    shared: () => sharedResources(clients),
    catalog: async () =>
      void (await read('GetCatalog', () => glue.send(new GetCatalogCommand({ CatalogId: catalog })))),
    table: async ({ database, table }) => {
      const command = new GetTableCommand({ CatalogId: catalog, DatabaseName: database, Name: table });
      await read('GetTable', () => glue.send(command));
    },
  };
}

/**
 * Holds the Date header of an answer against this machine's clock; a refusal carries one, too, so that a clock so
 * wrong that no signature is accepted can still be told. The header counts whole seconds.
 */
async function readClock({ sts, retry }: Clients): Promise<ClockReading> {
  let ahead: number | undefined;
  const name = 'readClock';
  sts.middlewareStack.add(
    (next) => async (args) => {
      const asked = Date.now();
      const result = await next(args);
      const said = Date.parse(dateOf(result.response));
      if (!Number.isNaN(said)) ahead = Math.round((said + 500 - (asked + Date.now()) / 2) / 1000);
      return result;
    },
    { step: 'deserialize', priority: 'low', name },
  );
  try {
    const call = () => sts.send(new GetCallerIdentityCommand({}));
    await retrying('GetCallerIdentity', call, { policy: retry, isRead: true });
  } catch (thrown) {
    if (ahead === undefined) throw thrown;
  } finally {
    sts.middlewareStack.remove(name);
  }
  if (ahead !== undefined) return { ahead };
  const message = 'the answer carries no Date';
  throw new LakeFailure({ operation: 'GetCallerIdentity', code: 'IncompleteAnswer', message, kind: 'final' });
}

function dateOf(response: unknown): string {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return '';
  const headers: unknown = response.headers;
  if (typeof headers !== 'object' || headers === null) return '';
  const [, date] = Object.entries(headers).find(([header]) => header.toLowerCase() === 'date') ?? [];
  return typeof date === 'string' ? date : '';
}

/** Source for the refusal where there is none: https://docs.aws.amazon.com/glue/latest/webapi/API_GetResourcePolicy.html. */
async function readPolicy({ glue, retry }: Clients): Promise<CatalogPolicy | undefined> {
  try {
    const call = () => glue.send(new GetResourcePolicyCommand({}));
    const { PolicyInJson, PolicyHash } = await retrying('GetResourcePolicy', call, { policy: retry, isRead: true });
    return PolicyInJson === undefined ? undefined : { text: PolicyInJson, hash: PolicyHash ?? '' };
  } catch (thrown) {
    if (thrown instanceof LakeFailure && thrown.code === 'EntityNotFoundException') return undefined;
    throw thrown;
  }
}

async function countPolicies({ glue, retry: policy }: Clients): Promise<number> {
  let count = 0;
  for await (const { GetResourcePoliciesResponseList = [] } of pagesOf({
    operation: 'GetResourcePolicies',
    policy,
    ask: (NextToken) => glue.send(new GetResourcePoliciesCommand({ MaxResults: 100, NextToken })),
    tokenOf: (page) => page.NextToken,
  }))
    count += GetResourcePoliciesResponseList.length;
  return count;
}

async function listLocations({ lakeformation, retry: policy }: Clients): Promise<readonly RegisteredLocation[]> {
  const found: RegisteredLocation[] = [];
  for await (const { ResourceInfoList = [] } of pagesOf({
    operation: 'ListResources',
    policy,
    ask: (NextToken) => lakeformation.send(new ListResourcesCommand({ MaxResults: 1000, NextToken })),
    tokenOf: (page) => page.NextToken,
  }))
    for (const { ResourceArn, RoleArn, HybridAccessEnabled } of ResourceInfoList) {
      if (ResourceArn === undefined) continue;
      const role = RoleArn === undefined ? {} : { role: RoleArn };
      found.push({ arn: ResourceArn, ...role, isHybrid: HybridAccessEnabled === true });
    }
  return found;
}
