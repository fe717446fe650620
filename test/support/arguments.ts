import { writeFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** A command line that cannot be meant; the message says what would be right. */
export class BadArgument extends Error {
  override readonly name = 'BadArgument';
}

/** What a script was asked for; throws `BadArgument` where an option is none, or lacks its value. */
export function argumentsFrom<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (thrown) {
    throw new BadArgument(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** A whole number from the least up; anything else would be taken for none, or for no end. */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new BadArgument(`${option} ${text} is no whole number from ${least} up`);
}

/** Checks that a file can be written, so that it is known before anything is done; throws `BadArgument` where it cannot. */
export function checkWritable(option: string, file: string | undefined): void {
  try {
    if (file !== undefined) writeFileSync(file, '', { flag: 'a' });
  } catch (thrown) {
    throw new BadArgument(`${option} ${file} cannot be written: ${thrown instanceof Error ? thrown.message : thrown}`);
  }
}

/** Runs a script to its exit code; what cannot be meant is said with the help, and is 1. */
export async function runScript(help: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (thrown) {
    if (!(thrown instanceof BadArgument)) throw thrown;
    process.stderr.write(`${thrown.message}\n\n${help}`);
    process.exitCode = 1;
  }
}
