import { builtInPresets, type Permission } from './permission.ts';
import { type Principal, passesOn } from './principal.ts';

/** What an access entry is about. */
export type AccessKind = 'tables' | 'database' | 'locations';

/** Presets that a mesh defines, by name. */
export type Presets = Readonly<Record<string, readonly Permission[]>>;

/** What an access entry says of permissions: a list, or the name of a preset. */
export interface WrittenPermissions {
  readonly kind: AccessKind;
  readonly permissions?: string | readonly Permission[] | undefined;
}

/** The permissions of an access entry; undefined where they are missing or no preset has the name. */
export function resolvePermissions(written: WrittenPermissions, presets: Presets): readonly Permission[] | undefined {
  const { kind, permissions } = written;
  if (permissions === undefined) return kind === 'locations' ? ['DATA_LOCATION_ACCESS'] : undefined;
  if (typeof permissions !== 'string') return permissions;
  if (Object.hasOwn(builtInPresets, permissions)) return builtInPresets[permissions];
  return Object.hasOwn(presets, permissions) ? presets[permissions] : undefined;
}

/** A principal as seen from the catalog whose permissions it is given. */
export interface Recipient {
  readonly principal: Principal;
  readonly catalogAccount: string;
}

/** Whether the principal is outside the catalog's account as its identifier alone can tell. */
export function isExternal({ principal, catalogAccount }: Recipient): boolean {
  if (principal.account === undefined) return passesOn(principal);
  return principal.account !== catalogAccount;
}
