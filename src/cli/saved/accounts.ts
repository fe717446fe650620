import type { Run } from '../../reconcile.ts';
import { enteredIn } from '../consumers.ts';
import { SetupProblem } from '../options.ts';

type Known = Pick<Run, 'declaration' | 'history'>;

/** The accounts that a run reads and writes: the central one first, then those of consumers that it enters. */
export function accountsOf(run: Known): readonly string[] {
  return [
    ...new Set([run.declaration.mesh.value.central.account, ...lakesOf(run).map((lake) => lake.split('/')[0] ?? '')]),
  ];
}

/** The lakes of consumers that a run enters, in the order of plans. */
export function lakesOf({ declaration, history }: Known): readonly string[] {
  return enteredIn(declaration, history ?? { commits: [] }).map(([account, region]) => `${account}/${region}`);
}

/** The accounts that `--accounts` names: names of account files, ids, and shares of all of them, such as `2/4`. */
export function chosenOf(run: Known, text: string): ReadonlySet<string> {
  const all = accountsOf(run);
  const named = text.split(',').map((one) => one.trim());
  return new Set(named.flatMap((one) => chosenBy(one, run.declaration, all)));
}

function chosenBy(text: string, { accounts }: Run['declaration'], all: readonly string[]): readonly string[] {
  const share = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text);
  if (share !== null) {
    const [which, of] = [Number(share[1]), Number(share[2])];
    if (which > of) throw bad(`there is no share ${text}`, `write 1/${of} to ${of}/${of}`);
    return all.filter((_, index) => index % of === which - 1);
  }
  const id = accounts.get(text)?.value.id ?? text;
  if (all.includes(id)) return [id];
  if (id === text && !/^\d{12}$/.test(text))
    throw bad(
      `there is no account ${text}`,
      'write names of account files, ids, or a share as 2/4, with commas between',
    );
  throw bad(
    `no run enters account ${text}`,
    'that takes runsAs, in mesh.yaml or its own file, and a subscription with import',
  );
}

function bad(message: string, hint: string): SetupProblem {
  return new SetupProblem('BAD_OPTION', `--accounts: ${message}`, hint);
}
