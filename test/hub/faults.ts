import { type Answer, Refusal } from './call.ts';

/** What goes wrong with a request, by kind. */
export type FaultKind =
  /** 403 with `x-ratelimit-remaining: 0`, nothing done. */
  | 'rate-limit'
  /** 403 with `retry-after`, nothing done. */
  | 'secondary-limit'
  /** 502, nothing done. */
  | 'server-error'
  /** The connection is cut, nothing done. */
  | 'drop-before'
  /** The request is carried out, then the connection is cut. */
  | 'drop-after'
  /** 403 "Resource not accessible by integration", nothing done. */
  | 'forbidden'
  /** 404, nothing done. */
  | 'not-found';

/** A fault to come, as plain data. */
export interface Fault {
  readonly kind: FaultKind;
  /** Only requests of this operation, in the words of GitHub's description, such as `pulls/merge`. */
  readonly operation?: string;
  /** How often it happens; without it, always. */
  readonly times?: number;
  /** How many matching requests pass first. */
  readonly after?: number;
  /** Of a secondary limit, what it answers: 403, or 429, which GitHub gives as well. */
  readonly status?: 403 | 429;
  /** Seconds that the answer says to wait. */
  readonly seconds?: number;
}

/** The faults in force, with how often each was met. */
export class Faults {
  #armed: { readonly fault: Fault; matched: number }[] = [];

  /** Replaces all faults and forgets their counts. */
  set(faults: readonly Fault[]): void {
    this.#armed = faults.map((fault) => ({ fault, matched: 0 }));
  }

  /** The fault that meets a request; each request counts for all that match it. */
  strike(operation: string): Fault | undefined {
    let struck: Fault | undefined;
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (fault.operation !== undefined && fault.operation !== operation) continue;
      armed.matched += 1;
      const turn = armed.matched - (fault.after ?? 0);
      if (turn > 0 && turn <= (fault.times ?? Number.POSITIVE_INFINITY)) struck ??= fault;
    }
    return struck;
  }
}

/** The answer that a fault gives; one that cuts the connection gives none. */
export function faultAnswer(fault: Fault): Answer {
  const seconds = fault.seconds ?? 1;
  const refuse = (status: number, message: string, headers: Record<string, string> = {}): Answer => ({
    ...new Refusal(status, message).answer,
    headers,
  });
  switch (fault.kind) {
    case 'rate-limit':
      return refuse(403, 'API rate limit exceeded for installation.', {
        'x-ratelimit-limit': '1000',
        'x-ratelimit-remaining': '0',
        // The client compares it with its own clock.
        'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + seconds),
      });
    case 'secondary-limit':
      return refuse(
        fault.status ?? 403,
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        {
          'retry-after': String(seconds),
        },
      );
    case 'server-error':
      return refuse(502, 'Server Error');
    case 'forbidden':
      return refuse(403, 'Resource not accessible by integration');
    case 'not-found':
      return refuse(404, 'Not Found');
    case 'drop-before':
    case 'drop-after':
      throw new Error(`${fault.kind} has no answer`);
    default:
      throw new Error(`there is no fault ${String(fault.kind satisfies never)}`);
  }
}
