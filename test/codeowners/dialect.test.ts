import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { largestSize, ownershipOf } from '../../src/codeowners/ownership.ts';

interface Case {
  readonly title: string;
  readonly file: string;
  readonly owners: Readonly<Record<string, readonly string[] | null>>;
  readonly skipped?: readonly string[];
}

const cases = new URL('../cases/', import.meta.url);
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(new URL('codeowners.schema.json', cases), 'utf8')),
);

describe.each(readdirSync(new URL('codeowners/', cases)).toSorted())('%s', (name) => {
  const table = parse(readFileSync(new URL(`codeowners/${name}`, cases), 'utf8'));
  test('is a table of cases', () => {
    expect(validate(table), JSON.stringify(validate.errors)).toBe(true);
  });
  test.each((table as { cases: readonly Case[] }).cases)('$title', ({ file, owners, skipped = [] }) => {
    const ownership = ownershipOf(file);
    const found = Object.keys(owners).map((path) => [path, ownership.lineFor(path)?.owners ?? null]);
    expect(Object.fromEntries(found)).toEqual(owners);
    expect(ownership.skipped.map(({ number, column }) => `${number}:${column}`)).toEqual(skipped);
  });
});

describe('a file of 3 MB', () => {
  const line = '* @everybody\n';
  test('is not loaded', () => {
    const text = `${line}${'#'.repeat(largestSize - line.length)}`;
    expect(ownershipOf(text)).toMatchObject({ isLoaded: false });
    expect(ownershipOf(text).lineFor('a')).toBeUndefined();
  });
  test('is loaded with a byte less', () => {
    const text = `${line}${'#'.repeat(largestSize - line.length - 1)}`;
    expect(ownershipOf(text)).toMatchObject({ isLoaded: true });
    expect(ownershipOf(text).lineFor('a')?.owners).toEqual(['@everybody']);
  });
  test('is measured in bytes, not in letters', () => {
    expect(ownershipOf(`${line}# ${'ß'.repeat(largestSize / 2)}`).isLoaded).toBe(false);
  });
});

test('no pattern makes a path take for ever', () => {
  const hostile = Array.from({ length: 100 }, (_, index) => `/${'*a'.repeat(60)}${index}b/${'**/*a/'.repeat(60)}`);
  const path = `${'a'.repeat(250)}/${'a/'.repeat(500)}b`;
  expect(ownershipOf(`* @all\n${hostile.join('\n')}`).lineFor(path)?.owners).toEqual(['@all']);
}, 10_000);
