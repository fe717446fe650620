import { createHmac, timingSafeEqual } from 'node:crypto';

/** Tells what we wrote from what others wrote, where they can write, too. */
export interface Seal {
  /** The seal of a text: 64 hex digits, good for this text and what it is about alone. */
  readonly of: (about: readonly string[], text: string) => string;
  readonly holds: (about: readonly string[], text: string, seal: string) => boolean;
}

/** Seals with a key (HMAC with SHA-256); whoever has it can write what is believed. */
export function sealWith(key: string): Seal {
  const of: Seal['of'] = (about, text) =>
    createHmac('sha256', key)
      .update(JSON.stringify([...about, text]))
      .digest('hex');
  return {
    of,
    holds: (about, text, seal) => {
      const [given, right] = [Buffer.from(seal), Buffer.from(of(about, text))];
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}
