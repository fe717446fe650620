import { type Principal, toPrincipal } from '../core/principal.ts';
import { type Draft, nothing } from './draft.ts';

/** A principal that a name was found to mean. */
export interface NamedPrincipal {
  readonly principal: Principal;
  /** Whether mesh.yaml names it, not the account's file. */
  readonly isCentral: boolean;
}

/** What a name means in an account: its own principal, or one of mesh.yaml; undecided where either file is not sound. */
export function lookUpPrincipal(draft: Draft, account: string, name: string): NamedPrincipal | 'unknown' | 'undecided' {
  const own = draft.accounts.get(account)?.value.principals ?? nothing;
  const central = draft.mesh?.value.principals ?? nothing;
  if (own[name] !== undefined) return { principal: toPrincipal(own[name]), isCentral: false };
  if (central[name] !== undefined) return { principal: toPrincipal(central[name]), isCentral: true };
  return draft.accounts.has(account) && draft.mesh !== undefined ? 'unknown' : 'undecided';
}

/** The names that can be used in an account. */
export function principalNames(draft: Draft, account: string): readonly string[] {
  const own = draft.accounts.get(account)?.value.principals ?? nothing;
  return [...Object.keys(own), ...Object.keys(draft.mesh?.value.principals ?? nothing)];
}
