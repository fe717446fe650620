import { builtInPresets } from '../../core/permission.ts';
import type { Problem } from '../../core/problem.ts';
import { didYouMean, listed } from '../closest.ts';
import type { Entry, Joined } from '../entries.ts';

/** Each access entry is about one thing, says its permissions, and limits only what can be limited. */
export function checkAccessShape(mesh: Joined): readonly Problem[] {
  return mesh.entries.flatMap((entry) => [...checkKind(entry), ...checkPresence(entry, mesh), ...checkLimits(entry)]);
}

function checkKind({ access, kind, at }: Entry): readonly Problem[] {
  if (kind !== undefined) return [];
  const several = access.tables ?? access.database ?? access.locations;
  const message =
    several === undefined ? 'the entry does not say what it is about' : 'the entry is about several things';
  return [{ code: 'ONE_OF', message, hint: 'give it one of tables, database and locations', place: at() }];
}

function checkPresence({ access, kind, permissions, at }: Entry, { mesh }: Joined): readonly Problem[] {
  if (kind === undefined || permissions !== undefined) return [];
  const written = access.permissions;
  if (written === undefined) {
    return [
      {
        code: 'MISSING_FIELD',
        message: '"permissions" is missing',
        hint: 'add permissions: read, or a list of permissions',
        place: at(),
      },
    ];
  }
  if (mesh === undefined) return [];
  const presets = [...Object.keys(builtInPresets), ...Object.keys(mesh.value.presets ?? {})];
  const hint = didYouMean(
    String(written),
    presets,
    `the presets are ${listed(presets, 'none')}; a single permission is written [SELECT]`,
  );
  return [
    { code: 'UNKNOWN_PRESET', message: `there is no preset "${String(written)}"`, hint, place: at('permissions') },
  ];
}

function checkLimits({ access, kind, at }: Entry): readonly Problem[] {
  const problems: Problem[] = [];
  for (const limit of ['columns', 'rows'] as const) {
    if (access[limit] === undefined) continue;
    if (kind === 'database' || kind === 'locations') {
      problems.push({
        code: 'LIMIT_WITHOUT_TABLES',
        message: `${limit} limits access to tables, and the entry is about ${kind}`,
        hint: `leave ${limit} out`,
        place: at(limit),
      });
    } else if (access.tables?.includes('*')) {
      const hint = 'name the tables, or write a glob';
      problems.push({
        code: 'LIMIT_ON_WILDCARD',
        message: `Lake Formation cannot limit ${limit} on all tables at once`,
        hint,
        place: at(limit),
      });
    }
  }
  if (access.describeDatabase !== undefined && (kind === 'database' || kind === 'locations')) {
    problems.push({
      code: 'LIMIT_WITHOUT_TABLES',
      message: `describeDatabase is about access to tables, and the entry is about ${kind}`,
      hint: 'leave describeDatabase out',
      place: at('describeDatabase'),
    });
  }
  if (access.filter !== undefined && access.rows === undefined) {
    problems.push({
      code: 'FILTER_WITHOUT_ROWS',
      message: 'the entry names a data cells filter, but has no rows',
      hint: 'add rows: or leave filter out',
      place: at('filter'),
    });
  }
  return problems;
}
