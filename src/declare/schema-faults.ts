import type { ErrorObject } from 'ajv/dist/2020.js';
import { didYouMean, listed } from './closest.ts';
import { formatFault } from './format-faults.ts';
import type { Path } from './positions.ts';
import type { SchemaKind } from './schemas.ts';
import { label, quoted, typeOf, typeWords } from './wording.ts';

/** A fault against a schema, at a path into the value. */
export interface SchemaFault {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly path: Path;
  /** Whether the key is at fault, not the value. */
  readonly atKey?: boolean;
}

/** One of ajv's errors in our words. */
export function schemaFault(kind: SchemaKind, error: ErrorObject): SchemaFault {
  const path = pathOf(error.instancePath);
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(error, path);
    case 'required':
      return missingField(error, path);
    case 'type':
      return wrongType(error, path);
    case 'const':
      return wrongConstant(kind, error, path);
    case 'enum':
      return notAllowed(error, path);
    case 'pattern':
    case 'format':
      return formatFault(error, path);
    case 'uniqueItems':
      return duplicateItem(error, path);
    case 'maxProperties':
      return {
        code: 'ONE_OF',
        message: `${label(path)} takes one field, not several`,
        hint: `choose one of ${fieldsOf(error)}`,
        path,
      };
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return tooShort(error, path);
    case 'maxLength':
      return {
        code: 'TOO_LONG',
        message: `${label(path)} is longer than ${limit(error)} characters`,
        hint: 'shorten it',
        ...keyed(error, path),
      };
    default:
      return {
        code: 'OUT_OF_RANGE',
        message: `${label(path)} is ${quoted(error.data)}, which is out of range`,
        hint: `it must be ${String(error.params['comparison'])} ${limit(error)}`,
        path,
      };
  }
}

