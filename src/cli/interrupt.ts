import type { Console } from './console.ts';

/** A signal that the first Ctrl-C raises; the second ends the process with 130. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Stops the run as Ctrl-C does, and says why. */
  readonly stop: (reason: string) => void;
  readonly end: () => void;
}

/** Listens for Ctrl-C and SIGTERM: the batches in flight end, are reported, and the run stops. */
export function interruptible(console: Console): Interrupt {
  const controller = new AbortController();
  const listen = (): void => {
    if (controller.signal.aborted) console.exit(130);
    controller.abort();
    console.err('\nInterrupted: the calls in flight are finished and reported; once more to stop at once.\n');
  };
  const stop = (reason: string): void => {
    controller.abort();
    console.err(`\n${reason}; the calls in flight are finished and reported, and no other is made.\n`);
  };
  process.on('SIGINT', listen);
  process.on('SIGTERM', listen);
  return {
    signal: controller.signal,
    stop,
    end: () => {
      process.off('SIGINT', listen);
      process.off('SIGTERM', listen);
    },
  };
}
