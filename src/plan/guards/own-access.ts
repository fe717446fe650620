import { isCaller } from '../../core/principal.ts';
import { type Guard, takesAway } from './guard.ts';

/** Refuses to revoke from the role that Meshgate itself runs as. */
export const ownAccess: Guard = (changes, { lakes }) => {
  const callers = new Map(lakes.map(({ lake, caller }) => [lake, caller.arn]));
  const own = changes.filter(
    ({ before, lake }) => before?.kind === 'grant' && isCaller(callers.get(lake) ?? '', before.principal),
  );
  const revokes = own.filter(takesAway);
  if (revokes.length === 0) return [];
  const arns = [...new Set(revokes.flatMap(({ lake }) => callers.get(lake) ?? []))].join(', ');
  return [
    {
      code: 'OWN_ACCESS',
      message: `this would take access from ${arns}, which is running Meshgate`,
      hint: 'list the role under `protected` in mesh.yaml, or revoke as another administrator',
      changes: revokes,
    },
  ];
};
