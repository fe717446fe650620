import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Incoming, Outcome } from './dispatch.ts';
import { type GitAnswer, type GitRequest, isGit } from './smart-http.ts';

/** What answers: the REST interface, and git. */
export interface Responders {
  readonly rest: (incoming: Incoming) => Outcome;
  readonly git: (request: GitRequest) => GitAnswer;
}

/** A server on loopback that answers each request as a whole before it looks at the next. */
export async function listen(respond: Responders): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing, respond).catch((error: unknown) => {
      outgoing
        .writeHead(500, { 'content-type': 'application/json' })
        .end(JSON.stringify({ message: `the hub broke: ${error}` }));
    });
  });
  // Longer than clients keep idle connections, so that none is closed under a request just sent.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

async function handle(incoming: IncomingMessage, outgoing: ServerResponse, respond: Responders): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const { method = 'GET', url = '/', headers } = incoming;
  const sent = Buffer.concat(chunks);
  if (isGit(url)) {
    const protocol = headers['git-protocol'];
    const packed = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const request = { method, url, authorization: headers.authorization, body: packed };
    const { status, type, body } = respond.git({
      ...request,
      protocol: typeof protocol === 'string' ? protocol : undefined,
    });
    outgoing.writeHead(status, { 'content-type': type, 'www-authenticate': 'Basic realm="GitHub"' }).end(body);
    return;
  }
  const outcome = respond.rest({ method, url, authorization: headers.authorization, body: sent.toString() });
  if (outcome === 'drop') return void incoming.socket.destroy();
  const text = outcome.body === undefined ? '' : JSON.stringify(outcome.body);
  outgoing.writeHead(outcome.status, {
    'x-github-request-id': 'HUB',
    ...(text === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...outcome.headers,
  });
  outgoing.end(text);
}
