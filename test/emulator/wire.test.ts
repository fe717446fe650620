import { request as httpRequest } from 'node:http';
import { ListPermissionsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { admin, central, clientOf, keysOf, refusal, start } from './fixture.ts';
import { signed } from './signed.ts';

/** A request signed by the test's own hand, so that anything can be sent. */
async function send(emulator: Emulator, path: string, body: string, more: { readonly service?: string; readonly headers?: Record<string, string>; readonly method?: string } = {}) {
  const headers = signed({ emulator, path, body, keys: keysOf(admin), service: more.service ?? 'lakeformation', headers: more.headers ?? {}, method: more.method ?? 'POST' });
  const response = await fetch(`${emulator.url}${path}`, { method: more.method ?? 'POST', headers, ...(more.method === 'GET' ? {} : { body }) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as Record<string, unknown> };
}

describe('answers', () => {
  test('of Lake Formation carry what SDKs look at', async () => {
    const emulator = await start();
    const response = await send(emulator, '/ListPermissions', '{"Principal":{"DataLakePrincipalIdentifier":"x"}}');
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidInputException');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f]{8}-/);
    expect(Math.abs(Date.parse(response.headers.get('date') ?? '') - Date.now())).toBeLessThan(5000);
    expect(response.json()).toEqual({ __type: 'InvalidInputException', Message: 'Resource is mandatory if Principal is set in the input.' });
  });

  test('without content are an empty object', async () => {
    const emulator = await start();
    const body = JSON.stringify({ Principal: { DataLakePrincipalIdentifier: admin }, Resource: { Catalog: {} }, Permissions: ['CREATE_DATABASE'] });
    const response = await send(emulator, '/GrantPermissions', body);
    expect([response.status, response.text, response.headers.get('content-length')]).toEqual([200, '{}', '2']);
  });

  test('give times as seconds with a fraction', async () => {
    const emulator = await start({ now: () => 1_769_000_000_122 });
    const body = JSON.stringify({ Principal: { DataLakePrincipalIdentifier: admin }, Resource: { Catalog: {} }, Permissions: ['CREATE_DATABASE'] });
    await send(emulator, '/GrantPermissions', body);
    expect((await send(emulator, '/ListPermissions', '{}')).text).toContain('"LastUpdated":1769000000.122');
  });

  test('of Glue are JSON 1.1', async () => {
    const emulator = await start();
    const headers = { 'x-amz-target': 'AWSGlue.GetTable', 'content-type': 'application/x-amz-json-1.1' };
    const response = await send(emulator, '/', '{"DatabaseName":"sales","Name":"nope"}', { service: 'glue', headers });
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(response.json()).toEqual({ __type: 'EntityNotFoundException', Message: 'Entity Not Found' });
  });

  test('of STS are XML', async () => {
    const emulator = await start();
    const ok = await send(emulator, '/', 'Action=GetCallerIdentity&Version=2011-06-15', { service: 'sts' });
    expect(ok.text).toMatch(/^<GetCallerIdentityResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/"><GetCallerIdentityResult><Arn>/);
    expect(ok.text).toContain(`<Account>${central}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>`);
    const bad = await send(emulator, '/', 'Action=Nope&Version=2011-06-15', { service: 'sts' });
    expect(bad.text).toContain('<ErrorResponse');
    expect(bad.text).toContain('<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation Nope for version 2011-06-15</Message></Error>');
  });
});

describe('requests that no model allows', () => {
  test.each([
    { path: '/Nope', body: '{}', status: 404, code: 'UnknownOperationException' },
    { path: '/ListPermissions', body: '{', status: 400, code: 'SerializationException' },
    { path: '/ListPermissions', body: '[]', status: 400, code: 'SerializationException' },
    { path: '/ListPermissions', body: '{"MaxResults":"10"}', status: 400, code: 'SerializationException' },
    { path: '/ListPermissions', body: '{"Resource":{"Table":[]}}', status: 400, code: 'SerializationException' },
    { path: '/ListPermissions', body: '{"Resource":{"Database":{"Name":null}}}', status: 400, code: 'InvalidInputException' },
    { path: '/ListPermissions', body: '{"ResourceType":"COLUMN"}', status: 400, code: 'InvalidInputException' },
    { path: '/ListPermissions', body: '{"resourceType":"TABLE"}', status: 400, code: 'InvalidInputException' },
    { path: '/ListPermissions', body: '{"Resource":{"Table":{"DatabaseName":"sales","Name":"orders","Nmae":"x"}}}', status: 400, code: 'InvalidInputException' },
    { path: '/GrantPermissions', body: '{}', status: 400, code: 'InvalidInputException' },
    { path: '/GrantPermissions', body: '{"Permissions":["SELECT"],"Resource":{"Catalog":{}}}', status: 400, code: 'InvalidInputException' },
    { path: '/BatchGrantPermissions', body: '{"Entries":[{"Id":"1","PermissionsWithGrantOptions":["SELECT"]}]}', status: 400, code: 'InvalidInputException' },
    { path: '/CreateDataCellsFilter', body: '{"TableData":{"Name":"x"}}', status: 400, code: 'InvalidInputException' },
    { path: '/__proto__', body: '{}', status: 404, code: 'UnknownOperationException' },
    { path: '/ListPermissions', body: '{"__proto__":{"MaxResults":1},"constructor":1}', status: 400, code: 'InvalidInputException' },
  ])('$path $body', async ({ path, body, status, code }) => {
    const emulator = await start();
    const response = await send(emulator, path, body);
    expect([response.status, response.json()['__type']]).toEqual([status, code]);
    expect(emulator.journal().at(-1)).toMatchObject({ status, code, changes: [] });
  });

  test('an operation of Glue that is not here, and a GET', async () => {
    const emulator = await start();
    const unknown = await send(emulator, '/', '{}', { service: 'glue', headers: { 'x-amz-target': 'AWSGlue.GetPartitions' } });
    expect([unknown.status, unknown.json()['__type']]).toEqual([400, 'UnknownOperationException']);
    const get = await send(emulator, '/ListPermissions', '', { method: 'GET' });
    expect([get.status, get.json()['__type']]).toEqual([404, 'UnknownOperationException']);
  });
});

describe('signatures', () => {
  const list = (emulator: Emulator, keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
    clientOf(emulator, admin, keys).lakeFormation.send(new ListPermissionsCommand({}));

  test('of a wrong secret, an unknown key, a token out of place', async () => {
    const emulator = await start();
    expect(await refusal(list(emulator, { ...keysOf(admin), secretAccessKey: 'other' }))).toMatch(/^InvalidSignatureException: The request signature we calculated does not match/);
    expect(await refusal(list(emulator, { accessKeyId: 'AKIANOBODY0000000', secretAccessKey: 'x' }))).toMatch(/^UnrecognizedClientException/);
    expect(await refusal(list(emulator, { ...keysOf(admin), sessionToken: 'x' }))).toMatch(/^UnrecognizedClientException/);
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
    const basic = await fetch(`${emulator.url}/ListPermissions`, { method: 'POST', body: '{}', headers: { authorization: 'Basic eA==' } });
    expect(basic.headers.get('x-amzn-errortype')).toBe('IncompleteSignatureException');
    const other = await send(emulator, '/ListPermissions', '{}', { service: 'glue' });
    expect([other.status, other.json()['__type']]).toEqual([403, 'InvalidSignatureException']);
  });

  test('over another body', async () => {
    const emulator = await start();
    const headers = signed({ emulator, path: '/ListPermissions', body: '{}', keys: keysOf(admin), service: 'lakeformation', headers: {}, method: 'POST' });
    const response = await fetch(`${emulator.url}/ListPermissions`, { method: 'POST', headers, body: '{"MaxResults":1}' });
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidSignatureException');
  });

  test('of a clock that is wrong; the SDK puts itself right from the Date header', async () => {
    const emulator = await start();
    const config = { endpoint: emulator.url, region: 'eu-west-1', credentials: keysOf(admin), systemClockOffset: 600_000, maxAttempts: 1 };
    const client = new LakeFormationClient(config);
    expect(await refusal(client.send(new ListPermissionsCommand({})))).toMatch(/^InvalidSignatureException: Signature not yet current/);
    await client.send(new ListPermissionsCommand({}));
  });

  test('hold when the emulator has moved its clock', async () => {
    const emulator = await start();
    emulator.advance(86_400_000);
    await list(emulator, keysOf(admin));
  });
});

describe('controls over HTTP', () => {
  test('read and set', async () => {
    const emulator = await start();
    const call = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${emulator.url}/_emulator/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      return { status: response.status, json: (await response.json()) as unknown };
    };
    expect(await call('GET', 'health')).toEqual({ status: 200, json: { status: 'ok' } });
    expect((await call('PUT', 'faults', [{ kind: 'throttle' }])).status).toBe(200);
    await clientOf(emulator, admin).lakeFormation.send(new ListPermissionsCommand({})).catch(() => undefined);
    expect((await call('GET', 'journal')).json).toMatchObject([{ index: 0, operation: 'ListPermissions', code: 'ThrottlingException' }]);
    expect((await call('PUT', 'switches', { accessDeniedStatus: 403 })).json).toMatchObject({ accessDeniedStatus: 403 });
    expect((await call('POST', 'advance', { ms: 1000 })).status).toBe(200);
    expect((await call('GET', `snapshot?account=${central}&region=eu-west-1`)).json).toMatchObject({ account: central, atoms: [], databases: [{ name: 'hr' }, { name: 'sales' }] });
    expect((await call('GET', 'snapshot?account=1&region=eu-west-1')).status).toBe(400);
    expect((await call('PUT', 'faults', [{ kind: 'fire' }])).status).toBe(400);
    expect((await call('PUT', 'switches', { nope: 1 })).status).toBe(400);
    expect((await call('POST', 'advance', { ms: -1 })).status).toBe(400);
    expect((await call('DELETE', 'journal')).status).toBe(404);
  });

  test.each([{ headers: { origin: 'http://evil.example' } }, { headers: { host: 'evil.example' } }])('are refused with $headers', async ({ headers }) => {
    const emulator = await start();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      httpRequest(`${emulator.url}/_emulator/journal`, { headers }, (response) => resolve(response.statusCode)).on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});
