import { GlueClient, type GlueClientConfig } from '@aws-sdk/client-glue';
import { GetDataLakeSettingsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { RAMClient } from '@aws-sdk/client-ram';
import { STSClient } from '@aws-sdk/client-sts';
import type { Hurried, Lake, LakeReader } from '../core/lake.ts';
import { shareCalls } from './acceptances.ts';
import { catalogCalls } from './catalog.ts';
import { filterCalls } from './filters.ts';
import { identityCalls } from './identity.ts';
import { linkCalls } from './links.ts';
import { optInCalls } from './opt-ins.ts';
import { permissionCalls } from './permissions.ts';
import { patient, type RetryPolicy } from './retry.ts';
import { sharingCalls } from './sharing.ts';

/** Where a lake is, and how patient its client is. */
export interface LakeOptions {
  readonly account: string;
  readonly region: string;
  readonly retry?: RetryPolicy;
  /** Milliseconds without an answer after which a call's outcome is unknown. */
  readonly timeout?: number;
  /** Who calls, where it is not whom every AWS tool would find. */
  readonly credentials?: Credentials;
  /** Who that is, where it is told without asking. */
  readonly caller?: LakeReader['caller'];
}

/** Answers with credentials; asked again shortly before they expire. */
export type Credentials = NonNullable<GlueClientConfig['credentials']>;

/** What the groups of calls share. */
export interface Clients {
  readonly lakeformation: LakeFormationClient;
  readonly glue: GlueClient;
  readonly ram: RAMClient;
  readonly sts: STSClient;
  readonly catalog: string;
  readonly lake: string;
  readonly retry: RetryPolicy;
}

/**
 * The lake of one account and region, spoken to with AWS's own client library; credentials, profile
 * and endpoint are found as every AWS tool finds them. Nothing is called before the first method is.
 */
export async function connectLake(options: LakeOptions): Promise<Lake & Pick<Hurried, 'cut'>> {
  const clients = clientsOf(options);
  return {
    lake: clients.lake,
    endpoint: await endpointOf(options.region),
    ...identityCalls(clients),
    ...catalogCalls(clients),
    ...permissionCalls(clients),
    ...filterCalls(clients),
    ...linkCalls(clients),
    ...optInCalls(clients),
    ...shareCalls(clients),
    ...(options.caller && { caller: options.caller }),
    cut: () => {
      for (const client of [clients.lakeformation, clients.glue, clients.ram, clients.sts]) client.destroy();
    },
    ...sharingCalls(clients),
  };
}

/** The clients for a lake, which call nothing by themselves. */
export function clientsOf(options: LakeOptions): Clients {
  const config: GlueClientConfig = {
    region: options.region,
    ...(options.credentials && { credentials: options.credentials }),
    // Retries are ours alone: the library knows neither a conflict nor a throttle inside InvalidInput.
    maxAttempts: 1,
    // Without the last of these the library only warns of a call that goes unanswered, and waits on.
    requestHandler: {
      requestTimeout: options.timeout ?? 60_000,
      connectionTimeout: 5_000,
      throwOnRequestTimeout: true,
    },
  };
  const clients = {
    lakeformation: new LakeFormationClient(config as object),
    glue: new GlueClient(config),
    ram: new RAMClient(config as object),
    sts: new STSClient(config as object),
  };
  // It copies every answer for a log that nobody keeps: a tenth of what reading costs.
  for (const { middlewareStack } of Object.values(clients)) middlewareStack.remove('loggerMiddleware');
  return {
    ...clients,
    catalog: options.account,
    lake: `${options.account}/${options.region}`,
    retry: options.retry ?? patient,
  };
}

/** Where the client library would send a call, found as it finds it; nothing leaves this process. */
async function endpointOf(region: string): Promise<string> {
  let found: { protocol: string; hostname: string; port?: number } | undefined;
  const probe = new LakeFormationClient({
    region,
    maxAttempts: 1,
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    requestHandler: {
      handle: async (request: NonNullable<typeof found>) => {
        found = request;
        throw new Error('the endpoint is known');
      },
    },
  });
  await probe.send(new GetDataLakeSettingsCommand({})).catch(() => undefined);
  if (found === undefined) return `https://lakeformation.${region}.amazonaws.com`;
  return `${found.protocol}//${found.hostname}${found.port === undefined ? '' : `:${found.port}`}`;
}
