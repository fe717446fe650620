import { type FailureKind, LakeFailure } from '../core/lake.ts';

/** A rule of the table below: the first whose code and text both fit decides. */
interface Rule {
  readonly code?: RegExp;
  readonly text?: RegExp;
  readonly kind: FailureKind;
}

/**
 * How each refusal is to be taken. Codes decide; texts are looked at only where one code has several
 * meanings. Sources of the texts: https://github.com/data-dot-all/dataall/issues/588 (nothing revoked),
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2289 (a throttle inside
 * InvalidInput), https://github.com/hashicorp/terraform-provider-aws internal/service/lakeformation/permissions.go
 * (principal, location and grantee lag), https://github.com/data-dot-all/dataall/issues/1572 (conflict).
 */
const rules: readonly Rule[] = [
  { code: /^InvalidInputException$/, text: /^No permissions revoked/, kind: 'already' },
  // Made before, by this run or another; reading back tells whether it is as it should be.
  { code: /^AlreadyExistsException$/, kind: 'already' },
  {
    code: /^(ConcurrentModificationException|Throttl\w*|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/,
    kind: 'passing',
  },
  { text: /Rate exceeded/i, kind: 'passing' },
  {
    code: /^InvalidInputException$/,
    text: /^Invalid principal|register the S3 path|^Grantee has no permissions/,
    kind: 'passing',
  },
  { code: /^AccessDeniedException$/, text: /^Insufficient Glue permissions/, kind: 'passing' },
  {
    code: /^(OperationTimeoutException|InternalService\w*|InternalFailure|ServiceUnavailable\w*|RequestTimeout\w*)$/,
    kind: 'unknown',
  },
  { code: /^(TimeoutError|ECONNRESET|EPIPE|ETIMEDOUT|AbortError)$/, kind: 'unknown' },
  { code: /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/, kind: 'final' },
];

/** What AWS said about one entry of a batch or one call, as a failure. */
export function toFailure(operation: string, code: string, message: string): LakeFailure {
  const rule = rules.find(
    (candidate) => (candidate.code?.test(code) ?? true) && (candidate.text?.test(message) ?? true),
  );
  return new LakeFailure({ operation, code, message, kind: rule?.kind ?? 'final' });
}

/** What the client library threw, as a failure; an answer with a 5xx status leaves the outcome unknown. */
export function failureOf(operation: string, thrown: unknown): LakeFailure {
  if (thrown instanceof LakeFailure) return thrown;
  const { name, code, message, status } = describe(thrown);
  const known = toFailure(operation, code ?? name, message);
  const kind = known.kind === 'final' && status !== undefined && status >= 500 ? 'unknown' : known.kind;
  return new LakeFailure({ operation, code: known.code, message, kind, cause: thrown });
}

interface Thrown {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
  readonly status: number | undefined;
}

function describe(thrown: unknown): Thrown {
  if (!(thrown instanceof Error))
    return { name: 'UnknownError', code: undefined, message: String(thrown), status: undefined };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const metadata = '$metadata' in thrown && typeof thrown.$metadata === 'object' ? thrown.$metadata : undefined;
  const status =
    metadata != null && 'httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number'
      ? metadata.httpStatusCode
      : undefined;
  // A refused connection to several addresses is an AggregateError without a message of its own.
  const inner = thrown instanceof AggregateError ? thrown.errors.find((one) => one instanceof Error) : undefined;
  const message = thrown.message !== '' ? thrown.message : inner instanceof Error ? inner.message : thrown.name;
  // The client library's own words for a call without an answer speak of its settings.
  const [, wait] = /configured (\d+) ms requestTimeout/.exec(message) ?? [];
  return {
    name: thrown.name,
    code,
    message: wait === undefined ? message : `no answer within ${Number(wait) / 1000} seconds`,
    status,
  };
}
