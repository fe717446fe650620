import type { Exchange } from '../../src/emulator/wire/record.ts';
import { type Model, modelFaults, type Seen, shapeOf } from './model.ts';
import { type Replied, repliedIn, type Said, type Service, saidIn } from './wire.ts';

/** What an exchange showed: which operation, how it ended, what of it no model knows. */
export interface Verdict {
  readonly operation: string;
  readonly end: 'output' | 'error' | 'cut' | 'unknown operation';
  readonly faults: readonly string[];
}

/** Judges exchanges by the models of the services. */
export function judge(models: Readonly<Record<Service, Model>>, exchange: Exchange, seen: Seen): Verdict {
  const said = saidIn(exchange);
  const model = models[said.service];
  const operation = `${said.service}.${said.operation}`;
  const replied = repliedIn(exchange, said);
  if (replied === undefined) return { operation, end: 'cut', faults: [] };
  const modelled = Object.hasOwn(model.operations, said.operation) ? model.operations[said.operation] : undefined;
  const method = modelled?.http?.method ?? 'POST';
  if (modelled === undefined || exchange.method !== method)
    return { operation, end: 'unknown operation', faults: replied.kind === 'error' ? [] : ['it is answered'] };
  const faults = [
    ...requestFaults({ model, said, replied, shape: modelled.input?.shape, seen }),
    ...(replied.kind === 'output'
      ? outputFaults(model, replied.output, modelled.output?.shape, seen)
      : errorFaults(model, said, replied)),
  ];
  return { operation, end: replied.kind, faults };
}

interface Request {
  readonly model: Model;
  readonly said: Said;
  readonly replied: Replied;
  readonly shape: string | undefined;
  readonly seen: Seen;
}

/** A request that the model does not allow must be refused, and one that it allows not for its shape. */
function requestFaults({ model, said, replied, shape, seen }: Request): readonly string[] {
  const input = said.input;
  const faults =
    shape === undefined
      ? []
      : modelFaults(model, input, { shape, path: 'the request', seen: (name) => seen(`in ${name}`) });
  if (replied.kind === 'output') return faults.map((fault) => `${fault}, and is answered`);
  const isOfShape =
    replied.codes.includes('SerializationException') || /validation errors? detected/.test(messageOf(replied));
  return isOfShape && faults.length === 0
    ? [`the request is as the model says, and is refused: ${messageOf(replied)}`]
    : [];
}

function outputFaults(model: Model, output: unknown, shape: string | undefined, seen: Seen): readonly string[] {
  if (shape === undefined) return [];
  // What failed of a batch is in the answer, under codes that are errors of the service.
  const codes = [...JSON.stringify(output).matchAll(/"ErrorCode":"(\w+)"/g)].map(([, code]) => code ?? '');
  return [
    ...modelFaults(model, output, { shape, path: 'the answer', seen: (name) => seen(`out ${name}`) }),
    ...codes.filter((code) => !Object.hasOwn(model.shapes, code)).map((code) => `${code} is not declared`),
  ];
}

function errorFaults(
  model: Model,
  said: Said,
  { codes, members, status }: Replied & { kind: 'error' },
): readonly string[] {
  const [code = ''] = codes;
  const declared = (model.operations[said.operation]?.errors ?? []).map(({ shape }) => ({
    name: shape,
    ...shapeOf(model, shape),
  }));
  const shape = declared.find((error) => (error.error?.code ?? error.name) === code);
  return [
    ...(new Set(codes).size === 1 ? [] : [`the codes of the error differ: ${codes.join(', ')}`]),
    ...(status === (shape?.error?.httpStatusCode ?? status) && status >= 400 ? [] : [`${code} has status ${status}`]),
    ...(shape !== undefined ? [] : [`${code} is not declared`]),
    ...(shape === undefined ? [] : modelFaults(model, members, { shape: shape.name, path: `the error` })),
  ];
}

function messageOf({ members }: Replied & { kind: 'error' }): string {
  const { Message, message } = (members ?? {}) as { readonly Message?: string; readonly message?: string };
  return Message ?? message ?? '';
}
