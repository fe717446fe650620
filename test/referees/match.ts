/** Stands in an expected answer for anything that is there. */
const any = '<any>';

/**
 * Where an answer is not as expected. Of a mapping only the expected members are looked at, and null expects that a
 * member is absent; a list has as many members as expected, in any order, for no service promises one.
 */
export function differences(expected: unknown, found: unknown, path = 'the answer'): readonly string[] {
  if (expected === any) return found === undefined ? [`${path} is absent`] : [];
  if (expected === null) return found === undefined ? [] : [`${path} is there: ${show(found)}`];
  if (Array.isArray(expected)) return listDifferences(expected, found, path);
  if (typeof expected === 'object' && typeof found === 'object' && found !== null && !Array.isArray(found)) {
    return Object.entries(expected).flatMap(([name, inner]) =>
      differences(inner, (found as Readonly<Record<string, unknown>>)[name], `${path}.${name}`),
    );
  }
  return Object.is(expected, found) ? [] : [`${path} is ${show(found)}, not ${show(expected)}`];
}

function listDifferences(expected: readonly unknown[], found: unknown, path: string): readonly string[] {
  if (!Array.isArray(found)) return [`${path} is ${show(found)}, not a list`];
  const left: unknown[] = [...found];
  const missing = expected.filter((one) => {
    const index = left.findIndex((candidate) => differences(one, candidate).length === 0);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return [
    ...missing.map((one) => `${path} lacks ${show(one)}`),
    ...left.map((one) => `${path} has ${show(one)} besides`),
  ];
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'absent';
}
