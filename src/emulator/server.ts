import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { WireAnswer, WireRequest } from './wire/message.ts';

/** What answers a request. */
export type Responder = (request: WireRequest) => Promise<WireAnswer>;

const largestBody = 64 * 1024 * 1024;

/** A server on the loopback address, listening; port 0 takes any free one. */
export async function listen(port: number, respond: Responder): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing, respond).catch(() => incoming.socket.destroy());
  });
  // Longer than SDKs keep idle connections, so that none is closed under a request just sent.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** Stops a server and cuts what is still connected. */
export async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

async function handle(incoming: IncomingMessage, outgoing: ServerResponse, respond: Responder): Promise<void> {
  const body = await read(incoming);
  if (!body) return void outgoing.writeHead(413, { connection: 'close' }).end();
  const answer = await respond(wireRequest(incoming, body));
  switch (answer.kind) {
    case 'answer':
      outgoing
        .writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) })
        .end(answer.body);
      return;
    case 'drop':
      incoming.socket.destroy();
      return;
    case 'hang':
      return;
    default:
      answer satisfies never;
  }
}

async function read(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function wireRequest(incoming: IncomingMessage, body: Buffer): WireRequest {
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
  return { method: incoming.method ?? 'GET', path, query, headers, body };
}
