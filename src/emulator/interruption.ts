import type { Call } from './call.ts';
import { accessDenied, concurrentModification, invalidInput, ServiceFailure } from './failure.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { World } from './world.ts';

/** Thrown where a fault cuts a connection or leaves it hanging. */
export class Interruption extends Error {
  readonly kind: 'drop-before' | 'drop-after' | 'hang' | 'hang-after';

  constructor(kind: Interruption['kind']) {
    super(kind);
    this.name = 'Interruption';
    this.kind = kind;
  }
}

const wholeCall: readonly FaultKind[] = [
  'hang',
  'drop-before',
  'throttle',
  'throttle-wrapped',
  'internal',
  'expired-token',
];
/** Reads do not run into these. */
const wholeWrite: readonly FaultKind[] = [...wholeCall, 'concurrent-modification'];
const afterwards: readonly FaultKind[] = ['timeout-after', 'drop-after', 'hang-after'];

/** A call as faults see it. */
export interface Struck {
  readonly operation: string;
  readonly account: string;
  readonly principals: readonly string[];
  readonly writes: boolean;
}

/** What a fault does to a call before anything happens, or undefined. */
export function struckBefore({ faults }: World, struck: Struck): Error | undefined {
  const { operation, principals, writes } = struck;
  const whole = faults.strike(writes ? wholeWrite : wholeCall, struck);
  if (whole) return consequence(whole);
  // In a batch these strike single entries, unless the fault is an access-denied that names no principal.
  const isBatch = operation.startsWith('Batch');
  const partly =
    faults.strike(['access-denied'], { ...struck, principals: isBatch ? [] : principals }) ??
    (isBatch || !writes ? undefined : faults.strike(['invalid-principal'], struck));
  return partly && consequence(partly);
}

/** What a fault does to a call after it was carried out, or undefined. */
export function afterTheFact({ faults }: World, struck: Struck): Error | undefined {
  const fault = faults.strike(afterwards, struck);
  return fault && consequence(fault);
}

/** What a fault does to one entry of a batch, or undefined. */
export function struckEntry({ world, operation, caller }: Call, principal: string): ServiceFailure | undefined {
  const kinds: readonly FaultKind[] = ['throttle-entry', 'concurrent-modification-entry', 'invalid-principal'];
  const target = { operation, account: caller.account, principals: [principal] };
  const fault =
    world.faults.strike(kinds, target) ?? world.faults.strike(['access-denied'], { ...target, namedOnly: true });
  const failure = fault && consequence(fault);
  return failure instanceof ServiceFailure ? failure : undefined;
}

/** The interruption that an error is, or undefined. */
export function interruptionOf(error: unknown): Interruption | undefined {
  return error instanceof Interruption ? error : undefined;
}

function consequence({ kind }: Fault): Error {
  switch (kind) {
    case 'hang':
    case 'hang-after':
    case 'drop-before':
    case 'drop-after':
      return new Interruption(kind);
    case 'throttle':
    case 'throttle-entry':
      return new ServiceFailure('ThrottlingException', 'Rate exceeded');
    case 'throttle-wrapped':
      return invalidInput(
        'Rate exceeded (Service: AmazonIdentityManagement; Status Code: 400; Error Code: Throttling)',
      );
    case 'internal':
      return new ServiceFailure('InternalServiceException', 'An internal service error occurred.', 500);
    case 'expired-token':
      return new ServiceFailure('ExpiredTokenException', 'The security token included in the request is expired');
    case 'concurrent-modification':
    case 'concurrent-modification-entry':
      return concurrentModification();
    case 'timeout-after':
      return new ServiceFailure('OperationTimeoutException', 'The operation timed out.');
    case 'invalid-principal':
      return invalidInput('Invalid principal');
    case 'access-denied':
      return accessDenied();
    case 'slow':
    case 'lag':
    case 'short-pages':
    case 'empty-pages':
    case 'clock-skew':
    case 'share-fails':
    case 'slow-share':
      throw new Error(`${kind} is no interruption`);
    default:
      return kind satisfies never;
  }
}
