import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A moto server of this process. */
export interface MotoServer {
  readonly url: string;
  /** Forgets everything it was told. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts moto on a free port of the loopback address; throws what it complained of when it does not come up. */
export async function startMoto(python: string): Promise<MotoServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(python, ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = `${said}${data.toString('utf8')}`.slice(-4000);
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const reset = async (): Promise<void> => {
    const answer = await fetch(`${url}/moto-api/reset`, { method: 'POST' });
    if (!answer.ok) throw new Error(`moto does not reset: ${answer.status}`);
  };
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  for (const end = Date.now() + 60_000; Date.now() < end && child.exitCode === null; await delay(100)) {
    if (
      await reset().then(
        () => true,
        () => false,
      )
    )
      return { url, reset, close };
  }
  await close();
  throw new Error(`moto did not start:\n${said}`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}
