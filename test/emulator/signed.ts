import { createHash, createHmac } from 'node:crypto';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Keys } from './fixture.ts';

interface Unsigned {
  readonly emulator: Emulator;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly keys: Keys;
  readonly service: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The headers of a request with a Signature Version 4, for requests that no SDK would make. */
export function signed({ emulator, method, path, body, keys, service, headers }: Unsigned): Record<string, string> {
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const all: Record<string, string> = { ...headers, host: new URL(emulator.url).host, 'x-amz-date': date };
  const names = Object.keys(all).sort();
  const canonical = [
    method,
    path,
    '',
    ...names.map((name) => `${name}:${all[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
  const scope = `${date.slice(0, 8)}/eu-west-1/${service}/aws4_request`;
  const key = scope
    .split('/')
    .reduce(
      (secret: string | Buffer, part) => createHmac('sha256', secret).update(part).digest(),
      `AWS4${keys.secretAccessKey}`,
    );
  const signature = createHmac('sha256', key)
    .update(['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n'))
    .digest('hex');
  const { host: _host, ...sent } = all;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
