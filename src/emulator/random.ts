/** A source of numbers in [0, 1) that is the same for the same seed. */
export type Random = () => number;

/** A mulberry32 generator: small, and good enough to choose faults and page cuts. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number in [0, 1) that depends on the parts alone: repeating a listing repeats its page cuts. */
export function hashed(...parts: readonly (string | number)[]): number {
  let hash = 2166136261;
  for (const character of parts.join('|')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  }
  return seededRandom(hash)();
}

/** A text of random letters and digits. */
export function randomText(random: Random, length: number, alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'): string {
  let text = '';
  for (let index = 0; index < length; index += 1) text += alphabet[Math.floor(random() * alphabet.length)] ?? 'A';
  return text;
}

/** An identifier in the form of a UUID. */
export function randomUuid(random: Random): string {
  const hex = randomText(random, 32, '0123456789abcdef');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
