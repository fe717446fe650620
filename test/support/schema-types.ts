import { readFileSync } from 'node:fs';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

const folder = new URL('../../schemas/', import.meta.url);
const kinds = ['mesh', 'account', 'data-product', 'subscription'];
const banner =
  '// Generated from schemas/*.schema.json; `npx vitest run -u test/declare/files.test.ts` writes it anew.';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** The TypeScript types that say what the schemas of the mesh files say. */
export async function schemaTypes(): Promise<string> {
  const schemas = kinds.map(load);
  const definitions: JsonObject = Object.assign(
    {},
    ...[load('common'), ...schemas].map((schema) => object(schema['$defs'])),
  );
  const named = Object.entries(definitions).filter(([, definition]) => 'title' in object(definition));
  const root = {
    title: 'Root',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(schemas.map((_, index) => [`kind${index}`, { $ref: `#/$defs/kind${index}` }])),
    $defs: Object.fromEntries(
      [...named, ...schemas.map((schema, index) => [`kind${index}`, schema] as const)].map(([name, schema]) => [
        name,
        simplify(schema, definitions),
      ]),
    ),
  };
  const style = { singleQuote: true, printWidth: 140 };
  return tidy(await compile(root as JSONSchema, 'Root', { bannerComment: banner, additionalProperties: false, style }));
}

function load(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`${name}.schema.json`, folder), 'utf8'));
}

function object(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};
}

// Untitled definitions are written where they are used. What has no place in a type would only obscure it:
// patternProperties become an index signature, minItems a tuple.
function simplify(value: Json, definitions: JsonObject): Json {
  if (Array.isArray(value)) return value.map((item) => simplify(item, definitions));
  if (value === null || typeof value !== 'object') return value;
  const { $ref, ...rest } = value as Record<string, Json>;
  if (typeof $ref === 'string') {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    const target = object(definitions[name]);
    return 'title' in target ? { $ref: `#/$defs/${name}` } : simplify({ ...target, ...rest }, definitions);
  }
  if (rest['items'] !== undefined) rest['items'] = without(simplify(rest['items'], definitions), 'description');
  const left = Object.entries(rest).filter(
    ([key]) => !['patternProperties', 'minItems', '$schema', '$defs', 'propertyNames'].includes(key),
  );
  return Object.fromEntries(left.map(([key, item]) => [key, simplify(item, definitions)]));
}

// The description of an item would be printed twice.
function without(value: Json, key: string): Json {
  const { title } = object(value);
  if (title !== undefined || '$ref' in object(value)) return value;
  return Object.fromEntries(Object.entries(object(value)).filter(([name]) => name !== key));
}

function tidy(source: string): string {
  return source
    .replace(/export interface Root \{[^}]*\}\n/, '')
    .replace(/\/\*\*\n\s*\* (.*)\n\s*\*\//g, '/** $1 */')
    .replace(
      /^( +)((?:\w+\??|\[k: string\]): .*;)$/gm,
      (_, indent, rest) => `${indent}readonly ${rest.replace(/(\([^()]*\)|'?\w+'?)\[\]/g, 'readonly $1[]')}`,
    )
    .replace(/^( +)((?:\w+\??): \{)$/gm, '$1readonly $2')
    .replace(/\n{2,}/g, '\n\n');
}
