import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './call.ts';
import { tryGit } from './git/git.ts';
import { moveRef } from './moves.ts';
import { type Bearer, isAtLeast, type Repo, roleOf, type User, type World } from './world.ts';

/** A request of git's own over HTTP (https://git-scm.com/docs/http-protocol). */
export interface GitRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  /** What the client says in `Git-Protocol`. */
  readonly protocol: string | undefined;
  readonly body: Buffer;
}

export interface GitAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

const route = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs\?service=)?(git-upload-pack|git-receive-pack)$/;

/** Whether a request is git's, not the REST interface's. */
export function isGit(url: string): boolean {
  return route.test(url) && !url.startsWith('/repos/');
}

/** Answers clone, fetch and push; a push goes the same way as every other update of a ref. */
export function answerGit(world: World, request: GitRequest): GitAnswer {
  const [, owner, name, advertises, service = ''] = route.exec(request.url) ?? [];
  const repo = world.repos.find((one) => one.owner.login === owner && one.name === name);
  const bearer = bearerOf(world, request.authorization);
  const pushes = service === 'git-receive-pack';
  if (repo === undefined || !mayGit(repo, bearer, pushes))
    return { status: bearer === undefined ? 401 : 403, type: 'text/plain', body: Buffer.from('Repository not found.') };
  const command = service.slice('git-'.length);
  if (advertises !== undefined) {
    const said = run(repo, [command, '--stateless-rpc', '--advertise-refs'], request);
    const body = Buffer.concat([packet(`# service=${service}\n`), flush, said]);
    return { status: 200, type: `application/x-${service}-advertisement`, body };
  }
  const body =
    pushes && bearer !== undefined
      ? receive(world, repo, { body: request.body, user: bearer.user })
      : run(repo, [command, '--stateless-rpc'], request);
  return { status: 200, type: `application/x-${service}-result`, body };
}

function run(repo: Repo, args: readonly string[], { protocol, body }: GitRequest): Buffer {
  const env = protocol === undefined ? {} : { GIT_PROTOCOL: protocol };
  return tryGit(repo.bare.directory, [...args, repo.bare.directory], { input: body, env }).out;
}

/** git sends a token as a password, under whatever name. */
function bearerOf(world: World, authorization: string | undefined): Bearer | undefined {
  const given = /^basic (.+)$/i.exec(authorization ?? '')?.[1];
  const token = Buffer.from(given ?? '', 'base64')
    .toString()
    .split(':')
    .slice(1)
    .join(':');
  return world.tokens.get(token);
}

function mayGit(repo: Repo, bearer: Bearer | undefined, pushes: boolean): boolean {
  if (bearer === undefined) return !repo.private && !pushes;
  if (bearer.permissions === undefined) return isAtLeast(roleOf(repo, bearer.user), pushes ? 'write' : 'read');
  const contents = bearer.repos?.includes(repo) === false ? undefined : bearer.permissions['contents'];
  return contents === 'write' || (!pushes && (contents === 'read' || !repo.private));
}

const zero = '0'.repeat(40);

/** Takes a push: first its objects, then one ref after the other, each by the rules. */
function receive(world: World, repo: Repo, { body, user }: { body: Buffer; user: User }): Buffer {
  const { lines, rest } = packets(body);
  const [first = ''] = lines;
  const capabilities = first.split('\0')[1] ?? '';
  const unpacked =
    rest.length === 0 || tryGit(repo.bare.directory, ['unpack-objects', '-q'], { input: rest }).code === 0;
  const declined = preReceive(repo, lines);
  const said: Buffer[] = declined === undefined ? [] : [declined];
  const report = [packet(unpacked ? 'unpack ok\n' : 'unpack failed\n')];
  world.clock.now += 1000;
  for (const line of lines) {
    const [before = '', after = '', ref = ''] = (line.split('\0')[0] ?? '').trim().split(' ');
    if (declined !== undefined) {
      report.push(packet(`ng ${ref} pre-receive hook declined\n`));
      continue;
    }
    const fault = moved(world, repo, { ref, before, after, user });
    if (fault !== undefined) said.push(Buffer.from(`error: GH013: ${fault.replace('found', `found for ${ref}.`)}\n`));
    const verdict = fault === undefined ? `ok ${ref}\n` : `ng ${ref} push declined due to repository rule violations\n`;
    report.push(packet(verdict));
  }
  const told = Buffer.concat([...report, flush]);
  if (!capabilities.includes('side-band-64k')) return told;
  return Buffer.concat([...said.map((text) => band(2, text)), band(1, told), flush]);
}

/** What a hook of the repository says that declines a push, as an enterprise's GitHub has them. */
function preReceive({ bare }: Repo, lines: readonly string[]): Buffer | undefined {
  const hook = join(bare.directory, 'hooks/pre-receive');
  if (!existsSync(hook)) return undefined;
  const input = lines.map((line) => `${line.split('\0')[0]?.trim()}\n`).join('');
  const { status, stderr } = spawnSync(hook, { cwd: bare.directory, input });
  return status === 0 ? undefined : stderr;
}

function moved(
  world: World,
  repo: Repo,
  { ref, before, after, user }: { ref: string; before: string; after: string; user: User },
): string | undefined {
  if ((repo.bare.ref(ref) ?? zero) !== before) return 'fetch first';
  if (ref.startsWith('refs/pull/')) return 'deny updating a hidden ref';
  try {
    // Whether to force is the client's choice; whether it may, the rules'.
    moveRef(world, repo, { ref, to: after === zero ? undefined : after, by: user, force: true });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.message;
    throw thrown;
  }
}

const flush = Buffer.from('0000');

/** A line as git frames it: its length in four hexadecimal digits, and then itself. */
function packet(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

function band(number: number, bytes: Buffer): Buffer {
  return packet(Buffer.concat([Buffer.from([number]), bytes]));
}

/** The lines up to the first flush, and what follows it. */
function packets(body: Buffer): { lines: readonly string[]; rest: Buffer } {
  const lines: string[] = [];
  let at = 0;
  for (;;) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (!(length > 4)) return { lines, rest: body.subarray(at + 4) };
    lines.push(body.toString('utf8', at + 4, at + length));
    at += length;
  }
}
