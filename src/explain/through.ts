import type { Through } from '../core/explanation.ts';
import { iamAllowedPrincipals, type Principal } from '../core/principal.ts';

/** How one principal comes by what another holds; undefined where it does not. */
export function throughOf(asked: Principal, holder: Principal): Through | undefined {
  if (holder.id === asked.id) return 'itself';
  if (holder.id === iamAllowedPrincipals) return 'IAM';
  if (holder.kind === 'organization' || holder.kind === 'organizational-unit') return 'an organization';
  if (holder.account === undefined || holder.account !== asked.account) return undefined;
  if (holder.kind === 'all-iam-principals') return 'all principals of its account';
  if (asked.kind === 'account') return 'a principal of it';
  return holder.kind === 'account' ? 'its account' : undefined;
}

/** What it hangs on whether it really gives access; undefined where it does for certain. `unread`: why the account's lake was not looked at. */
export function hangsOn(through: Through, unread?: string): string | undefined {
  switch (through) {
    case 'itself':
    case 'a principal of it':
    case 'all principals of its account':
      return undefined;
    case 'its account':
      return `the account holds it: its data lake administrators decide who in it gets it, which was not read${unread === undefined ? '' : `: ${unread}`}`;
    case 'an organization':
      return 'only if its account belongs to the organization, which was not read';
    case 'IAM':
      return 'IAM alone decides: whoever IAM lets read can read it, whatever the mesh files say';
  }
}
