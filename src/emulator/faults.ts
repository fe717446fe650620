import type { Random } from './random.ts';

/** What a fault does to a call, by kind. */
const faultTable = {
  throttle: 'ThrottlingException, nothing done',
  'throttle-wrapped':
    'InvalidInputException with the text "Rate exceeded", nothing done (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2289)',
  'throttle-entry': 'a batch entry fails with ThrottlingException',
  'concurrent-modification': 'ConcurrentModificationException, nothing done',
  'concurrent-modification-entry': 'a batch entry fails with ConcurrentModificationException',
  'timeout-after': 'the change is made, then OperationTimeoutException',
  internal: 'InternalServiceException with status 500, nothing done',
  'drop-before': 'the connection is cut, nothing done',
  'drop-after': 'the call is carried out, then the connection is cut',
  'invalid-principal':
    'InvalidInputException "Invalid principal", also for a batch entry, as for a role that IAM has not propagated',
  'access-denied': 'AccessDeniedException; for a batch entry where a principal is named',
  'expired-token': 'ExpiredTokenException',
  lag: 'reads show the state of `ms` milliseconds ago',
  'short-pages': 'a listing answers less than a page and a token',
  'empty-pages': 'a listing answers an empty page and a token',
  'share-fails':
    'what is granted to another account, or to a principal there, is granted, and RAM fails to associate it with the share',
  'slow-share':
    'what an account accepted less than `ms` milliseconds ago is not there yet (https://github.com/data-dot-all/dataall/issues/526)',
  slow: 'the call takes `ms` milliseconds longer',
  hang: 'no answer ever comes, nothing done',
  'hang-after': 'the call is carried out, and no answer ever comes',
  'clock-skew': "the service's clock is `ms` milliseconds ahead of this machine's, or behind where it is negative",
} as const satisfies Readonly<Record<string, string>>;

/** A kind of fault. */
export type FaultKind = keyof typeof faultTable;

/** Every kind of fault. */
export const faultKinds: readonly FaultKind[] = Object.keys(faultTable) as FaultKind[];

/** A fault to inject, as plain data. */
export interface Fault {
  readonly kind: FaultKind;
  /** Only calls of this operation. */
  readonly operation?: string;
  /** Only calls of this account's principals. */
  readonly account?: string;
  /** Only calls, or batch entries, for this principal. */
  readonly principal?: string;
  /** How often it happens; without it, always. */
  readonly times?: number;
  /** How many matching calls pass first. */
  readonly after?: number;
  /** Only every n-th matching call. */
  readonly every?: number;
  /** The chance that a matching call is hit. */
  readonly probability?: number;
  /** Milliseconds, for `slow`, `lag`, `slow-share` and `clock-skew`. */
  readonly ms?: number;
}

/** What a fault is matched against. */
export interface FaultTarget {
  readonly operation: string;
  /** Whose principal calls, where that is known. */
  readonly account?: string;
  readonly principals: readonly string[];
  /** Only faults that name a principal. */
  readonly namedOnly?: boolean;
}

const counts = ['times', 'after', 'every', 'ms'] as const;
const texts = ['operation', 'account', 'principal'] as const;
const lasting: readonly unknown[] = ['slow', 'lag', 'slow-share', 'clock-skew'];

/** What is wrong with a list of faults, one text for each. */
export function faultListFaults(faults: unknown): readonly string[] {
  if (!Array.isArray(faults)) return ['faults must be a list'];
  return faults.flatMap((fault: unknown, index) => faultFaults(fault).map((text) => `${index}: ${text}`));
}

function faultFaults(fault: unknown): readonly string[] {
  if (typeof fault !== 'object' || fault === null) return ['must be a map'];
  const found: string[] = [];
  for (const [name, value] of Object.entries(fault)) {
    if (name === 'kind') {
      if (typeof value !== 'string' || !Object.hasOwn(faultTable, value))
        found.push(`kind: there is no fault ${JSON.stringify(value)}`);
    } else if (name === 'probability') {
      if (typeof value !== 'number' || value < 0 || value > 1) found.push('probability: must be between 0 and 1');
    } else if (counts.some((one) => one === name)) {
      const least = name === 'every' ? 1 : name === 'ms' && isSkew(fault) ? Number.NEGATIVE_INFINITY : 0;
      if (!Number.isInteger(value) || (value as number) < least) found.push(`${name}: must be a whole number`);
    } else if (texts.some((one) => one === name)) {
      if (typeof value !== 'string') found.push(`${name}: must be a text`);
    } else found.push(`${name}: there is no such field`);
  }
  const { kind, ms } = fault as { readonly kind?: unknown; readonly ms?: unknown };
  if (kind === undefined) found.push('kind: is missing');
  if (lasting.includes(kind) && ms === undefined) found.push('ms: is missing');
  return found;
}

function isSkew(fault: object): boolean {
  return 'kind' in fault && fault.kind === 'clock-skew';
}

/** The faults in force, with how often each has matched and struck. */
export class Faults {
  #armed: { readonly fault: Fault; matched: number; struck: number }[] = [];
  readonly #struck = new Map<FaultKind, number>();
  readonly #random: Random;

  constructor(faults: readonly Fault[], random: Random) {
    this.#random = random;
    this.set(faults);
  }

  /** Replaces all faults and forgets their counts. */
  set(faults: readonly Fault[]): void {
    this.#armed = faults.map((fault) => ({ fault, matched: 0, struck: 0 }));
  }

  /** How often each kind has struck since the start. */
  struck(): ReadonlyMap<FaultKind, number> {
    return this.#struck;
  }

  /** The first fault of these kinds that strikes the target; each one asked counts the match. */
  strike(kinds: readonly FaultKind[], target: FaultTarget): Fault | undefined {
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (!kinds.includes(fault.kind)) continue;
      if (target.namedOnly && fault.principal === undefined) continue;
      if (fault.operation !== undefined && fault.operation !== target.operation) continue;
      if (fault.account !== undefined && fault.account !== target.account) continue;
      if (fault.principal !== undefined && !target.principals.includes(fault.principal)) continue;
      armed.matched += 1;
      if (armed.matched <= (fault.after ?? 0)) continue;
      if (fault.every !== undefined && (armed.matched - (fault.after ?? 0)) % fault.every !== 0) continue;
      if (fault.times !== undefined && armed.struck >= fault.times) continue;
      if (fault.probability !== undefined && this.#random() >= fault.probability) continue;
      armed.struck += 1;
      this.#struck.set(fault.kind, (this.#struck.get(fault.kind) ?? 0) + 1);
      return fault;
    }
    return undefined;
  }
}
