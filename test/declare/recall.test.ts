import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Layout, layoutOf } from '../../src/declare/layout.ts';
import { pastLayout, recaller, Unreadable } from '../../src/declare/recall.ts';
import { filesOf, lawMesh } from '../support/law-mesh.ts';
import { runs } from '../support/law-runs.ts';

const example = join(import.meta.dirname, '../../mesh');

function kindOf(path: string): Layout['kind'] {
  const layout = layoutOf(path);
  if (!('kind' in layout)) throw new Error(path);
  return layout.kind;
}

describe('line by line a file says what it says as a whole', () => {
  const paths = readdirSync(example, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.yaml') && !path.startsWith('x-'),
  );

  test.each(paths)('%s', (path) => {
    const text = readFileSync(join(example, path), 'utf8');
    const recall = recaller();
    // JSON is YAML that is not laid out in plain lines, so it is read as a whole.
    expect(recall(kindOf(path), text)).toEqual(recall(kindOf(path), JSON.stringify(parse(text))));
  });

  test('any mesh, however its YAML is laid out', () => {
    fc.assert(
      fc.property(
        lawMesh,
        fc.record({
          indentSeq: fc.boolean(),
          collectionStyle: fc.constantFrom('any', 'flow'),
          lineWidth: fc.constantFrom(20, 80),
        }),
        (mesh, form) => {
          const recall = recaller();
          for (const { path, text } of filesOf(mesh).files) {
            const laidOut = stringify(JSON.parse(text), {
              ...form,
              collectionStyle: form.collectionStyle as 'any' | 'flow',
              aliasDuplicateObjects: false,
            });
            expect(recall(kindOf(path), laidOut)).toEqual(recall(kindOf(path), text));
          }
        },
      ),
      runs(20),
    );
  });
});

const account = {
  kind: 'Account',
  value: { id: '333344445555', principals: { x: 'arn:aws:iam::333344445555:role/x' } },
};

test.each<[string, string]>([
  ['with a byte order mark', '\uFEFFid: "333344445555"\nprincipals: { x: arn:aws:iam::333344445555:role/x }\n'],
  ['with carriage returns', 'id: "333344445555"\r\nprincipals:\r\n  x: arn:aws:iam::333344445555:role/x\r\n'],
  [
    'with comments and blank lines',
    '# a\nid: "333344445555" # b\n\nprincipals:\n# c\n\n  x: arn:aws:iam::333344445555:role/x\n',
  ],
  ['with quoted keys', '"id": "333344445555"\n"principals": { "x": "arn:aws:iam::333344445555:role/x" }\n'],
  ['with escapes in a key', '"i\\u0064": "333344445555"\nprincipals: { x: arn:aws:iam::333344445555:role/x }\n'],
  [
    'with what looks like keys inside a text',
    'description: |\n  id: "1"\n  principals: {}\nid: "333344445555"\nprincipals: { x: arn:aws:iam::333344445555:role/x }\n',
  ],
  ['with a start of the document', '---\nid: "333344445555"\nprincipals: { x: arn:aws:iam::333344445555:role/x }\n'],
  [
    'with what no schema allows, elsewhere',
    'colour: [red\nid: "333344445555"\nprincipals: { x: arn:aws:iam::333344445555:role/x, y: 3 }\n',
  ],
])('an account %s', (_, text) => {
  expect(recaller()('Account', text)).toEqual(account);
});

test('lists may stand at the start of the line', () => {
  const text = 'access:\n- tables:\n  - orders\n  filter: eu\nprincipals:\n- a\n- b\n';
  expect(recaller()('Subscription', text)).toEqual({
    kind: 'Subscription',
    value: { principals: ['a', 'b'], access: [{ filter: 'eu', tables: ['orders'] }] },
  });
});

test('what an import limits is known, and nothing else of what is given', () => {
  const entry =
    '  - { tables: [orders], rows: "a = 1" }\n  - { tables: [items], columns: { include: [b] } }\n  - { tables: [c] }\n';
  const limited = [
    { rows: 'a = 1', tables: ['orders'] },
    { columns: {}, tables: ['items'] },
  ];
  const given = { database: 'x', grants: [] };
  const recall = recaller();
  expect(recall('Subscription', `access:\n${entry}`).value).toEqual({ access: [] });
  expect(recall('Subscription', `access:\n${entry}import: { database: x }\n`).value).toEqual({
    access: limited,
    import: given,
  });
  expect(recall('Subscription', `access:\n${entry}import: x\n`).value).toEqual({ access: [] });
});

test('without principals the account is meant, with a wrong list of them nobody', () => {
  const recall = recaller();
  expect(recall('Subscription', 'access: []\n').value).toEqual({ access: [] });
  expect(recall('Subscription', 'access: []\nprincipals: analysts\n').value).toEqual({ access: [], principals: [] });
});

test('names that a prototype has are only names', () => {
  const text =
    'id: "333344445555"\nprincipals: { constructor: arn:aws:iam::333344445555:role/x, __proto__: arn:aws:iam::333344445555:role/y }\n';
  const { value } = recaller()('Account', text);
  expect(Object.entries((value as { principals: object }).principals)).toEqual([
    ['constructor', 'arn:aws:iam::333344445555:role/x'],
    ['__proto__', 'arn:aws:iam::333344445555:role/y'],
  ]);
});

test.each<[Layout['kind'], string]>([
  ['Mesh', 'name: town\n'],
  ['Mesh', 'central: { account: "111122223333" }\n'],
  ['DataProduct', 'producer: sales\ntables: {}\n'],
  ['DataProduct', 'producer: sales\ndatabase: sales\nenforce: softly\n'],
  ['Subscription', 'principals: [a]\n'],
  ['Account', 'id: "333344445555"\nprincipals: { x: 1'],
])('a %s that lacks what it must say is unreadable: %j', (kind, text) => {
  expect(() => recaller()(kind, text)).toThrow(Unreadable);
});

test('any text is read or unreadable', () => {
  const kinds: readonly Layout['kind'][] = ['Mesh', 'Account', 'DataProduct', 'Subscription'];
  const line = fc.constantFrom(
    'id: "1"',
    'id: [',
    'principals:',
    '  a: b',
    '- c',
    '---',
    '...',
    '? x',
    '"id": 1',
    'access:',
    'tables: &a',
    '\t',
    '%YAML 1.2',
    'grants: [{ access: 3 }, 4, null]',
    '\u0000',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 8 }), fc.constantFrom(...kinds), (lines, kind) => {
      try {
        recaller()(kind, lines.join('\n'));
      } catch (thrown) {
        if (!(thrown instanceof Unreadable)) throw thrown;
      }
    }),
    runs(500),
  );
});

test('only the paths of mesh files have a layout', () => {
  const paths = [
    'mesh.yaml',
    'accounts/a.yaml',
    'README.md',
    'x-more/mesh.yaml',
    'accounts/x-a.yaml',
    'accounts/a.yml',
    'a/b.yaml',
  ];
  expect(paths.filter((path) => pastLayout(path) !== undefined)).toEqual(['mesh.yaml', 'accounts/a.yaml']);
});
