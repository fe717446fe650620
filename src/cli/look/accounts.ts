import { isKnown } from '../../core/lifecycle.ts';
import { isEntered } from '../../desire/imports.ts';
import type { Look } from './look.ts';

/** Why an account's own lake was not looked at, or not as a whole; undefined where it was. */
export function whyUnread({ declaration, lake }: Look, account: string): string | undefined {
  if (account === declaration.mesh.value.central.account) return undefined;
  if (!isKnown(lake)) return lake.unknown;
  const read = lake.others.filter((one) => one.lake.startsWith(`${account}/`));
  const gaps = read.flatMap((one) => one.gaps);
  if (read.length > 0) return gaps.find(({ blocks }) => blocks !== 'nothing')?.message;
  const declared = [...declaration.accounts.values()].find(({ value }) => value.id === account);
  if (declared === undefined) return 'no mesh file declares the account';
  if (!isEntered(declaration, account)) return `no run enters it: neither mesh.yaml nor ${declared.file} says runsAs`;
  return 'no run enters it: no subscription brings anything into it (import)';
}
