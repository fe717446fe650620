import type { Scene } from './scene.ts';

/** What was seen of a switch: its value, or why it stays open. */
export type Answer = { readonly value: boolean | string | number; readonly note?: string } | { readonly open: string };

/** One or more switches, how they are settled, and the calls that this takes. */
export interface Question {
  readonly switches: readonly string[];
  /** What is done, for a person to read before it is done. */
  readonly does: string;
  readonly ask: (scene: Scene) => Promise<Readonly<Record<string, Answer>>>;
}

/** A question about one switch. */
export function one(name: string, does: string, ask: (scene: Scene) => Promise<Answer>): Question {
  return { switches: [name], does, ask: async (scene) => ({ [name]: await ask(scene) }) };
}

/** `refuse` for a refusal, else another word; any code but that of a bad request leaves the switch open. */
export function refusedOr(code: string, otherwise: Answer): Answer {
  if (code === 'ok') return otherwise;
  if (code === 'InvalidInputException') return { value: 'refuse' };
  return { open: `answered ${code}, which says nothing on this` };
}

/** For a step that must succeed before anything can be said. */
export function unless(code: string, what: string): Answer | undefined {
  return code === 'ok' ? undefined : { open: `${what} was refused: ${code}` };
}
