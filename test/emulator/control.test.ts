import { request as httpRequest } from 'node:http';
import { ListPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import { admin, central, clientOf, start } from './fixture.ts';

describe('controls over HTTP', () => {
  test('read and set', async () => {
    const emulator = await start();
    const call = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${emulator.url}/_emulator/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, json: (await response.json()) as unknown };
    };
    expect(await call('GET', 'health')).toEqual({ status: 200, json: { status: 'ok' } });
    expect((await call('PUT', 'faults', [{ kind: 'throttle' }])).status).toBe(200);
    await clientOf(emulator, admin)
      .lakeFormation.send(new ListPermissionsCommand({}))
      .catch(() => undefined);
    expect((await call('GET', 'journal')).json).toMatchObject([
      { index: 0, operation: 'ListPermissions', code: 'ThrottlingException' },
    ]);
    expect((await call('PUT', 'switches', { accessDeniedStatus: 403 })).json).toMatchObject({
      accessDeniedStatus: 403,
    });
    expect((await call('POST', 'advance', { ms: 1000 })).status).toBe(200);
    expect((await call('GET', `snapshot?account=${central}&region=eu-west-1`)).json).toMatchObject({
      account: central,
      atoms: [],
      databases: [{ name: 'hr' }, { name: 'sales' }],
    });
    expect((await call('GET', 'snapshot?account=1&region=eu-west-1')).status).toBe(400);
    expect((await call('PUT', 'faults', [{ kind: 'fire' }])).status).toBe(400);
    expect((await call('PUT', 'switches', { nope: 1 })).status).toBe(400);
    expect((await call('POST', 'advance', { ms: -1 })).status).toBe(400);
    expect((await call('DELETE', 'journal')).status).toBe(404);
  });

  test.each([{ headers: { origin: 'http://evil.example' } }, { headers: { host: 'evil.example' } }])(
    'are refused with $headers',
    async ({ headers }) => {
      const emulator = await start();
      const status = await new Promise<number | undefined>((resolve, reject) => {
        httpRequest(`${emulator.url}/_emulator/journal`, { headers }, (response) => resolve(response.statusCode))
          .on('error', reject)
          .end();
      });
      expect(status).toBe(403);
    },
  );
});
