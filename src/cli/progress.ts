import { createLogUpdate } from 'log-update';
import type { Console } from './console.ts';

/** A line on the terminal that says how far a long step has come. */
export interface Progress {
  readonly show: (text: string) => void;
  readonly end: () => void;
}

/** Progress on standard error, only where that is a terminal and nobody asked for quiet. */
export function progressOn(console: Console, quiet: boolean): Progress {
  if (quiet || !console.isTerminal.err) return { show: () => undefined, end: () => undefined };
  const update = createLogUpdate(process.stderr);
  let last = 0;
  return {
    show: (text) => {
      const now = Date.now();
      if (now - last < 50) return;
      last = now;
      update(text);
    },
    end: () => update.clear(),
  };
}

/** A bar for a share between 0 and 1. */
export function bar(share: number, width = 24): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
}
