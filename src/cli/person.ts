import type { Person } from '../declare/files.ts';
import { SetupProblem } from './options.ts';

/** The person that an option names as LOGIN:ID. */
export function personOf(text: string): Person {
  const [, login, id] = /^([A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?):([1-9]\d{0,15})$/.exec(text) ?? [];
  if (login !== undefined && id !== undefined) return { login, id: Number(id) };
  throw new SetupProblem(
    'BAD_OPTION',
    `--administrator ${text} is no LOGIN:ID`,
    'gh api users/LOGIN --jq .id tells the id',
  );
}