/** The keys and indexes of a JSON pointer. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function unknownField(error: ErrorObject, path: Path): SchemaFault {
  const name = String(error.params['additionalProperty']);
  const fields = Object.keys(properties(error));
  const hint = didYouMean(name, fields, `the fields are ${fields.join(', ')}; your own begin with x-`);
  return {
    code: 'UNKNOWN_FIELD',
    message: `${quoted(name)} is not a field of ${label(path)}`,
    hint,
    path: [...path, name],
    atKey: true,
  };
}

function missingField(error: ErrorObject, path: Path): SchemaFault {
  const name = String(error.params['missingProperty']);
  const described = properties(error)[name]?.description;
  const hint =
    described === undefined ? `add ${name}: to ${label(path)}` : `add ${name}: ${described.replace(/\.$/, '')}`;
  return { code: 'MISSING_FIELD', message: `"${name}" is missing in ${label(path)}`, hint, path };
}

function wrongType(error: ErrorObject, path: Path): SchemaFault {
  const expected: readonly string[] = [error.params['type']].flat();
  const found = typeOf(error.data);
  const fault = { code: 'WRONG_TYPE', message: `${label(path)} must be ${typeWords(expected)}, not ${found}`, path };
  if (expected.includes('string') && typeof error.data === 'number') {
    if (isAccountId(error, path)) return accountIdNumber(path);
    return { ...fault, hint: 'put it in quotes' };
  }
  if (expected.includes('string') && typeof error.data === 'boolean') return { ...fault, hint: 'put it in quotes' };
  if (expected.includes('boolean') && typeof error.data === 'string')
    return { ...fault, hint: 'write true or false; yes, no, on and off are text in YAML 1.2' };
  if (expected.includes('array'))
    return { ...fault, hint: 'write a list: [one, two], or each item on a line that begins with "- "' };
  if (expected.includes('integer') && typeof error.data === 'string')
    return { ...fault, hint: 'write the number without quotes' };
  if (error.data === null) return { ...fault, hint: 'give it a value, or leave the field out' };
  return { ...fault, hint: `write ${typeWords(expected)}` };
}

function isAccountId(error: ErrorObject, path: Path): boolean {
  const description = String((error.parentSchema as { description?: unknown } | undefined)?.description ?? '');
  return description.includes('account id') || path[0] === 'principals' || path[0] === 'protected';
}

function accountIdNumber(path: Path): SchemaFault {
  return {
    code: 'ACCOUNT_ID_NUMBER',
    message: `${label(path)} is read as a number, which loses an account id's leading zeros`,
    hint: 'put it in quotes: "012345678901"',
    path,
  };
}

function wrongConstant(kind: SchemaKind, error: ErrorObject, path: Path): SchemaFault {
  if (path.length === 1 && path[0] === 'kind') {
    const message = `a file at this path is of kind ${kind}, not ${quoted(error.data)}`;
    return { code: 'WRONG_KIND', message, hint: `write kind: ${kind}, or move the file`, path };
  }
  if (path.length === 1 && path[0] === 'apiVersion') return wrongVersion(error, path);
  return {
    code: 'NOT_ALLOWED',
    message: `${label(path)} can only be ${String(error.params['allowedValue'])}`,
    hint: 'leave it out otherwise',
    path,
  };
}

function wrongVersion(error: ErrorObject, path: Path): SchemaFault {
  const version = /^meshgate\/v([0-9]{1,6})$/.exec(wordOf(error.data))?.[1];
  const newer = version !== undefined && Number(version) > 1;
  return {
    code: 'WRONG_VERSION',
    message: `this program reads meshgate/v1, not ${quoted(error.data)}`,
    hint: newer ? 'update Meshgate: the file is written for a newer version' : 'write apiVersion: meshgate/v1',
    path,
  };
}

function notAllowed(error: ErrorObject, path: Path): SchemaFault {
  const allowed = ([error.params['allowedValues']].flat() as unknown[]).map(String);
  const word = wordOf(error.data);
  const isPermission = allowed.includes('SELECT') || allowed.includes('CREATE_DATABASE');
  if (isPermission && /^(all|super|super_user)$/i.test(word)) {
    return {
      code: 'ALL_REFUSED',
      message: `${quoted(word)} is not given: it would grow with Lake Formation`,
      hint: 'name the permissions that are meant',
      path,
    };
  }
  return {
    code: 'NOT_ALLOWED',
    message: `${quoted(error.data)} is not allowed in ${label(path)}`,
    hint: didYouMean(word, allowed, `use ${listed(allowed, 'nothing')}`),
    path,
  };
}

/** A scalar as a word; a mapping or a list is none, and has no text of its own. */
function wordOf(data: unknown): string {
  return typeof data === 'object' ? '' : String(data);
}

function duplicateItem(error: ErrorObject, path: Path): SchemaFault {
  const items = error.data as readonly unknown[];
  const seen = new Set<unknown>();
  const second = items.findIndex((item) => seen.size === seen.add(item).size);
  return {
    code: 'DUPLICATE_ITEM',
    message: `${quoted(items[second])} is written twice in ${label(path)}`,
    hint: 'keep one of them',
    path: [...path, second],
  };
}

function tooShort(error: ErrorObject, path: Path): SchemaFault {
  const hint = 'give it a value, or leave the field out';
  const least = error.params['limit'] as number;
  if (least > 1)
    return {
      code: 'TOO_SHORT',
      message: `${label(path)} is shorter than ${least} characters`,
      hint: 'say a little more',
      path,
    };
  return { code: 'EMPTY', message: `${label(path)} is empty`, hint, path };
}

function keyed(error: ErrorObject, path: Path): { readonly path: Path; readonly atKey: boolean } {
  return error.propertyName === undefined
    ? { path, atKey: false }
    : { path: [...path, error.propertyName], atKey: true };
}

function limit(error: ErrorObject): string {
  return Number(error.params['limit']).toLocaleString('en');
}

function fieldsOf(error: ErrorObject): string {
  return Object.keys(properties(error)).join(' or ');
}

type Properties = Readonly<Record<string, { readonly description?: string } | undefined>>;

function properties(error: ErrorObject): Properties {
  return (error.parentSchema as { properties?: Properties } | undefined)?.properties ?? {};
}
