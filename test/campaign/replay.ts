import { readFileSync } from 'node:fs';
import { BadArgument } from '../support/arguments.ts';
import { readCases } from './case-file.ts';
import type { LawCase } from './law-case.ts';
import { tryCase } from './trial.ts';

/** Tries the cases of some files and says what came of them; the exit code is 1 where a law is broken. */
export async function replay(files: readonly string[]): Promise<number> {
  let broken = 0;
  for (const file of files)
    for (const one of casesIn(file)) {
      const { findings, asked, calls } = await tryCase(one);
      broken += findings.length;
      const laws = Object.keys(asked).join(', ');
      process.stdout.write(
        `${file}: ${one.title}\n  ${calls} calls, laws ${laws}: ${findings.length === 0 ? 'kept' : 'BROKEN'}\n`,
      );
      for (const { law, run, text } of findings) process.stdout.write(`  law ${law}, run ${run}: ${text}\n`);
    }
  return broken === 0 ? 0 : 1;
}

function casesIn(file: string): readonly LawCase[] {
  try {
    return readCases(readFileSync(file, 'utf8'), file);
  } catch (thrown) {
    throw new BadArgument(`${file} holds no cases: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}
