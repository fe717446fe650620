import { isCaller } from '../../core/principal.ts';
import { type Guard, takesAway } from './guard.ts';

/** Refuses to revoke from the role that Meshgate itself runs as. */
export const ownAccess: Guard = (changes, { observed }) => {
  const own = changes.filter(
    ({ before }) => before?.kind === 'grant' && isCaller(observed.caller.arn, before.principal),
  );
  const revokes = own.filter(takesAway);
  if (revokes.length === 0) return [];
  return [
    {
      code: 'OWN_ACCESS',
      message: `this would take access from ${observed.caller.arn}, which is running Meshgate`,
      hint: 'list the role under `protected` in mesh.yaml, or revoke as another administrator',
      changes: revokes,
    },
  ];
};
