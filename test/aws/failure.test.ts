import { describe, expect, test } from 'vitest';
import { failureOf, toFailure } from '../../src/aws/failure.ts';
import { type FailureKind, LakeFailure } from '../../src/core/lake.ts';

describe('what AWS says', () => {
  test.each<[code: string, text: string, kind: FailureKind]>([
    [
      'InvalidInputException',
      'No permissions revoked. Grantee has no permissions and no grantable permissions on resource.',
      'already',
    ],
    ['InvalidInputException', 'No permissions revoked. Grantee does not does not have:[ALL]', 'already'],
    ['InvalidInputException', 'Sorry: No permissions revoked.', 'final'],
    ['AccessDeniedException', 'No permissions revoked.', 'final'],
    ['ConcurrentModificationException', 'Please retry in a short while', 'passing'],
    ['ConcurrentModificationException', 'Permission update/Delete failed for Resource x', 'passing'],
    ['ThrottlingException', 'Rate exceeded', 'passing'],
    ['Throttling', 'slow', 'passing'],
    ['ThrottledException', 'slow', 'passing'],
    ['TooManyRequestsException', 'slow', 'passing'],
    ['RequestLimitExceeded', 'slow', 'passing'],
    ['InvalidInputException', 'Rate exceeded (Service: AmazonIdentityManagement)', 'passing'],
    ['InvalidInputException', 'Invalid principal', 'passing'],
    ['InvalidInputException', 'Invalid principal, arn: arn:aws:iam::111122223333:role/x', 'passing'],
    ['InvalidInputException', 'Grantee has no permissions', 'passing'],
    ['InvalidInputException', 'Please register the S3 path first', 'passing'],
    ['InvalidInputException', 'Permissions modification is invalid', 'final'],
    ['InvalidInputException', 'The column is not valid', 'final'],
    ['AccessDeniedException', 'Insufficient Glue permissions to access table orders', 'passing'],
    ['AccessDeniedException', 'Insufficient Lake Formation permissions: Illegal combination', 'final'],
    [
      'AccessDeniedException',
      'Resource does not exist or requester is not authorized to access requested permissions.',
      'final',
    ],
    ['EntityNotFoundException', 'Entity Not Found', 'final'],
    ['OperationTimeoutException', 'timed out', 'unknown'],
    ['InternalServiceException', 'oops', 'unknown'],
    ['InternalFailure', 'oops', 'unknown'],
    ['ServiceUnavailableException', 'oops', 'unknown'],
    ['TimeoutError', 'no answer', 'unknown'],
    ['ECONNRESET', 'socket hang up', 'unknown'],
    ['ECONNREFUSED', 'connect ECONNREFUSED', 'final'],
    ['ENOTFOUND', 'getaddrinfo', 'final'],
    ['ExpiredTokenException', 'expired', 'final'],
    ['Whatever', '', 'final'],
  ])('%s %s is %s', (code, text, kind) => {
    expect(toFailure('BatchGrantPermissions', code, text)).toMatchObject({
      operation: 'BatchGrantPermissions',
      code,
      message: text,
      kind,
    });
  });
});

describe('what the client library throws', () => {
  const thrown = (name: string, more: object = {}, message = 'said'): Error =>
    Object.assign(new Error(message), { name }, more);

  test.each<[title: string, thrown: unknown, code: string, kind: FailureKind]>([
    [
      'an exception of the service',
      thrown('ThrottlingException', { $metadata: { httpStatusCode: 400 } }),
      'ThrottlingException',
      'passing',
    ],
    [
      'a status of 500 without a known name',
      thrown('Strange', { $metadata: { httpStatusCode: 502 } }),
      'Strange',
      'unknown',
    ],
    [
      'a throttle with a status of 503',
      thrown('SlowDown', { $metadata: { httpStatusCode: 503 } }),
      'SlowDown',
      'passing',
    ],
    [
      'a status of 400 without a known name',
      thrown('Strange', { $metadata: { httpStatusCode: 400 } }),
      'Strange',
      'final',
    ],
    ['a connection cut', thrown('Error', { code: 'ECONNRESET' }), 'ECONNRESET', 'unknown'],
    ['a connection refused', thrown('Error', { code: 'ECONNREFUSED' }), 'ECONNREFUSED', 'final'],
    ['a timeout', thrown('TimeoutError'), 'TimeoutError', 'unknown'],
    ['a code that is no text', thrown('AbortError', { code: 20 }), 'AbortError', 'unknown'],
    ['metadata that is null', thrown('Strange', { $metadata: null }), 'Strange', 'final'],
    ['a text', 'boom', 'UnknownError', 'final'],
    ['nothing', undefined, 'UnknownError', 'final'],
  ])('%s', (_, value, code, kind) => {
    const failure = failureOf('ListPermissions', value);
    expect(failure).toMatchObject({ operation: 'ListPermissions', code, kind });
    expect(failure.message).not.toBe('');
    expect(failure.cause).toBe(value);
  });

  test('a refused connection to several addresses says something', () => {
    const several = Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:1')]), {
      code: 'ECONNREFUSED',
    });
    expect(failureOf('GetCallerIdentity', several).message).toBe('connect ECONNREFUSED ::1:1');
  });

  test('a failure stays as it is', () => {
    const failure = new LakeFailure({ operation: 'x', code: 'y', message: 'z', kind: 'already' });
    expect(failureOf('other', failure)).toBe(failure);
  });
});
