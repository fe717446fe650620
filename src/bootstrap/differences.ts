import { parse } from 'yaml';
import type { Template } from './template.ts';

/** What an update of a stack changes, in words; nothing where the templates and parameters say the same. */
export function stackChanges(
  was: { readonly template: string; readonly parameters: Readonly<Record<string, string>> },
  is: { readonly template: Template; readonly parameters: Readonly<Record<string, string>> },
): readonly string[] {
  const old = asMapping(parse(was.template));
  const [before, after] = [asMapping(old['Resources']), asMapping(is.template.Resources)];
  const resources = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted().flatMap((name) => {
    const type = String(asMapping(after[name] ?? before[name])['Type'] ?? '');
    if (before[name] === undefined) return [`make ${name} (${type})`];
    if (after[name] === undefined) return [`remove ${name} (${type})`];
    return canonical(before[name]) === canonical(after[name]) ? [] : [`change ${name} (${type})`];
  });
  const parameters = Object.entries(is.parameters).flatMap(([name, value]) =>
    was.parameters[name] === value ? [] : [`set ${name} to ${value}`],
  );
  const rest = ['Parameters', 'Conditions', 'Outputs'].filter(
    (part) => canonical(old[part]) !== canonical((is.template as unknown as Mapping)[part]),
  );
  return [...resources, ...parameters, ...rest.map((part) => `change ${part} of the template`)];
}

type Mapping = Readonly<Record<string, unknown>>;

function asMapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}

/** One text for all values that say the same. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
