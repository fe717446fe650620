import { builtInPresets } from '../../core/permission.ts';
import type { Problem } from '../../core/problem.ts';
import type { Joined } from '../entries.ts';

// As classes these would be read as something else: by people, or by YAML.
const reservedClasses: ReadonlySet<string> = new Set(['all', 'false', 'none', 'null', 'true']);

/** Presets and classes do not take names that mean something already. */
export function checkReservedNames({ mesh }: Joined): readonly Problem[] {
  if (mesh === undefined) return [];
  const problems: Problem[] = Object.keys(mesh.value.presets ?? {})
    .filter((name) => Object.hasOwn(builtInPresets, name))
    .map((name) => ({
      code: 'RESERVED_NAME',
      message: `the preset "${name}" is built in`,
      hint: 'choose another name, so that it means the same in every mesh',
      place: mesh.keyAt(['presets', name]),
    }));
  const seen = new Set<string>();
  mesh.value.classes?.forEach(({ name }, index) => {
    const place = mesh.at(['classes', index, 'name']);
    const hint = 'choose another name';
    if (reservedClasses.has(name))
      problems.push({ code: 'RESERVED_NAME', message: `"${name}" cannot be a class`, hint, place });
    if (seen.has(name))
      problems.push({
        code: 'DUPLICATE_CLASS',
        message: `the class "${name}" is listed twice`,
        hint: 'keep one of them',
        place,
      });
    seen.add(name);
  });
  return problems;
}
