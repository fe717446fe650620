import { operationsOf } from '../../src/emulator/services.ts';
import type { Exchange } from '../../src/emulator/wire/record.ts';

/** What a call says of itself: its operation and its members, undefined where they cannot be read. */
export interface Said {
  readonly service: Service;
  readonly operation: string;
  readonly input: unknown;
}

/** A service that the emulator speaks for. */
export type Service = 'lakeformation' | 'glue' | 'ram' | 'sts' | 'iam';

/** Something of each service. */
export function services<T>(make: (service: Service) => T): Readonly<Record<Service, T>> {
  return {
    lakeformation: make('lakeformation'),
    glue: make('glue'),
    ram: make('ram'),
    sts: make('sts'),
    iam: make('iam'),
  };
}

/** A reply: the members of an output, or an error with its code as every client library would read it. */
export type Replied =
  | { readonly kind: 'output'; readonly output: unknown }
  | { readonly kind: 'error'; readonly status: number; readonly codes: readonly string[]; readonly members: unknown };

/** A request by its protocol: the operation is in the path, in a header, or in the form that is posted. */
export function saidIn({ method, path, query = '', target, body }: Exchange): Said {
  if (/^\/[a-z]/.test(path)) {
    const input = method === 'DELETE' ? Object.fromEntries(new URLSearchParams(query)) : json(body);
    return { service: 'ram', operation: ramOperation(path), input };
  }
  if (target !== undefined) return { service: 'glue', operation: target.replace(/^AWSGlue\./, ''), input: json(body) };
  if (path !== '/') return { service: 'lakeformation', operation: path.slice(1), input: json(body) };
  const { Action = '', Version, ...form } = Object.fromEntries(new URLSearchParams(body));
  if (Version === '2010-05-08') return { service: 'iam', operation: Action, input: nested(Object.entries(form)) };
  const numbers = Object.entries(form).map(([name, value]) => [
    name,
    name === 'DurationSeconds' && /^-?\d+$/.test(value) ? Number(value) : value,
  ]);
  return { service: 'sts', operation: Action, input: Object.fromEntries(numbers) };
}

/** A reply by its protocol; undefined where the connection was cut instead. */
export function repliedIn({ answer }: Exchange, { service, operation }: Said): Replied | undefined {
  if (answer.kind !== 'answer') return undefined;
  const { status, headers, body } = answer;
  if (service === 'sts' || service === 'iam') {
    const document = xml(body);
    if (status === 200)
      return { kind: 'output', output: member(member(document, `${operation}Response`), `${operation}Result`) };
    const error = member(member(document, 'ErrorResponse'), 'Error');
    const { Type: _type, Code, ...members } = (error ?? {}) as { Type?: string; Code?: string };
    return { kind: 'error', status, codes: [Code ?? ''], members };
  }
  const parsed = json(body);
  if (status === 200) return { kind: 'output', output: parsed };
  const { __type: type, ...members } = (parsed ?? {}) as { readonly __type?: string };
  return { kind: 'error', status, codes: [headers['x-amzn-ErrorType'] ?? '', type ?? ''], members };
}

/** RAM writes its operations in small letters; its model knows them by their names. */
function ramOperation(path: string): string {
  return [...operationsOf('ram').keys()].find((name) => `/${name.toLowerCase()}` === path) ?? path.slice(1);
}

function json(body: string): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The members of a form in which `Names.member.1` is one of a list, and a list that is empty is an empty text. */
function nested(fields: readonly (readonly [name: string, value: string])[]): unknown {
  const groups = new Map<string, (readonly [string, string])[]>();
  for (const [name, value] of fields) {
    const [first = '', ...rest] = name.split('.');
    groups.set(first, [...(groups.get(first) ?? []), [rest.join('.'), value]]);
  }
  const read = (inner: readonly (readonly [string, string])[]): unknown => {
    const [[name, value] = ['', '']] = inner;
    if (name === '') return value === '' ? [] : /^\d+$/.test(value) ? Number(value) : value;
    const members = nested(inner) as Readonly<Record<string, unknown>>;
    return members['member'] === undefined ? members : Object.values(members['member'] as object);
  };
  return Object.fromEntries([...groups].map(([name, inner]) => [name, read(inner)]));
}

/** Elements without attributes that matter, of which `member` alone repeats: all that STS and IAM say here; times become seconds. */
function xml(text: string): unknown {
  const elements = [...text.matchAll(/<(\w+)(?: [^>]*)?>([\s\S]*?)<\/\1>/g)];
  if (elements.length > 0 && elements.every(([, name]) => name === 'member'))
    return elements.map(([, , inner]) => xml(inner ?? ''));
  if (elements.length === 0) {
    const plain = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    if (plain === 'true' || plain === 'false') return plain === 'true';
    return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(plain) ? Date.parse(plain) / 1000 : plain;
  }
  return Object.fromEntries(elements.map(([, name, inner]) => [name, xml(inner ?? '')]));
}

function member(value: unknown, name: string): unknown {
  return (value as Readonly<Record<string, unknown>> | undefined)?.[name];
}
