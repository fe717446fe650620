import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rewritten } from '../../src/declare/edit-at.ts';
import type { DataProduct, Subscription } from '../../src/declare/files.ts';
import { type Drops, narrow } from '../../src/request/narrow.ts';

interface Case {
  readonly name: string;
  readonly head?: string;
  readonly access: string;
  readonly drop: Partial<Drops>;
  readonly after?: string;
  readonly headAfter?: string;
  readonly problems?: readonly string[];
}
const { product, cases }: { product: DataProduct; cases: readonly Case[] } = parse(
  readFileSync(new URL('../cases/narrow.yaml', import.meta.url), 'utf8'),
);
const classes = [{ name: 'pii' }, { name: 'restricted' }];

function fileOf(head: string, access: string): string {
  return `# Kept as it is.\napiVersion: meshgate/v1\nkind: Subscription\npurpose:   Campaigns  # why\n${head}access:\n${access}expires: 2027-06-30\nnotes:\n  - "first"\n`;
}

describe('narrow', () => {
  test.each(cases)('$name', ({ head = '', access, drop, after, headAfter = head, problems }) => {
    const text = fileOf(head, access);
    const drops = { tables: [], columns: [], permissions: [], principals: [], ...drop };
    const found = narrow(parse(text) as Subscription, drops, { product, presets: {}, classes });
    expect(found.faults.map(({ code }) => code)).toEqual(problems ?? []);
    if (!('value' in found)) return expect(after).toBeUndefined();
    expect(rewritten(text, found.value)).toBe(fileOf(headAfter, after ?? ''));
    // On Windows, too.
    expect(rewritten(text.replaceAll('\n', '\r\n'), found.value)).toBe(
      fileOf(headAfter, after ?? '').replaceAll('\n', '\r\n'),
    );
  });
});

describe('an edit', () => {
  const scalar = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('a b', 'null', '1', "it's", 'x: y', '#'),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('any'), { minLength: 1, maxLength: 3 }), tie('map')),
    map: fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('any'), {
      minKeys: 1,
      maxKeys: 4,
      noNullPrototype: true,
    }),
  }));

  test('makes any file say any value', async () => {
    const { stringify } = await import('yaml');
    const styles = fc.record({
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
      lineWidth: fc.constantFrom(0, 20),
    });
    fc.assert(
      fc.property(value.map, value.map, styles, (before, after, style) => {
        expect(parse(rewritten(stringify(before, style), after))).toEqual(after);
      }),
      { numRuns: 300 },
    );
  });

  test('that changes nothing keeps every byte', () => {
    const text = fileOf('principals: [ analysts ]\n', '  - { tables: [orders], permissions: read }\n');
    expect(rewritten(text, parse(text))).toBe(text);
  });
});
