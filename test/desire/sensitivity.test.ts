import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Columns, except, only } from '../../src/core/columns.ts';
import type { CatalogColumn, CatalogTable } from '../../src/core/lake.ts';
import type { Permission } from '../../src/core/permission.ts';
import type { CatalogEntry } from '../../src/core/state.ts';
import type { DataProduct } from '../../src/declare/files.ts';
import { type Target, weigh } from '../../src/desire/sensitivity.ts';

interface Group {
  readonly title: string;
  readonly product: Pick<DataProduct, 'tables' | 'pii' | 'class' | 'allowFuture'>;
  readonly database?: string;
  readonly catalog?: Readonly<Record<string, string>>;
  readonly touches: Readonly<Record<string, readonly string[]>>;
}

const { groups } = parse(readFileSync(new URL('sensitivity.yaml', import.meta.url), 'utf8')) as {
  groups: readonly Group[];
};

describe.each(groups)('$title', (group) => {
  const product: DataProduct = {
    apiVersion: 'meshgate/v1',
    kind: 'DataProduct',
    producer: 'sales',
    database: 'sales',
    ...group.product,
  };
  const sensitivity = weigh(product, entryOf(group));

  test.each(Object.entries(group.touches))('%s touches %j', (grant, classes) => {
    const [permission, target] = grantOf(grant);
    expect(sensitivity.touched(permission, target)).toEqual(classes);
  });
});

test('there are enough cases', () => {
  expect(groups.flatMap(({ touches }) => Object.keys(touches)).length).toBeGreaterThan(90);
});

function grantOf(text: string): readonly [Permission, Target] {
  const [permission = '', ...rest] = text.split(' ');
  return [permission as Permission, targetOf(rest)];
}

function targetOf([first = '', second, ...names]: readonly string[]): Target {
  if (first === 'database') return { kind: 'database' };
  if (first === 'locations') return { kind: 'locations' };
  if (first === 'all') return { kind: 'all-tables' };
  return { kind: 'table', table: first, columns: columnsOf(second, names) };
}

function columnsOf(kind: string | undefined, names: readonly string[]): Columns {
  if (kind === undefined) return 'all';
  const columns = kind === 'columns' ? only(names) : except(names);
  if (columns === undefined) throw new Error('a list of columns without columns');
  return columns;
}

function entryOf({ catalog, database }: Group): CatalogEntry | undefined {
  if (catalog === undefined) return undefined;
  const tables = Object.entries(catalog).map(([name, columns]): CatalogTable => {
    const { text, parameters } = flagged(name);
    return { name: text, kind: 'table', parameters, columns: columns.split(' ').map(columnOf) };
  });
  return {
    database: { name: 'sales', parameters: database === undefined ? {} : { pii_flag: database } },
    tables: new Map(tables.map((table) => [table.name, table])),
  };
}

function columnOf(word: string): CatalogColumn {
  const { text, parameters } = flagged(word);
  const isPartitionKey = text.startsWith('[');
  return { name: isPartitionKey ? text.slice(1, -1) : text, isPartitionKey, parameters };
}

/** A name with the flag behind it; an underscore in the flag is a space. */
function flagged(word: string): { readonly text: string; readonly parameters: Readonly<Record<string, string>> } {
  const [text = '', flag] = word.split('!');
  if (flag === undefined) return { text, parameters: {} };
  return { text, parameters: { pii_flag: flag === '' ? 'true' : flag.replaceAll('_', ' ') } };
}
