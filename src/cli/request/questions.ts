import { autocomplete, autocompleteMultiselect, confirm, isCancel, select, text } from '@clack/prompts';
import type { Choice } from './choices.ts';

/** Whoever was asked gave up. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Results go to standard output, so questions do not. */
export const output = process.stderr;
const shownAtOnce = 10;

/** Asks whether to go on; never where nobody is there to answer. */
export async function agree(question: string): Promise<boolean> {
  return answered(await confirm({ message: question, output }));
}

/** Asks for one of several choices. */
export async function one(message: string, options: Choice[], initial?: string): Promise<string> {
  const start = initial === undefined ? {} : { initialValue: initial };
  const asked = { message, options, output, maxItems: shownAtOnce, ...start };
  return answered(
    options.length > shownAtOnce
      ? await autocomplete<string>({ ...asked, filter: finds, validate: chosen })
      : await select<string>(asked),
  );
}

/** Asks for some of several choices. */
export async function several(message: string, options: Choice[], initial: string[] = []): Promise<readonly string[]> {
  return answered(
    await autocompleteMultiselect<string>({
      message: `${message} (type to search, tab to choose)`,
      options,
      output,
      required: true,
      maxItems: shownAtOnce,
      initialValues: initial,
      filter: finds,
    }),
  );
}

interface Lined {
  readonly placeholder?: string;
  readonly fault?: (said: string) => string | undefined;
}

/** Asks for a line of text. */
export async function line(message: string, { placeholder = '', fault }: Lined): Promise<string> {
  const asked = await text({
    message,
    output,
    ...(placeholder === '' ? {} : { placeholder }),
    ...(fault === undefined ? {} : { validate: (said: string | undefined) => fault(said ?? '') }),
  });
  // Nothing typed is no text.
  return answered(asked) ?? '';
}

function chosen(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined || value.length === 0 ? 'choose one' : undefined;
}

/** Every word of the search stands somewhere in the name or what is said of it. */
function finds(search: string, { label, hint = '' }: { label?: string; hint?: string }): boolean {
  const where = `${label ?? ''} ${hint}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Cancelled('the questions were not answered');
  return answer as Exclude<T, symbol>;
}
