import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, foldText, isGlob, isRe2, overlaps, re2Fault } from '../../src/core/pattern.ts';
import { literalPrefix, meet } from '../../src/declare/patterns.ts';

/** Glob matching as a definition: slow, and plainly right. */
function matches(glob: string, name: string): boolean {
  const [first, ...rest] = Array.from(glob);
  const characters = Array.from(name);
  if (first === undefined) return characters.length === 0;
  if (first === '*')
    return (
      characters.some((_, index) => matches(rest.join(''), characters.slice(index).join(''))) ||
      matches(rest.join(''), '')
    );
  if (characters.length === 0) return false;
  return (first === '?' || first === characters[0]) && matches(rest.join(''), characters.slice(1).join(''));
}

const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });

describe('a pattern', () => {
  test('matches as the definition says', () => {
    fc.assert(
      fc.property(glob, name, (pattern, text) => {
        expect(compilePattern(pattern).matches(text)).toBe(matches(pattern, text));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['orders', 'orders', true],
    ['orders', 'ORDERS', true],
    ['Orders', 'orders', true],
    ['orders', 'orders2', false],
    ['order_*', 'order_', true],
    ['order_*', 'orderx', false],
    ['*', '', true],
    ['*', 'anything at\nall', true],
    ['?', '', false],
    ['?', '😀', true],
    ['a.c', 'abc', false],
    ['a.*', 'abc', false],
    ['a.*', 'a.bc', true],
    ['(a|b)*', 'a', false],
    ['(a|b)*', '(a|b)c', true],
    ['[a]*', 'a', false],
    ['a\\*', 'a\\b', true],
    ['\\E*\\Q', '\\Ex\\Q', true],
    ['^a$*', '^a$b', true],
  ])('%s against %j: %s', (pattern, text, is) => {
    expect(compilePattern(pattern).matches(text)).toBe(is);
  });

  test('takes time linear in the text, whatever the pattern', () => {
    const pattern = compilePattern(`${'a*'.repeat(25)}b`);
    const time = (length: number): number => {
      const text = 'a'.repeat(length);
      const start = process.hrtime.bigint();
      expect(pattern.matches(text)).toBe(false);
      return Number(process.hrtime.bigint() - start) / 1e6;
    };
    time(1000);
    expect(time(10_000)).toBeLessThan(2000);
  });

  test.each([
    ['a', false],
    ['a*', true],
    ['?', true],
    ['a.b[c]', false],
  ])('%s is a glob: %s', (text, is) => {
    expect(isGlob(text)).toBe(is);
  });
});

describe('two patterns', () => {
  const names = ['', 'a', 'b', 'c'].flatMap((x) =>
    ['', 'a', 'b'].flatMap((y) => ['', 'a', 'b'].flatMap((z) => ['', 'a', 'b'].map((w) => x + y + z + w))),
  );
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 4 });

  test('overlap where some name matches both', () => {
    fc.assert(
      fc.property(short, short, (a, b) => {
        const isMet = names.some((text) => matches(a, text) && matches(b, text));
        // A name that both match is at most as long as their letters together; longer ones than these are not tried.
        if (isMet) expect(overlaps(a, b)).toBe(true);
        else if (letters(a) + letters(b) <= 4) expect(overlaps(a, b)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test('overlap both ways', () => {
    fc.assert(
      fc.property(glob, glob, (a, b) => {
        expect(overlaps(a, b)).toBe(overlaps(b, a));
      }),
    );
  });

  test('overlap is found in good time', () => {
    const start = Date.now();
    expect(overlaps(`${'a*'.repeat(120)}b`, `${'*a'.repeat(120)}c`)).toBe(false);
    expect(Date.now() - start).toBeLessThan(2000);
  });

  test.each([
    ['Order*', '*_2026', true],
    ['order?', 'orders', true],
    ['order', 'orders', false],
    ['*', '', true],
    ['a*b', 'c*b', false],
  ])('%s and %s: %s', (a, b, is) => {
    expect(overlaps(a, b)).toBe(is);
  });
});

function letters(pattern: string): number {
  return pattern.replaceAll('*', '').length;
}

describe('an RE2 pattern', () => {
  test.each([
    ['/^order_[0-9]+$/', 'order_12', true],
    ['/^order_[0-9]+$/', 'order_', false],
    ['/^order_[0-9]+$/', 'my_order_1', false],
    ['/^ORDER$/', 'order', true],
    ['/^(a|b)$/', 'b', true],
    ['/^\\D+$/', 'abc', true],
    ['/^\\D+$/', 'a1', false],
  ])('%s against %j: %s', (pattern, text, is) => {
    expect(isGlob(pattern)).toBe(true);
    expect(re2Fault(pattern)).toBeUndefined();
    expect(compilePattern(pattern).matches(text)).toBe(is);
    expect(foldText(pattern)).toBe(pattern);
  });

  test.each([
    '//',
    '/orders/',
    '/^orders/',
    '/orders$/',
    '/^a|b$/',
    '/^a\\$/',
    '/^a[$]/',
    '/^a\\Q$/',
    '/^(?=a)$/',
    '/^(a)\\1$/',
    '/^[$/',
    '/^((a{99}){99}){99}$/',
  ])('%s cannot be used', (pattern) => {
    expect(isRe2(pattern)).toBe(true);
    expect(re2Fault(pattern)).toEqual(expect.any(String));
  });

  test('takes time linear in the text where the JavaScript engine would not end', () => {
    expect(compilePattern('/^(((a*)*)*)*b$/').matches('a'.repeat(10_000))).toBe(false);
  });

  test.each([
    ['/^order_[0-9]+$/', 'order_'],
    ['/^ab*c$/', 'a'],
    ['/^ab?$/', 'a'],
    ['/^ab{0}$/', 'a'],
    ['/^a|b$/', ''],
    ['/^(ab|c)$/', ''],
    ['/^[ab]c$/', ''],
    ['/^AB$/', 'ab'],
    ['/^ab\\d$/', 'ab'],
    ['/^ab(c)?$/', 'ab'],
  ])('every name of %s begins with %j', (pattern, prefix) => {
    expect(literalPrefix(pattern)).toBe(prefix);
  });

  test('two texts with a name in common are never held for apart', () => {
    const part = fc.constantFrom('a', 'b', 'a*', 'b?', '[ab]', '(a|b)', '.', 'a+', 'b{0,2}', '\\w');
    const re2 = fc.array(part, { maxLength: 4 }).map((parts) => `/^${parts.join('')}$/`);
    fc.assert(
      fc.property(re2, fc.oneof(re2, glob, name), name, (a, b, text) => {
        const isShared = compilePattern(a).matches(text) && compilePattern(b).matches(text);
        if (isShared) expect([meet(a, b), meet(b, a)]).toEqual([true, true]);
      }),
      { numRuns: 2000 },
    );
  });
});
