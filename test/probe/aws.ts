import { GlueClient } from '@aws-sdk/client-glue';
import {
  GetDataLakeSettingsCommand,
  LakeFormationClient,
  type PrincipalResourcePermissions,
} from '@aws-sdk/client-lakeformation';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import pRetry from 'p-retry';

/** The clients of one caller. */
export interface Clients {
  readonly lakeFormation: LakeFormationClient;
  readonly glue: GlueClient;
  readonly sts: STSClient;
}

/** A row of ListPermissions. */
export type Row = PrincipalResourcePermissions;

/** Credentials where they are not found as every AWS tool finds them. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Clients for a region; what is throttled is tried again by the client library. */
export function clientsFor(region: string, credentials?: Keys): Clients {
  const config = { region, maxAttempts: 6, ...(credentials && { credentials }) };
  return { lakeFormation: new LakeFormationClient(config), glue: new GlueClient(config), sts: new STSClient(config) };
}

/** Makes a change that is tried again where it meets somebody else's, as that of another probe. */
export async function unhindered<T>(change: () => Promise<T>): Promise<T> {
  return await pRetry(change, {
    retries: 8,
    minTimeout: 100,
    randomize: true,
    shouldRetry: ({ error }) => error.name === 'ConcurrentModificationException',
  });
}

/** Clients of a role, or undefined where the caller may not assume it. */
export async function clientsOfRole(clients: Clients, region: string, role: string): Promise<Clients | undefined> {
  try {
    const { Credentials: found } = await clients.sts.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'meshgate-probe' }),
    );
    if (found?.AccessKeyId === undefined || found.SecretAccessKey === undefined) return undefined;
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = found;
    return clientsFor(region, { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) });
  } catch (thrown) {
    if (codeOf(thrown).startsWith('AccessDenied')) return undefined;
    throw thrown;
  }
}

/** Who is calling, and what the settings of the lake say; reads only. */
export async function situation({ sts, lakeFormation }: Clients): Promise<{
  readonly account: string;
  readonly arn: string;
  readonly administrators: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}> {
  const { Account: account = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const { DataLakeSettings: settings } = await lakeFormation.send(new GetDataLakeSettingsCommand({}));
  const administrators = (settings?.DataLakeAdmins ?? []).flatMap(({ DataLakePrincipalIdentifier: one }) => one ?? []);
  return { account, arn, administrators, parameters: settings?.Parameters ?? {} };
}

/** The code of a refusal; anything that is not one, as a connection that is cut, is thrown on. */
export function codeOf(thrown: unknown): string {
  if (thrown instanceof Error && '$metadata' in thrown) return thrown.name;
  throw thrown;
}
