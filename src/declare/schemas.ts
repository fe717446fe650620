import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Layout } from './layout.ts';

/** A kind of file with a schema: those of the mesh directory, the file of proofs, and one of further holds. */
export type SchemaKind = Layout['kind'] | 'Approvals' | 'Holds';

const folder = new URL('../../schemas/', import.meta.url);
const files: Readonly<Record<SchemaKind, string>> = {
  Mesh: 'mesh.schema.json',
  Account: 'account.schema.json',
  DataProduct: 'data-product.schema.json',
  Subscription: 'subscription.schema.json',
  Approvals: 'approvals.schema.json',
  Holds: 'holds.schema.json',
};
const compiled = new Map<SchemaKind, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/** The validator of the published schema for a kind of file. */
export function schemaFor(kind: SchemaKind): ValidateFunction {
  const known = compiled.get(kind);
  if (known !== undefined) return known;
  ajv ??= newAjv();
  const validate = ajv.compile(load(files[kind]));
  compiled.set(kind, validate);
  return validate;
}

function newAjv(): Ajv2020 {
  const made = new Ajv2020({ allErrors: true, strict: true, verbose: true });
  formats.default(made, ['date']);
  // ajv compares every pair where items are not plainly of one type; a file may have 100,000 items.
  made.removeKeyword('uniqueItems');
  made.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: areUnique, errors: false });
  made.addSchema(load('common.schema.json'), 'common.schema.json');
  return made;
}

function areUnique(_: boolean, items: readonly unknown[]): boolean {
  return new Set(items).size === items.length;
}

function load(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
}
