import type { MapShape, Shape, StringShape, StructureShape } from '../../src/emulator/wire/shape.ts';
import { type Model, type ModelShape, patternOf, shapeOf } from './model.ts';

/**
 * Where a shape by which the emulator reads requests is not that of the model: it would refuse what AWS takes, or take
 * what AWS refuses. Parts that the emulator takes as they are do not differ.
 */
export function contractFaults(model: Model, name: string, shape: Shape, path = 'the request'): readonly string[] {
  const modelled = shapeOf(model, name);
  const mismatch = [`${path} is ${modelled.type}, not ${shape.kind}`];
  const inner = (ref: { readonly shape: string } | undefined, of: Shape, at: string): readonly string[] =>
    ref === undefined ? [`${at} has no shape`] : contractFaults(model, ref.shape, of, at);
  switch (shape.kind) {
    case 'anything':
      return [];
    case 'structure':
      return modelled.type === 'structure' ? structureFaults(modelled, shape, path, inner) : mismatch;
    case 'list':
      if (modelled.type !== 'list') return mismatch;
      return [...boundFaults(modelled, shape, path), ...inner(modelled.member, shape.of, `${path}[]`)];
    case 'map':
      return modelled.type === 'map' ? mapFaults(modelled, shape, path, inner) : mismatch;
    case 'string':
      return modelled.type === 'string' ? textFaults(modelled, shape, path) : mismatch;
    case 'integer':
      return ['integer', 'long'].includes(modelled.type) ? boundFaults(modelled, shape, path) : mismatch;
    case 'boolean':
    case 'timestamp':
      return modelled.type === shape.kind ? [] : mismatch;
    default:
      return shape satisfies never;
  }
}

type Inner = (ref: { readonly shape: string } | undefined, of: Shape, at: string) => readonly string[];

function structureFaults(modelled: ModelShape, shape: StructureShape, path: string, inner: Inner): readonly string[] {
  const known = { ...shape.required, ...shape.optional };
  const members = modelled.members ?? {};
  return [
    ...Object.keys(members).flatMap((name) => (Object.hasOwn(known, name) ? [] : [`${path}.${name} is refused`])),
    ...Object.entries(known).flatMap(([name, of]) =>
      Object.hasOwn(members, name)
        ? inner(members[name], of, `${path}.${name}`)
        : [`${path}.${name} is taken, and the model does not know it`],
    ),
    ...Object.keys(known).flatMap((name) => {
      const [ours, theirs] = [Object.hasOwn(shape.required, name), modelled.required?.includes(name) === true];
      return ours === theirs ? [] : [`${path}.${name} is ${ours ? '' : 'not '}required`];
    }),
  ];
}

function mapFaults(modelled: ModelShape, shape: MapShape, path: string, inner: Inner): readonly string[] {
  return [...inner(modelled.key, shape.key, `${path} key`), ...inner(modelled.value, shape.of, `${path} value`)];
}

function textFaults(modelled: ModelShape, shape: StringShape, path: string): readonly string[] {
  const values = [modelled.enum, shape.values].map((list) => JSON.stringify(list?.toSorted() ?? 'any text'));
  return [
    ...(values[0] === values[1] ? [] : [`${path} takes ${values[1]}, not ${values[0]}`]),
    ...boundFaults(modelled, shape, path),
    ...patternFaults(modelled, shape, path),
  ];
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

function boundFaults(modelled: Bounds, shape: Bounds, path: string): readonly string[] {
  return [
    ...((modelled.min ?? 0) === (shape.min ?? 0)
      ? []
      : [`${path} begins at ${shape.min ?? 0}, not ${modelled.min ?? 0}`]),
    ...(modelled.max === shape.max ? [] : [`${path} ends at ${shape.max}, not ${modelled.max}`]),
  ];
}

/** Texts on which two patterns may differ: every character of the basic plane, some beyond it, and some whole values. */
const probes: readonly string[] = [
  ...Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)),
  ...[
    '\u{10000}',
    '\u{1F600}',
    '\u{10FFFF}',
    '',
    'aB1 _.:/=+-@%*',
    'a\nb',
    'a\tb',
    '111122223333',
    '11112222333',
    '1111222233334',
  ],
  ...[
    'arn:aws:iam::111122223333:role/a',
    'arn:aws:iam:::role/',
    'arn:aws:iam::111122223333:user/a',
    'xarn:aws:iam::1:role/a',
  ],
  ...['arn:aws-cn:iam::111122223333:role/a', 'session@name,=+.-', 'a:b', 'a/b'],
];

function patternFaults(modelled: ModelShape, shape: StringShape, path: string): readonly string[] {
  if (modelled.enum !== undefined) return [];
  const theirs = modelled.pattern === undefined ? undefined : patternOf(modelled.pattern);
  const differing = probes.filter((text) => (theirs?.test(text) ?? true) !== (shape.pattern?.test(text) ?? true));
  if (differing.length === 0) return [];
  const shown = differing.slice(0, 3).map((text) => JSON.stringify(text));
  return [
    `${path} reads ${differing.length} texts otherwise, ${shown.join(', ')}: ${shape.pattern}, not ${modelled.pattern}`,
  ];
}
