import type { Clients } from './aws.ts';
import type { Answer, Question } from './question.ts';
import { revokedQuestions } from './questions/revoked.ts';
import { seenQuestions } from './questions/seen.ts';
import { storedQuestions } from './questions/stored.ts';
import { wireQuestions } from './questions/wire.ts';
import { createSandbox, findSandboxes, isOwn, removeSandbox } from './sandbox.ts';
import { type Parts, Scene } from './scene.ts';

/** Everything the probe asks; what the principal must hold nothing for comes first. */
export const questions: readonly Question[] = [
  ...seenQuestions,
  ...storedQuestions,
  ...revokedQuestions,
  ...wireQuestions,
  {
    switches: ['defaultCrossAccountVersion'],
    does: 'reads the data lake settings',
    ask: async ({ parts: { parameters } }) => {
      const value = parameters['CROSS_ACCOUNT_VERSION'];
      const note = 'true for an account in which nobody has set it';
      return {
        defaultCrossAccountVersion: value === undefined ? { open: 'the settings name none' } : { value, note },
      };
    },
  },
];

/** Switches that one account cannot settle, and what it would take. */
export const beyond: Readonly<Record<string, string>> = {
  lapsedInvitationRenewedBy: 'takes a second account outside the organization, and twelve hours',
  version5Shares: 'takes a second account and a change of the settings',
  dropOrphansShares: 'takes a second account',
  sharesNamed: 'takes a second account',
  linksShowTarget: 'takes a table to link to that can be seen',
  unreachableLink: 'takes a link to what is not there',
  foreignTagsListed: 'takes a second account that shares a tag',
  repeatedOptIn: 'takes a location registered as hybrid',
  adminsReadData: 'takes data to read',
  severalFilters: 'takes data to read',
  unknownAccounts: "is about the emulator's seed; to try it would share the sandbox with a stranger's account",
};

/** What the probe learned. */
export interface Probed {
  readonly answers: Readonly<Record<string, Answer>>;
  /** Why the sandbox is there still, where it is. */
  readonly left?: string;
}

interface Watch {
  readonly onProgress?: (question: Question, index: number) => void;
  /** Where it is aborted, no further question is asked. */
  readonly signal?: AbortSignal;
}

/** Asks every question in a sandbox of its own, which is removed at the end whatever happens; those of other runs stay. */
export async function probe(parts: Parts, { onProgress, signal }: Watch = {}): Promise<Probed> {
  const answers: Record<string, Answer> = {};
  let left: string | undefined;
  try {
    await createSandbox(parts.clients, parts.database);
    const scene = new Scene(parts);
    for (const [index, question] of questions.entries()) {
      if (signal?.aborted !== true) onProgress?.(question, index);
      Object.assign(answers, signal?.aborted === true ? open(question, interrupted) : await answersTo(question, scene));
    }
  } finally {
    // What was learned is worth more than that this went well.
    left = await cleanUp(parts, (name) => isOwn(parts.database, name)).then(() => undefined, textOf);
  }
  for (const [name, why] of Object.entries(beyond)) answers[name] = { open: why };
  return { answers, ...(left === undefined ? {} : { left }) };
}

const interrupted = 'the probe was interrupted';

function open({ switches }: Question, why: string): Readonly<Record<string, Answer>> {
  return Object.fromEntries(switches.map((name) => [name, { open: why }]));
}

/** What went wrong, in a line. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}

async function answersTo(question: Question, scene: Scene): Promise<Readonly<Record<string, Answer>>> {
  try {
    return await question.ask(scene);
  } catch (thrown) {
    // One question that goes wrong leaves its switches open, and the others are asked all the same.
    return open(question, `the probe failed: ${textOf(thrown)}`);
  }
}

/** Removes sandboxes, by default every one that there is, also those of runs that go on somewhere else. */
export async function cleanUp(
  { clients, asPrincipal }: Pick<Parts, 'clients' | 'asPrincipal'>,
  isMeant: (name: string) => boolean = () => true,
): Promise<readonly string[]> {
  const found = (await leftovers(clients, asPrincipal)).filter(isMeant);
  // What the principal made only the principal may delete.
  for (const name of found) {
    const owner = name.endsWith('_other') && asPrincipal ? asPrincipal : clients;
    await removeSandbox(clients, owner, name);
  }
  return found;
}

/** The sandboxes that there are, seen with either's eyes. */
export async function leftovers(clients: Clients, asPrincipal: Clients | undefined): Promise<readonly string[]> {
  const found = [...(await findSandboxes(clients)), ...(asPrincipal ? await findSandboxes(asPrincipal) : [])];
  return [...new Set(found)];
}
