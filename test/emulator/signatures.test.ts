import { LakeFormationClient, ListPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { admin, clientOf, keysOf, refusal, start } from './fixture.ts';
import { signed } from './signed.ts';

/** A request signed by the test's own hand, so that anything can be sent. */
async function send(
  emulator: Emulator,
  path: string,
  body: string,
  more: { readonly service?: string; readonly headers?: Record<string, string>; readonly method?: string } = {},
) {
  const headers = signed({
    emulator,
    path,
    body,
    keys: keysOf(admin),
    service: more.service ?? 'lakeformation',
    headers: more.headers ?? {},
    method: more.method ?? 'POST',
  });
  const response = await fetch(`${emulator.url}${path}`, {
    method: more.method ?? 'POST',
    headers,
    ...(more.method === 'GET' ? {} : { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as Record<string, unknown>,
  };
}

describe('signatures', () => {
  const list = (emulator: Emulator, keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
    clientOf(emulator, admin, keys).lakeFormation.send(new ListPermissionsCommand({}));

  test('of a wrong secret, an unknown key, a token out of place', async () => {
    const emulator = await start();
    expect(await refusal(list(emulator, { ...keysOf(admin), secretAccessKey: 'other' }))).toMatch(
      /^InvalidSignatureException: The request signature we calculated does not match/,
    );
    expect(await refusal(list(emulator, { accessKeyId: 'AKIANOBODY0000000', secretAccessKey: 'x' }))).toMatch(
      /^UnrecognizedClientException/,
    );
    expect(await refusal(list(emulator, { ...keysOf(admin), sessionToken: 'x' }))).toMatch(
      /^UnrecognizedClientException/,
    );
    expect(emulator.journal().map(({ status, caller }) => [status, caller])).toEqual([
      [403, ''],
      [403, ''],
      [403, ''],
    ]);
  });

  test('that are missing, unreadable, or meant for another service', async () => {
    const emulator = await start();
    const bare = await fetch(`${emulator.url}/ListPermissions`, { method: 'POST', body: '{}' });
    expect([bare.status, bare.headers.get('x-amzn-errortype')]).toEqual([403, 'MissingAuthenticationTokenException']);
    const basic = await fetch(`${emulator.url}/ListPermissions`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: 'Basic eA==' },
    });
    expect(basic.headers.get('x-amzn-errortype')).toBe('IncompleteSignatureException');
    const other = await send(emulator, '/ListPermissions', '{}', { service: 'glue' });
    expect([other.status, other.json()['__type']]).toEqual([403, 'InvalidSignatureException']);
  });

  test('over another body', async () => {
    const emulator = await start();
    const headers = signed({
      emulator,
      path: '/ListPermissions',
      body: '{}',
      keys: keysOf(admin),
      service: 'lakeformation',
      headers: {},
      method: 'POST',
    });
    const response = await fetch(`${emulator.url}/ListPermissions`, {
      method: 'POST',
      headers,
      body: '{"MaxResults":1}',
    });
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidSignatureException');
  });

  test('of a clock that is wrong; the SDK puts itself right from the Date header', async () => {
    const emulator = await start();
    const config = {
      endpoint: emulator.url,
      region: 'eu-west-1',
      credentials: keysOf(admin),
      systemClockOffset: 600_000,
      maxAttempts: 1,
    };
    const client = new LakeFormationClient(config);
    expect(await refusal(client.send(new ListPermissionsCommand({})))).toMatch(
      /^InvalidSignatureException: Signature not yet current/,
    );
    await client.send(new ListPermissionsCommand({}));
  });

  test('hold when the emulator has moved its clock', async () => {
    const emulator = await start();
    emulator.advance(86_400_000);
    await list(emulator, keysOf(admin));
  });
});
