import { loginWithId } from '../core/login.ts';
import type { Person } from '../declare/files.ts';
import { SetupProblem } from './options.ts';

/** The person that an option names as LOGIN:ID. */
export function personOf(text: string): Person {
  const person = loginWithId(text);
  if (person !== undefined) return person;
  throw new SetupProblem(
    'BAD_OPTION',
    `--administrator ${text} is no LOGIN:ID`,
    'gh api users/LOGIN --jq .id tells the id',
  );
}
