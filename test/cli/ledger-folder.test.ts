import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage } from '../support/stage.ts';

describe("the ledger's folder", { timeout: 60_000 }, () => {
  async function ignored(stage: Stage, ...args: readonly string[]): Promise<string> {
    expect((await runHere(stage, ['apply', ...args])).code).toBe(4);
    return stage.git('status', '--short', '--untracked-files=all');
  }

  test('is ignored by git where a run makes it', async () => {
    const stage = await setStage();
    expect(await ignored(stage)).toBe('');
    expect(await readFile(join(stage.directory, '.meshgate/.gitignore'), 'utf8')).toBe('*\n');
    // What a person changed stays as it is.
    await rm(join(stage.directory, '.meshgate/.gitignore'));
    expect(await ignored(stage)).toMatch(/\.meshgate\/ledger\.jsonl/);
  });

  test('is not where somebody chose another', async () => {
    const stage = await setStage();
    expect(await ignored(stage, '--ledger', 'records/runs.jsonl')).toBe('?? records/runs.jsonl');
    expect(existsSync(join(stage.directory, 'records/.gitignore'))).toBe(false);
  });
});
