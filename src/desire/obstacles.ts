import { resourceText } from '../core/resource.ts';
import type { Asked } from './access.ts';
import { limiting, type SensitivityClass, shortest } from './classes.ts';
import type { Obstacle } from './reach.ts';
import type { Request } from './requests.ts';

/** An administrator's rights are implied: a grant to one reads back wrongly and cannot be revoked. */
export function administratorsIn(request: Request, administrators: ReadonlySet<string>): readonly Obstacle[] {
  return request.principals
    .filter(({ id }) => administrators.has(id))
    .map(({ id }) => ({
      code: 'ADMINISTRATOR',
      message: `${id} is a data lake administrator, who holds every permission already`,
      hint: 'name another principal, or take this one off the administrators',
    }));
}

/** What a class limits in the files is refused there; here it is what only the catalog flags. */
export function limitsOf(asked: readonly Asked[], classes: readonly SensitivityClass[]): readonly Obstacle[] {
  const found = new Map<string, Obstacle>();
  for (const { fact, classes: touched } of asked) {
    const limit = fact.kind === 'grant' ? limiting(classes, touched, fact.permission) : undefined;
    if (fact.kind !== 'grant' || limit === undefined) continue;
    const message = `${fact.permission} cannot be given on ${resourceText(fact.resource)}, which touches the class ${limit.name}`;
    found.set(message, {
      code: 'CLASS_PERMISSION',
      message,
      hint: `the class allows ${limit.permissions?.join(', ')}`,
    });
  }
  return [...found.values()];
}

/** A class that only the catalog flags, and that lets no access last for ever. */
export function endless(
  { cause, expires }: Request,
  asked: readonly Asked[],
  classes: readonly SensitivityClass[],
): readonly Obstacle[] {
  if (cause.subscription === undefined || expires !== undefined) return [];
  const found = shortest(
    classes,
    asked.flatMap((one) => one.classes),
  );
  if (found === undefined) return [];
  const hint = `give the file \`expires\`, at most ${found.longest} days after the day on which it is asked for`;
  return [{ code: 'CLASS_DURATION', message: `it touches the class ${found.name} without an end`, hint }];
}
