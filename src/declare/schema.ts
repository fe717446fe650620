import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Problem } from '../core/problem.ts';
import type { Positions } from './positions.ts';
import { type SchemaFault, schemaFault } from './schema-faults.ts';
import type { SchemaKind } from './schemas.ts';
import { schemaFor } from './schemas.ts';

/** What is wrong with one file's value by its kind's schema. */
export function checkSchema(
  kind: SchemaKind,
  file: string,
  parsed: { readonly value: unknown; readonly positions: Positions },
): readonly Problem[] {
  const validate = schemaFor(kind);
  if (validate(parsed.value)) return [];
  const faults = boiledDown(validate.errors ?? [])
    .slice(0, 1001)
    .flatMap((error) => schemaFault(kind, error));
  // Under another version or kind every other fault would be a guess.
  const decisive = faults.filter((fault) => fault.code === 'WRONG_VERSION' || fault.code === 'WRONG_KIND');
  return (decisive.length > 0 ? decisive : faults).map((fault) => problem(file, fault, parsed.positions));
}

function problem(file: string, fault: SchemaFault, positions: Positions): Problem {
  const { path, atKey, ...rest } = fault;
  return { ...rest, place: { file, ...(atKey ? positions.keyAt(path) : positions.at(path)) } };
}

// Where one of several forms is allowed, ajv reports each form's faults, and that none fits. The value's type
// tells which form was meant, since no two forms of ours have the same.
function boiledDown(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = new Map(
    errors.filter((error) => error.keyword === 'oneOf').map((error) => [error.instancePath, error]),
  );
  const meant = new Set<string>();
  for (const { instancePath, keyword } of errors) {
    for (let at: string | undefined = instancePath; at !== undefined; at = parent(at)) {
      const isOwnType = at === instancePath && (keyword === 'type' || keyword === 'oneOf');
      if (choices.has(at) && !isOwnType) meant.add(at);
    }
  }
  const types = typesByPlace(errors);
  return errors.flatMap((error) => {
    if (error.keyword === 'propertyNames') return [];
    const type = types.get(error.instancePath);
    if (!choices.has(error.instancePath)) return [error];
    if (error.keyword === 'oneOf')
      return meant.has(error.instancePath) ? [] : [{ ...error, keyword: 'type', params: { type } }];
    return error.keyword === 'type' ? [] : [error];
  });
}

function parent(pointer: string): string | undefined {
  const end = pointer.lastIndexOf('/');
  return end < 0 ? undefined : pointer.slice(0, end);
}

function typesByPlace(errors: readonly ErrorObject[]): ReadonlyMap<string, readonly string[]> {
  const types = new Map<string, string[]>();
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== 'type') continue;
    const known = types.get(instancePath);
    if (known === undefined) types.set(instancePath, [String(params['type'])]);
    else known.push(String(params['type']));
  }
  return types;
}
