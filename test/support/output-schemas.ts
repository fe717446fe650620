import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const folder = new URL('../../schemas/', import.meta.url);
const compiled = new Map<string, ValidateFunction>();

/** What a command prints as JSON. */
type Kind = 'plan' | 'outcomes' | 'doctor' | 'check' | 'list' | 'explain' | 'show';

/** The schemas that a schema refers to. */
const others: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  outcomes: ['plan'],
  check: ['plan'],
  explain: ['list'],
  show: ['list', 'explain', 'plan'],
};

/** What is wrong with a plan, outcomes or a diagnosis by the published schema. */
export function schemaFaults(kind: Kind, value: unknown): readonly string[] {
  const validate = compiled.get(kind) ?? compile(kind);
  compiled.set(kind, validate);
  // As it is printed: what JSON leaves out, the schema does not see.
  if (validate(JSON.parse(JSON.stringify(value)))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function compile(kind: Kind): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  formats.default(ajv, ['date', 'date-time']);
  const load = (name: string): Record<string, unknown> => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  for (const other of others[kind] ?? []) ajv.addSchema(load(`${other}.schema.json`), `${other}.schema.json`);
  return ajv.compile(load(`${kind}.schema.json`));
}
