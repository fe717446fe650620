import type { Shape, StringShape } from './shape.ts';

/** What keeps a value from fitting a shape, each fault with the path to it; unknown members are faults. */
export function faultsOf(shape: Shape, value: unknown, path: string): readonly string[] {
  switch (shape.kind) {
    case 'anything':
      return [];
    case 'string':
      return typeof value === 'string' ? textFaults(shape, value, path) : [`${path}: must be a text`];
    case 'integer':
    case 'timestamp':
      return typeof value === 'number' ? [] : [`${path}: must be a number`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path}: must be true or false`];
    case 'list':
      if (!Array.isArray(value)) return [`${path}: must be a list`];
      return value.flatMap((member: unknown, index) => faultsOf(shape.of, member, `${path}[${index}]`));
    case 'map':
      if (!isFields(value)) return [`${path}: must be a map`];
      return Object.entries(value).flatMap(([key, member]) => [
        ...textFaults(shape.key, key, join(path, key)),
        ...faultsOf(shape.of, member, join(path, key)),
      ]);
    case 'structure': {
      if (!isFields(value)) return [`${path === '' ? 'the seed' : path}: must be a map`];
      const members = { ...shape.required, ...shape.optional };
      const missing = Object.keys(shape.required).filter((name) => !Object.hasOwn(value, name));
      return [
        ...missing.map((name) => `${join(path, name)}: is missing`),
        ...Object.entries(value).flatMap(([name, member]) => {
          const inner = Object.hasOwn(members, name) ? members[name] : undefined;
          return inner ? faultsOf(inner, member, join(path, name)) : [`${join(path, name)}: is not known here`];
        }),
      ];
    }
    default:
      return shape satisfies never;
  }
}

/** A path with one more name. */
function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function textFaults(shape: StringShape, value: string, path: string): readonly string[] {
  if (shape.values && !shape.values.includes(value)) return [`${path}: must be one of ${shape.values.join(', ')}`];
  if (shape.pattern && !shape.pattern.test(value))
    return [`${path}: ${JSON.stringify(value)} does not have the form ${shape.pattern.source}`];
  if (shape.min !== undefined && value.length < shape.min) return [`${path}: must not be empty`];
  return [];
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
