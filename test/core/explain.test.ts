import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { explain, explanation } from '../../src/core/explain.ts';
import { knownErrors } from '../../src/core/known-errors/known-errors.ts';

interface Sample {
  readonly id: string | null;
  readonly line?: string;
  readonly code?: string;
  readonly text?: string;
}

const samples: readonly Sample[] = parse(readFileSync(new URL('explain.yaml', import.meta.url), 'utf8'));

describe('what AWS answers is explained', () => {
  test.each(samples)('$id: $code $text $line', ({ id, line, code, text = '' }) => {
    if (line === undefined) expect(explain({ text, ...(code === undefined ? {} : { code }) })?.id ?? null).toBe(id);
    // As a command line prints it, in one line.
    expect(explain({ text: line ?? `An error occurred (${code}) when calling it: ${text}` })?.id ?? null).toBe(id);
  });

  test('every known error has a sample, a name of its own and a source', () => {
    const sampled = new Set(samples.flatMap(({ id }) => id ?? []));
    expect(knownErrors.map(({ id }) => id).filter((id) => !sampled.has(id))).toEqual([]);
    expect(new Set(knownErrors.map(({ id }) => id)).size).toBe(knownErrors.length);
    expect(knownErrors.filter(({ source }) => !source.startsWith('https://'))).toEqual([]);
    expect(knownErrors.filter(({ codes, texts }) => codes.length + texts.length === 0)).toEqual([]);
  });

  test('in any case of letters', () => {
    expect(explain({ text: 'INVALID PRINCIPAL' })?.id).toBe('invalid-principal');
  });

  test('a code that is given counts, not one that the text mentions', () => {
    expect(explain({ code: 'InvalidInputException', text: 'after a ConcurrentModificationException' })).toBeUndefined();
  });

  test('a hint says what it means, the cause and the way out', () => {
    expect(explanation({ code: 'ConcurrentModificationException', text: '' })).toBe(
      'another change of the same principal or resource was under way: two runs at a time, or another tool that writes permissions; let one tool write at a time, and run again; Meshgate tries again by itself, as often as `--tries` says',
    );
    expect(explanation({ text: 'fine' })).toBeUndefined();
  });
});

test('no text takes long, or throws', () => {
  // Processor time, so that a busy machine makes no difference.
  const before = process.cpuUsage();
  for (const text of ['a'.repeat(200_000), 'Organization '.repeat(20_000), '\u0000'.repeat(200_000)]) explain({ text });
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.option(fc.string(), { nil: undefined }), (text, code) => {
      explain({ text, ...(code === undefined ? {} : { code }) });
    }),
  );
});
