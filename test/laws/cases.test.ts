import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCases } from '../campaign/case-file.ts';
import { tryCase } from '../campaign/trial.ts';

const folder = new URL('../cases/laws/', import.meta.url);

// What a campaign has found, and what came of it since: every law holds for each of these.
describe.each(readdirSync(folder).toSorted())('%s', (file) => {
  test.each(readCases(readFileSync(new URL(file, folder), 'utf8'), file))('$title', async (one) => {
    const { findings, asked } = await tryCase(one);
    expect(findings.map(({ law, run, text }) => `law ${law}, run ${run}: ${text}`)).toEqual([]);
    expect(Object.values(asked).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(0);
  });
});
