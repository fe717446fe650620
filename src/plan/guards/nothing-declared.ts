import { type Guard, isExempt, takesAway } from './guard.ts';

/** Refuses to revoke anything when nothing at all is asked for: an empty mesh is more likely a mistake than a wish. */
export const nothingDeclared: Guard = (changes, { desired }) => {
  if (desired.asksForAccess) return [];
  const revokes = changes.filter((change) => takesAway(change) && !isExempt(change));
  if (revokes.length === 0) return [];
  return [
    {
      code: 'NOTHING_DECLARED',
      message: 'the mesh files ask for no access at all, so everything managed would be revoked',
      hint: 'check --mesh and the checkout; to end all access, end the subscriptions one by one',
      changes: revokes,
    },
  ];
};
