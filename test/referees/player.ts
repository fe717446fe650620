import * as glue from '@aws-sdk/client-glue';
import * as lakeformation from '@aws-sdk/client-lakeformation';
import * as sts from '@aws-sdk/client-sts';
import { connectLake } from '../../src/aws/lake.ts';
import { type Lake, LakeFailure } from '../../src/core/lake.ts';
import type { Outcome, Role, Step } from './table.ts';

/** The account whose keys a player begins with; moto's own, for it knows no other before a role is assumed. */
export const hub = '123456789012';
export const central = '111122223333';
export const consumer = '444455556666';
export const region = 'eu-west-1';
/** The keys of the hub's user, who may assume the administrators of the other accounts. */
export const hubKeys = { accessKeyId: 'AKIAREFEREEHUB000001', secretAccessKey: 'referees-only' } as const;

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Plays the steps of one case against a service. */
export interface Player {
  readonly play: (step: Step) => Promise<Outcome>;
}

const never = { retries: 0, minimum: 0, maximum: 0 };

/** A player against the service at an address; roles are assumed when they are first needed. */
export function playerAt(url: string): Player {
  const sessions = new Map<Role, Promise<Keys>>([['hub', Promise.resolve(hubKeys)]]);
  const keysOf = (role: Role): Promise<Keys> => {
    const known = sessions.get(role) ?? assume(url, role === 'central' ? central : consumer);
    sessions.set(role, known);
    return known;
  };
  return {
    play: async ({ call, as = 'central', with: input = {} }) => {
      const keys = await keysOf(as);
      try {
        const [service = '', operation = ''] = call.split('.');
        const found =
          service === 'lake'
            ? await throughPort(await lakeAt(url, keys, as), operation, input)
            : await raw({ url, keys, service, operation, input });
        return { gives: found };
      } catch (thrown) {
        return refusalOf(thrown);
      }
    },
  };
}

async function assume(url: string, account: string): Promise<Keys> {
  const client = new sts.STSClient({ endpoint: url, region, credentials: hubKeys, maxAttempts: 1 });
  const RoleArn = `arn:aws:iam::${account}:role/admin`;
  const { Credentials } = await client.send(new sts.AssumeRoleCommand({ RoleArn, RoleSessionName: 'referees' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** The adapter finds endpoint and keys in the environment, as every AWS tool does. */
async function lakeAt(url: string, keys: Keys, role: Role): Promise<Lake> {
  process.env['AWS_ENDPOINT_URL'] = url;
  process.env['AWS_ACCESS_KEY_ID'] = keys.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = keys.secretAccessKey;
  process.env['AWS_SESSION_TOKEN'] = keys.sessionToken ?? '';
  return await connectLake({ account: role === 'consumer' ? consumer : central, region, retry: never });
}

type Input = Readonly<Record<string, unknown>>;

/** A call through the Lake port, its pages in one list; entries of a batch come back as `done` or kind and code. */
async function throughPort(lake: Lake, name: string, input: Input): Promise<unknown> {
  const given = input as never;
  switch (name) {
    case 'caller':
      return lake.caller();
    case 'settings':
      return lake.settings();
    case 'permissions': {
      const pages = await drain(lake.permissions('resource' in input ? given : undefined));
      return pages.flatMap(({ rows, unreadable }) => [...rows, ...unreadable]);
    }
    case 'filters':
      return (await drain(lake.filters('table' in input ? given : undefined))).flat();
    case 'database':
      return lake.database(input['name'] as string);
    case 'tables':
      return (await drain(lake.tables(input['database'] as string))).flat();
    case 'grant':
    case 'revoke': {
      const answers = await lake[name](input['entries'] as never);
      return answers.map((failure) => (failure === undefined ? 'done' : `${failure.kind} ${failure.code}`));
    }
    case 'createFilter':
    case 'updateFilter':
    case 'deleteFilter':
    case 'setParameter':
      await lake[name](given);
      return {};
    default:
      throw new Error(`the Lake port has no ${name}`);
  }
}

async function drain<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

interface RawCall {
  readonly url: string;
  readonly keys: Keys;
  readonly service: string;
  readonly operation: string;
  readonly input: Input;
}

type Sender = { readonly send: (command: never) => Promise<object> };

/** A call with AWS's own client library, what the port has no method for. */
async function raw({ url, keys, service, operation, input }: RawCall): Promise<unknown> {
  const config = { endpoint: url, region, credentials: keys, maxAttempts: 1 };
  const [library, client]: [object, Sender] =
    service === 'glue'
      ? [glue, new glue.GlueClient(config)]
      : service === 'sts'
        ? [sts, new sts.STSClient(config)]
        : [lakeformation, new lakeformation.LakeFormationClient(config)];
  const command: unknown = Reflect.get(library, `${operation}Command`);
  if (typeof command !== 'function') throw new Error(`${service} has no operation ${operation}`);
  const { $metadata: _metadata, ...answer } = (await client.send(Reflect.construct(command, [input]) as never)) as {
    readonly $metadata?: unknown;
  };
  return answer;
}

/** The code and text of a refusal; a fault without one, as a page of HTML, is its HTTP status. */
function refusalOf(thrown: unknown): Outcome {
  if (!(thrown instanceof Error)) throw thrown;
  const cause = thrown instanceof LakeFailure ? thrown.cause : thrown;
  const status = (cause as { readonly $response?: { readonly statusCode?: number } } | undefined)?.$response
    ?.statusCode;
  if (cause instanceof SyntaxError && status !== undefined) return { refused: `HTTP ${status}` };
  if (thrown instanceof LakeFailure) return { refused: thrown.code, text: thrown.message };
  if (!('$fault' in thrown)) throw thrown;
  return { refused: thrown.name, text: thrown.message };
}
