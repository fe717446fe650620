import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { type Env, type Stage, setStage, writesOf } from '../support/stage.ts';
import { central, keysOf, region, townMesh } from '../support/town.ts';

interface Failing {
  readonly name: string;
  readonly env?: Env;
  readonly faults?: readonly Fault[];
  readonly args?: readonly string[];
  readonly mesh?: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
const soon = ['--timeout', '0.3', '--tries', '2'];

// What stops a run before anything is read.
const stopped: readonly Failing[] = [
  {
    name: 'a wrong secret',
    env: { AWS_SECRET_ACCESS_KEY: 'wrong' },
    says: /^WRONG_CREDENTIALS AWS does not accept these credentials \(SignatureDoesNotMatch\); check the access key/,
  },
  {
    name: 'a clock that is ten minutes off',
    faults: [{ kind: 'clock-skew', ms: 600_000 }],
    says: /^WRONG_CLOCK AWS refuses the signature for its time: Signature expired: .*; set the clock right\n/,
  },
  {
    name: 'an unknown key',
    env: { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWNUNKNOWN01' },
    says: /^WRONG_CREDENTIALS AWS does not accept these credentials \(InvalidClientTokenId\)/,
  },
  {
    name: 'no credentials',
    env: none,
    says: /^NO_CREDENTIALS no AWS credentials were found: .+; set AWS_PROFILE to a profile that can sign in, or the usual AWS_\* variables\n/,
  },
  {
    name: 'a profile that is not there',
    env: { ...none, AWS_PROFILE: 'nowhere' },
    says: /^NO_CREDENTIALS no AWS credentials were found: .+; set AWS_PROFILE to a profile that can sign in/,
  },
  {
    name: 'a port where nobody listens',
    env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    says: /^NO_CONNECTION http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED: .*\); check the network, AWS_ENDPOINT_URL/,
  },
  {
    name: 'an endpoint that never answers',
    faults: [{ kind: 'hang', operation: 'GetCallerIdentity' }],
    args: soon,
    says: /^NO_CONNECTION http:\/\/127\.0\.0\.1:\d+ cannot be reached \(ETIMEDOUT: no answer within 0\.3 seconds\); check the network/,
  },
  {
    name: 'connections that are cut',
    faults: [{ kind: 'drop-before', operation: 'GetCallerIdentity' }],
    args: soon,
    says: /^NO_CONNECTION .* cannot be reached \(ECONNRESET: /,
  },
  {
    name: 'an endpoint that is no address',
    env: { AWS_ENDPOINT_URL: '127.0.0.1' },
    says: /^BAD_ENDPOINT the endpoint that AWS_ENDPOINT_URL or the profile names is no address: Invalid URL; write it as http:\/\/127\.0\.0\.1:4599\n/,
  },
  {
    name: 'credentials of another account',
    env: keysOf.stranger,
    says: /^OTHER_ACCOUNT the AWS credentials belong to account 222233334444 \(arn:aws:sts::222233334444:assumed-role\/stranger\/emulator\), but mesh\.yaml says the central catalog is in 111122223333; use credentials of a role in 111122223333/,
  },
];

// What lets a run read a part: exit code 5, and what is missing stands in the report.
const partly: readonly Failing[] = [
  {
    name: 'a role without rights in Lake Formation',
    env: keysOf.outsider,
    says: /NO_SETTINGS data lake settings: GetDataLakeSettings answered AccessDeniedException: User: \S+outsider\S+ is not authorized/,
  },
  {
    name: 'a role that is no administrator',
    env: keysOf.nobody,
    says: /NOT_ADMINISTRATOR \S+role\/nobody\/emulator is no data lake administrator.*\n +make the role a data lake administrator/,
  },
  {
    name: 'another region in mesh.yaml',
    mesh: { 'mesh.yaml': (townMesh['mesh.yaml'] ?? '').replace(region, 'eu-west-2') },
    says: /on lake 111122223333\/eu-west-2 [\s\S]*NOT_ADMINISTRATOR/,
  },
  {
    name: 'a list of permissions that never comes',
    faults: [{ kind: 'hang', operation: 'ListPermissions' }],
    args: soon,
    says: /Refused: INCOMPLETE_READ\n +nothing is changed while[\s\S]*Not read\n +NO_PERMISSIONS_LIST permissions: ListPermissions answered ETIMEDOUT: no answer within 0\.3 seconds\n/,
  },
];

async function prepared({ mesh = {}, faults = [] }: Failing): Promise<Stage> {
  const stage = await setStage({ mesh });
  stage.emulator.setFaults(faults);
  return stage;
}

describe.concurrent('AWS cannot be used', { timeout: 60_000 }, () => {
  test.each(stopped)('$name: exit code 1, one sentence, nothing written', async (one) => {
    const stage = await prepared(one);
    const ran = await stage.run(['apply', '--trust-root', 'HEAD', ...(one.args ?? [])], one.env);
    expect(ran.err).toMatch(one.says);
    expect(ran.err).toMatch(/\nNothing was written\.\n$/);
    expect(ran.err.trimEnd().split('\n')).toHaveLength(2);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(writesOf(stage)).toEqual([]);
    expect(existsSync(join(stage.directory, '.meshgate'))).toBe(false);
  });

  test('session credentials that have expired: exit code 1', async () => {
    const stage = await setStage();
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = keysOf.nobody;
    const sts = new STSClient({ endpoint: stage.emulator.url, region, credentials: { accessKeyId, secretAccessKey } });
    const role = { RoleArn: `arn:aws:iam::${central}:role/admin`, RoleSessionName: 'night-shift' };
    const { Credentials } = await sts.send(new AssumeRoleCommand(role));
    const env = {
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
    };
    expect(await stage.run(['plan', '--trust-root', 'HEAD'], env)).toMatchObject({ code: 0, err: '' });
    stage.emulator.advance(2 * 3_600_000);
    const ran = await stage.run(['apply', '--trust-root', 'HEAD'], env);
    expect(ran).toMatchObject({
      code: 1,
      out: '',
      err: 'EXPIRED_CREDENTIALS the AWS credentials have expired; sign in again\nNothing was written.\n',
    });
    expect(writesOf(stage)).toEqual([]);
  });

  test.each(partly)('$name: exit code 5, the report names it, nothing written', async (one) => {
    const stage = await prepared(one);
    const ran = await stage.run(['apply', '--trust-root', 'HEAD', ...(one.args ?? [])], one.env);
    expect(ran.out).toMatch(one.says);
    expect(ran).toMatchObject({ code: 5, err: '' });
    expect(writesOf(stage)).toEqual([]);
  });
});
