import { ListPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Seed } from '../../src/emulator/seed.ts';
import {
  admin,
  central,
  clientOf,
  consumer,
  consumerAdmin,
  type Keys,
  keysOf,
  principal,
  refusal,
  roleArn,
  start,
} from './fixture.ts';

const user = `arn:aws:iam::${central}:user/ci/runner`;
const chained = roleArn(central, 'chained');
const guarded = roleArn(central, 'guarded');

const seed: Seed = {
  accounts: {
    [central]: {
      principals: [
        { ...principal(admin, { trusts: [consumerAdmin, user] }), arn: admin },
        { arn: user, accessKeyId: 'AKIAUSERUSERUSER', secretAccessKey: 'secret' },
        { arn: chained, trusts: [admin] },
        { arn: guarded, trusts: [consumer], externalId: 'handshake' },
      ],
    },
    [consumer]: { principals: [principal(consumerAdmin)] },
  },
};
const userKeys: Keys = { accessKeyId: 'AKIAUSERUSERUSER', secretAccessKey: 'secret' };

async function assume(emulator: Emulator, keys: Keys, input: Partial<AssumeRoleCommandInput> = {}): Promise<Keys> {
  const request = { RoleArn: admin, RoleSessionName: 'run-1', ...input };
  const { Credentials } = await clientOf(emulator, admin, keys).sts.send(new AssumeRoleCommand(request));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}

describe('GetCallerIdentity', () => {
  test('names users, and roles by their session', async () => {
    const emulator = await start({ seed });
    const identity = async (keys: Keys) =>
      (await clientOf(emulator, admin, keys).sts.send(new GetCallerIdentityCommand({}))).Arn;
    expect(await identity(userKeys)).toBe(user);
    expect(await identity(await assume(emulator, userKeys))).toBe(`arn:aws:sts::${central}:assumed-role/admin/run-1`);
  });
});

describe('AssumeRole', () => {
  test('crosses accounts where the role trusts the caller', async () => {
    const emulator = await start({ seed });
    const keys = await assume(emulator, keysOf(consumerAdmin));
    const { Account } = await clientOf(emulator, admin, keys).sts.send(new GetCallerIdentityCommand({}));
    expect(Account).toBe(central);
    await clientOf(emulator, admin, keys).lakeFormation.send(new ListPermissionsCommand({}));
    expect(emulator.journal().at(-1)).toMatchObject({
      account: central,
      caller: `arn:aws:sts::${central}:assumed-role/admin/run-1`,
    });
  });

  test.each([
    {
      name: 'an untrusting role',
      input: { RoleArn: chained },
      refused: /^AccessDenied: User: .* is not authorized to perform: sts:AssumeRole on resource: /,
    },
    { name: 'a missing role', input: { RoleArn: roleArn(central, 'ghost') }, refused: /^AccessDenied: / },
    { name: 'no external id', input: { RoleArn: guarded }, refused: /^AccessDenied: / },
    { name: 'a wrong external id', input: { RoleArn: guarded, ExternalId: 'other' }, refused: /^AccessDenied: / },
    {
      name: 'a session name too short',
      input: { RoleSessionName: 'x' },
      refused: /^ValidationError: .*roleSessionName/,
    },
    { name: 'a session name too long', input: { RoleSessionName: 'x'.repeat(65) }, refused: /^ValidationError: / },
    { name: 'a session name with a space', input: { RoleSessionName: 'a b' }, refused: /^ValidationError: / },
    { name: 'a session too short', input: { DurationSeconds: 899 }, refused: /^ValidationError: .*durationSeconds/ },
    { name: 'a session too long', input: { DurationSeconds: 43_201 }, refused: /^ValidationError: / },
    { name: 'no ARN', input: { RoleArn: 'arn:aws:iam::111122223333:user/x' }, refused: /^ValidationError: / },
  ])('refuses $name', async ({ input, refused }) => {
    const emulator = await start({ seed });
    expect(await refusal(assume(emulator, keysOf(consumerAdmin), input))).toMatch(refused);
  });

  test('takes the right external id', async () => {
    const emulator = await start({ seed });
    await assume(emulator, keysOf(consumerAdmin), { RoleArn: guarded, ExternalId: 'handshake' });
  });

  test('a chained session lasts an hour at most', async () => {
    const emulator = await start({ seed });
    const keys = await assume(emulator, userKeys, { DurationSeconds: 7200 });
    expect(await refusal(assume(emulator, keys, { RoleArn: chained, DurationSeconds: 3601 }))).toBe(
      'ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
    await assume(emulator, keys, { RoleArn: chained, DurationSeconds: 3600 });
  });

  test('sessions end', async () => {
    const emulator = await start({ seed });
    const keys = await assume(emulator, userKeys, { DurationSeconds: 900 });
    const list = () => clientOf(emulator, admin, keys).lakeFormation.send(new ListPermissionsCommand({}));
    await list();
    emulator.advance(900_000);
    expect(await refusal(list())).toMatch(/^ExpiredTokenException: /);
    expect(await refusal(assume(emulator, keys, { RoleArn: chained }))).toMatch(/^ExpiredToken: /);
  });
});
