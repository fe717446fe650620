import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AccessKey, Credentials } from '../credentials.ts';
import { ServiceFailure } from '../failure.ts';
import { isQuery, type Service, type WireRequest } from './message.ts';

/** A request whose signature holds: the key, and the region it was signed for. */
export interface Signed {
  readonly key: AccessKey;
  readonly region: string;
}

/** What a signature is checked against. */
export interface SignatureContext {
  readonly credentials: Credentials;
  readonly service: Service;
  /** The emulator's time, which decides when temporary keys end. */
  readonly now: number;
  /** The service's clock, against which the time of signing is held. */
  readonly wallClock: number;
}

interface Authorization {
  readonly keyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const form =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/;
const greatestSkew = 5 * 60 * 1000;

/**
 * The signer of a request; throws what AWS answers to a missing, wrong, stale or expired signature.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * Skew is measured against the real clock, not the emulator's: SDKs sign with theirs, and moving the emulator's time
 * on must not lock them out.
 */
export function verifySignature(request: WireRequest, context: SignatureContext): Signed {
  const authorization = parseAuthorization(request, context.service);
  const key = context.credentials.get(authorization.keyId);
  if (!key) throw unknownKey(context.service);
  checkScope(authorization, context.service);
  checkDate(request, authorization, context.wallClock);
  const expected = signatureOf(request, authorization, key.secret);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))) throw mismatch(context.service);
  checkToken(request, key, context);
  return { key, region: authorization.region };
}

function parseAuthorization(request: WireRequest, service: Service): Authorization {
  const header = request.headers.authorization;
  if (header === undefined || header === '') {
    const code = isQuery(service) ? 'MissingAuthenticationToken' : 'MissingAuthenticationTokenException';
    throw new ServiceFailure(
      code,
      isQuery(service) ? 'Request is missing Authentication Token' : 'Missing Authentication Token',
      403,
    );
  }
  const found = form.exec(header);
  if (!found) {
    const code = isQuery(service) ? 'IncompleteSignature' : 'IncompleteSignatureException';
    throw new ServiceFailure(
      code,
      'Authorization header requires Credential, SignedHeaders and Signature parameters.',
      isQuery(service) ? 400 : 403,
    );
  }
  const [, keyId = '', date = '', region = '', scopeService = '', signedHeaders = '', signature = ''] = found;
  return { keyId, date, region, service: scopeService, signedHeaders: signedHeaders.split(';'), signature };
}

function checkScope(authorization: Authorization, service: Service): void {
  if (authorization.service !== service)
    throw invalidSignature(service, `Credential should be scoped to correct service: '${service}'.`);
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(authorization.region)) {
    throw invalidSignature(service, 'Credential should be scoped to a valid region.');
  }
}

function checkDate(request: WireRequest, authorization: Authorization, wallClock: number): void {
  const stamp = request.headers['x-amz-date'] ?? '';
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (!found || !stamp.startsWith(authorization.date)) {
    throw invalidSignature(
      authorization.service,
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
    );
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  const signed = Date.UTC(year, month - 1, day, hour, minute, second);
  const skew = wallClock - signed;
  if (Math.abs(skew) <= greatestSkew) return;
  const relation = skew > 0 ? 'Signature expired' : 'Signature not yet current';
  throw invalidSignature(authorization.service, `${relation}: ${stamp} is more than 5 min. from ${compact(wallClock)}`);
}

function checkToken(request: WireRequest, key: AccessKey, context: SignatureContext): void {
  const token = request.headers['x-amz-security-token'];
  if ((token ?? '') !== (key.session?.token ?? '')) {
    const code = isQuery(context.service) ? 'InvalidClientTokenId' : 'UnrecognizedClientException';
    throw new ServiceFailure(code, 'The security token included in the request is invalid', 403);
  }
  if (key.session && key.session.expires <= context.now) {
    const code = isQuery(context.service) ? 'ExpiredToken' : 'ExpiredTokenException';
    throw new ServiceFailure(
      code,
      'The security token included in the request is expired',
      isQuery(context.service) ? 403 : 400,
    );
  }
}

function signatureOf(request: WireRequest, authorization: Authorization, secret: string): string {
  const headers = authorization.signedHeaders
    .map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
    .join('');
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    headers,
    authorization.signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const scope = `${authorization.date}/${authorization.region}/${authorization.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  return hmac(signingKey(secret, authorization), toSign).toString('hex');
}

const signingKeys = new Map<string, Buffer>();

function signingKey(secret: string, { date, region, service }: Authorization): Buffer {
  const name = [secret, date, region, service].join('/');
  const known = signingKeys.get(name);
  if (known) return known;
  if (signingKeys.size > 1000) signingKeys.clear();
  const key = [date, region, service, 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secret}`));
  signingKeys.set(name, key);
  return key;
}

/** Every service but S3 encodes the path once more than it was sent. */
function canonicalPath(path: string): string {
  return path
    .split('/')
    .map((segment) => encode(segment))
    .join('/');
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function compact(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function unknownKey(service: Service): ServiceFailure {
  const code = isQuery(service) ? 'InvalidClientTokenId' : 'UnrecognizedClientException';
  return new ServiceFailure(code, 'The security token included in the request is invalid.', 403);
}

/** Glue and Lake Formation say InvalidSignatureException for every fault in a signature, STS SignatureDoesNotMatch. */
function invalidSignature(service: string, message: string): ServiceFailure {
  return new ServiceFailure(isQuery(service) ? 'SignatureDoesNotMatch' : 'InvalidSignatureException', message, 403);
}

function mismatch(service: Service): ServiceFailure {
  return invalidSignature(
    service,
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}
