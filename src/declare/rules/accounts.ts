import type { Problem } from '../../core/problem.ts';
import type { Joined } from '../entries.ts';
import { placeText } from '../wording.ts';

/** Each account id has one file. */
export function checkAccounts({ accounts }: Joined): readonly Problem[] {
  const first = new Map<string, string>();
  const problems: Problem[] = [];
  for (const account of accounts.values()) {
    const { id } = account.value;
    const place = account.at(['id']);
    const other = first.get(id);
    if (other === undefined) first.set(id, placeText(place));
    else
      problems.push({
        code: 'DUPLICATE_ACCOUNT',
        message: `the account ${id} is already declared at ${other}`,
        hint: 'one account has one file',
        place,
      });
  }
  return problems;
}
