import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { admin, central, keysOf, start } from './fixture.ts';
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

describe('answers', () => {
  test('of Lake Formation carry what SDKs look at', async () => {
    const emulator = await start();
    const response = await send(emulator, '/ListPermissions', '{"Principal":{"DataLakePrincipalIdentifier":"x"}}');
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidInputException');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f]{8}-/);
    expect(Math.abs(Date.parse(response.headers.get('date') ?? '') - Date.now())).toBeLessThan(5000);
    expect(response.json()).toEqual({
      __type: 'InvalidInputException',
      Message: 'Resource is mandatory if Principal is set in the input.',
    });
  });

  test('without content are an empty object', async () => {
    const emulator = await start();
    const body = JSON.stringify({
      Principal: { DataLakePrincipalIdentifier: admin },
      Resource: { Catalog: {} },
      Permissions: ['CREATE_DATABASE'],
    });
    const response = await send(emulator, '/GrantPermissions', body);
    expect([response.status, response.text, response.headers.get('content-length')]).toEqual([200, '{}', '2']);
  });

  test('give times as seconds with a fraction', async () => {
    const emulator = await start({ now: () => 1_769_000_000_122 });
    const body = JSON.stringify({
      Principal: { DataLakePrincipalIdentifier: admin },
      Resource: { Catalog: {} },
      Permissions: ['CREATE_DATABASE'],
    });
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
    expect(ok.text).toMatch(
      /^<GetCallerIdentityResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/"><GetCallerIdentityResult><Arn>/,
    );
    expect(ok.text).toContain(`<Account>${central}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>`);
    const bad = await send(emulator, '/', 'Action=Nope&Version=2011-06-15', { service: 'sts' });
    expect(bad.text).toContain('<ErrorResponse');
    expect(bad.text).toContain(
      '<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation Nope for version 2011-06-15</Message></Error>',
    );
  });
});

describe('requests that no model allows', () => {
  test.each([
    { path: '/Nope', body: '{}', status: 404, code: 'UnknownOperationException' },
    { path: '/ListPermissions', body: '{', status: 400, code: 'SerializationException' },
    { path: '/ListPermissions', body: '[]', status: 400, code: 'SerializationException' },
    { path: '/ListPermissions', body: '{"MaxResults":"10"}', status: 400, code: 'SerializationException' },
    { path: '/ListPermissions', body: '{"Resource":{"Table":[]}}', status: 400, code: 'SerializationException' },
    {
      path: '/ListPermissions',
      body: '{"Resource":{"Database":{"Name":null}}}',
      status: 400,
      code: 'InvalidInputException',
    },
    { path: '/ListPermissions', body: '{"ResourceType":"COLUMN"}', status: 400, code: 'InvalidInputException' },
    { path: '/ListPermissions', body: '{"resourceType":"TABLE"}', status: 400, code: 'InvalidInputException' },
    {
      path: '/ListPermissions',
      body: '{"Resource":{"Table":{"DatabaseName":"sales","Name":"orders","Nmae":"x"}}}',
      status: 400,
      code: 'InvalidInputException',
    },
    { path: '/GrantPermissions', body: '{}', status: 400, code: 'InvalidInputException' },
    {
      path: '/GrantPermissions',
      body: '{"Permissions":["SELECT"],"Resource":{"Catalog":{}}}',
      status: 400,
      code: 'InvalidInputException',
    },
    {
      path: '/BatchGrantPermissions',
      body: '{"Entries":[{"Id":"1","PermissionsWithGrantOptions":["SELECT"]}]}',
      status: 400,
      code: 'InvalidInputException',
    },
    { path: '/CreateDataCellsFilter', body: '{"TableData":{"Name":"x"}}', status: 400, code: 'InvalidInputException' },
    { path: '/__proto__', body: '{}', status: 404, code: 'UnknownOperationException' },
    {
      path: '/ListPermissions',
      body: '{"__proto__":{"MaxResults":1},"constructor":1}',
      status: 400,
      code: 'InvalidInputException',
    },
  ])('$path $body', async ({ path, body, status, code }) => {
    const emulator = await start();
    const response = await send(emulator, path, body);
    expect([response.status, response.json()['__type']]).toEqual([status, code]);
    expect(emulator.journal().at(-1)).toMatchObject({ status, code, changes: [] });
  });

  test('an operation of Glue that is not here, and a GET', async () => {
    const emulator = await start();
    const unknown = await send(emulator, '/', '{}', {
      service: 'glue',
      headers: { 'x-amz-target': 'AWSGlue.GetPartitions' },
    });
    expect([unknown.status, unknown.json()['__type']]).toEqual([400, 'UnknownOperationException']);
    const get = await send(emulator, '/ListPermissions', '', { method: 'GET' });
    expect([get.status, get.json()['__type']]).toEqual([404, 'UnknownOperationException']);
  });
});
