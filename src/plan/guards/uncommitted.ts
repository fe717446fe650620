import { type Guard, isExempt, takesAway } from './guard.ts';

/** Refuses to take anything away for files that are not what the commit holds: a half checkout looks like a wish to end access. */
export const uncommitted: Guard = (changes, context) => {
  const { length } = context.uncommitted;
  const taken = length === 0 ? [] : changes.filter((change) => takesAway(change) && !isExempt(change));
  if (taken.length === 0) return [];
  const [first = ''] = context.uncommitted;
  const which = length === 1 ? `${first} differs` : `${length} mesh files differ, ${first} among them,`;
  return [
    {
      code: 'UNCOMMITTED',
      message: `${which} from the commit that is checked out, or is missing, so nothing is taken away`,
      hint: 'commit the change, or restore the file',
      changes: taken,
    },
  ];
};
