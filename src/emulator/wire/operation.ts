import type { Call } from '../call.ts';
import type { Decoded, Shape } from './shape.ts';

/** What an operation answers: the members of its output. */
export type Output = Readonly<Record<string, unknown>>;

/** One operation of a service: the shape of its request and what it does. */
export interface Operation {
  readonly shape: Shape;
  /** True for operations that change something: they conflict with each other and never lag. */
  readonly writes: boolean;
  /** The input fits the shape: `reads` and `writes` are the only makers and see to it. */
  readonly run: (call: Call, input: never) => Output;
}

/** An operation that only reads. */
export function reads<const S extends Shape>(shape: S, run: (call: Call, input: Decoded<S>) => Output): Operation {
  return { shape, writes: false, run: run as unknown as Operation['run'] };
}

/** An operation that changes something. */
export function writes<const S extends Shape>(shape: S, run: (call: Call, input: Decoded<S>) => Output): Operation {
  return { shape, writes: true, run: run as unknown as Operation['run'] };
}

/** The operations of a service by name. */
export type Operations = ReadonlyMap<string, Operation>;
