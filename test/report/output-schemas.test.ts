import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { diagnosisJson, outcomesJson, planJson } from '../../src/report/json.ts';
import { exampleDiagnosis } from '../support/example-diagnosis.ts';
import { exampleOutcomes, examplePlan } from '../support/example-plan.ts';
import { schemaFaults } from '../support/output-schemas.ts';

type Schema = Readonly<Record<string, unknown>>;

const schemas: Readonly<Record<string, Schema>> = Object.fromEntries(
  ['plan', 'outcomes', 'doctor', 'list', 'explain', 'show'].map((name) => [
    name,
    JSON.parse(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8')),
  ]),
);

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every schema inside a schema, with its path. */
function inside(schema: Schema, path: string): readonly (readonly [string, Schema])[] {
  const nested = Object.entries(schema).flatMap(([key, value]) => {
    if (['properties', '$defs'].includes(key) && isSchema(value))
      return Object.entries(value).flatMap(([name, one]) => (isSchema(one) ? inside(one, `${path}/${name}`) : []));
    if (key === 'items' && isSchema(value)) return inside(value, `${path}/items`);
    return key === 'oneOf' && Array.isArray(value)
      ? value.flatMap((one, index) => inside(one as Schema, `${path}/${index}`))
      : [];
  });
  return [[path, schema], ...nested];
}

function describedBy(schema: Schema, own: Schema): unknown {
  const { description, $ref } = schema;
  if (description !== undefined || typeof $ref !== 'string') return description;
  const [file = '', pointer = ''] = $ref.split('#');
  const target = file === '' ? own : schemas[file.replace('.schema.json', '')];
  return (
    pointer
      .split('/')
      .filter(Boolean)
      .reduce<unknown>((at, key) => (isSchema(at) ? at[key] : undefined), target) !== undefined
  );
}

describe.each(Object.entries(schemas))('the schema of %s', (name, schema) => {
  test('describes every field', () => {
    const fields = inside(schema, name).filter(([path]) => !/\/(items|\d+)$/.test(path));
    expect(fields.length).toBeGreaterThan(5);
    expect(fields.filter(([, one]) => !describedBy(one, schema)).map(([path]) => path)).toEqual([]);
  });

  test('refuses unknown fields of every object', () => {
    const objects = inside(schema, name).filter(([, one]) => one['type'] === 'object');
    expect(objects.filter(([, one]) => one['additionalProperties'] !== false).map(([path]) => path)).toEqual([]);
  });
});

const plan = JSON.parse(planJson(examplePlan())) as Schema;
const outcomes = JSON.parse(outcomesJson(examplePlan(), exampleOutcomes())) as Schema;

/** A copy with one value put at a path; undefined takes it away. */
function spoilt(value: unknown, [key, ...rest]: readonly (string | number)[], put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(value)) return value.map((one, index) => (index === key ? spoilt(one, rest, put) : one));
  const { [key]: one, ...others } = value as Schema;
  const fresh = spoilt(one, rest, put);
  return fresh === undefined ? others : { ...others, [key]: fresh };
}

test.each<[path: readonly (string | number)[], put: unknown]>([
  [['extra'], 1],
  [['format'], 2],
  [['mesh'], undefined],
  [['commit'], 'main'],
  [['asOf'], 'yesterday'],
  [['lakes', 0, 'extra'], 1],
  [['basis', 'desired'], 'short'],
  [['summary', 'invite'], 0],
  [['summary', 'grant'], -1],
  [['changes', 0, 'verb'], 'add'],
  [['changes', 0, 'extra'], 1],
  [['changes', 0, 'pii'], undefined],
  [['changes', 0, 'steps', 0, 'stage'], 1],
  [['changes', 0, 'before', 'kind'], 'lf-tag'],
  [['changes', 0, 'before', 'permission'], 'READ'],
  [['changes', 0, 'before', 'resource', 'kind'], 'view'],
  [['changes', 0, 'before', 'resource', 'extra'], 1],
  [['changes', 0, 'before', 'resource', 'table'], undefined],
  [['changes', 10, 'after', 'columns'], { only: [] }],
  [['changes', 10, 'after', 'columns'], { only: ['a'], except: ['b'] }],
  [['changes', 10, 'because', 0, 'place', 'line'], 0],
  [['withheld', 0, 'remedy'], undefined],
  [['refusals', 0, 'changes'], []],
  [['gaps', 0, 'blocks'], 'some'],
  [['problems', 0, 'place'], undefined],
  [['unmanaged', 0, 'note'], undefined],
])('a plan with %j = %j is none', (path, put) => {
  expect(schemaFaults('plan', spoilt(plan, path, put)).length).toBeGreaterThan(0);
});

test.each<[path: readonly (string | number)[], put: unknown]>([
  [['extra'], 1],
  [['plan', 'mesh'], undefined],
  [['outcomes', 0, 'status'], 'done'],
  [['outcomes', 1, 'reason'], undefined],
  [['outcomes', 0, 'extra'], 1],
])('outcomes with %j = %j are none', (path, put) => {
  expect(schemaFaults('outcomes', spoilt(outcomes, path, put)).length).toBeGreaterThan(0);
});

const diagnosis = JSON.parse(diagnosisJson(exampleDiagnosis())) as Schema;

test.each<[path: readonly (string | number)[], put: unknown]>([
  [['extra'], 1],
  [['lake', 'account'], 'central'],
  [['checks', 0, 'result'], 'fine'],
  [['checks', 0, 'commands'], []],
  [['checks', 1, 'severity'], 'fatal'],
  [['checks', 1, 'means'], undefined],
  [['checks', 3, 'onlyByDoing'], undefined],
  [['checks', 3, 'why'], undefined],
  [['checks', 4, 'topic'], 'weather'],
])('a diagnosis with %j = %j is none', (path, put) => {
  expect(schemaFaults('doctor', spoilt(diagnosis, path, put)).length).toBeGreaterThan(0);
});

test('the examples are what the schemas say', () => {
  expect(schemaFaults('doctor', diagnosis)).toEqual([]);
  expect(schemaFaults('plan', plan)).toEqual([]);
  expect(schemaFaults('outcomes', outcomes)).toEqual([]);
});
