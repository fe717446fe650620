import { type Hub, startHub } from './hub.ts';
import { strict } from './strict.ts';

/** A repository with an owner of a folder, people who may write, one who may read, and one who may neither. */
export function startScene(): Promise<Hub> {
  return startHub({
    people: { ann: 'write', bob: 'write', olga: 'write', rita: 'read', dora: 'admin', eve: 'none' },
    files: {
      'README.md': 'mesh\n',
      'sales/orders.yaml': 'a: 1\n',
      '.github/CODEOWNERS': '* @dora\n/sales/ @olga @ann\n',
    },
    rules: strict,
  });
}

/** A commit on `topic` of the file that Olga and Ann own. */
export function edit(hub: Hub, text: string, login = 'ann'): string {
  return hub.as(login).commit({ 'sales/orders.yaml': text }, { branch: 'topic' });
}

/** Ann's pull request on that file. */
export async function open(hub: Hub): Promise<number> {
  edit(hub, 'a: 2\n');
  return hub.as('ann').open('topic');
}

/** The status and the words of a refusal; 0 where there was none. */
export async function refusal(doing: Promise<unknown>): Promise<readonly [number, string]> {
  try {
    await doing;
    return [0, 'done'];
  } catch (error) {
    const { status, response } = error as { status: number; response?: { data: Refused } };
    const { message = '', errors = [] } = response?.data ?? {};
    return [status, [message, ...errors.map((one) => (typeof one === 'string' ? one : (one.message ?? '')))].join(' ')];
  }
}

interface Refused {
  readonly message: string;
  readonly errors?: readonly (string | { readonly message?: string })[];
}
