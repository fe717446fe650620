import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Path } from './positions.ts';
import type { SchemaFault } from './schema-faults.ts';
import { label, quoted } from './wording.ts';

/** What is wrong with text, or a key, that is not written in the form it must have. */
export function formatFault(error: ErrorObject, path: Path): SchemaFault {
  const text = error.propertyName ?? String(error.data);
  const where = error.propertyName === undefined ? { path } : { path: [...path, text], atKey: true };
  if (error.keyword === 'format') return { ...notADate(text, path), ...where };
  const folded = text.toLowerCase();
  if (folded !== text && new RegExp(String(error.params['pattern'])).test(folded)) {
    return {
      code: 'NOT_LOWER_CASE',
      message: `${quoted(text)} is not in lower case`,
      hint: `write ${quoted(folded)}`,
      ...where,
    };
  }
  const { description } = (error.parentSchema ?? {}) as { description?: string };
  const hint =
    description === undefined
      ? `its form is ${String(error.params['pattern'])}`
      : lowerFirst(description.replace(/\.$/, ''));
  return { code: 'BAD_FORMAT', message: `${quoted(text)} does not have the form of ${label(path)}`, hint, ...where };
}

function notADate(text: string, path: Path): SchemaFault {
  const hint = 'write a day as YYYY-MM-DD, such as 2027-06-30';
  const message = /^\d{4}-\d\d-\d\d$/.test(text)
    ? `${quoted(text)} is not in the calendar`
    : `${quoted(text)} is not a date`;
  return { code: 'BAD_DATE', message, hint, path };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
