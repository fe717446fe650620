import { isExternal } from '../../core/access.ts';
import type { Permission } from '../../core/permission.ts';
import { isForeignIamPrincipal, passesOn } from '../../core/principal.ts';
import type { Problem } from '../../core/problem.ts';
import type { Entry, Joined } from '../entries.ts';

/** The grant option is for permissions that are given, reaches those who must pass them on, and no foreign IAM principal. */
export function checkGrantOptions({ mesh, entries }: Joined): readonly Problem[] {
  const central = mesh?.value.central.account;
  return entries.flatMap((entry) => [
    ...checkGiven(entry),
    ...(central === undefined ? [] : checkRecipients(entry, central)),
  ]);
}

function checkGiven({ access, permissions, at }: Entry): readonly Problem[] {
  if (permissions === undefined) return [];
  return (access.withGrantOption ?? []).flatMap((permission, index) => {
    if (permissions.includes(permission)) return [];
    const message = `${permission} has the grant option, but is not given`;
    const hint = `the entry gives ${permissions.join(', ')}`;
    return [{ code: 'OPTION_WITHOUT_PERMISSION', message, hint, place: at('withGrantOption', index) }];
  });
}

function checkRecipients({ access, permissions, principals, at }: Entry, central: string): readonly Problem[] {
  const option: readonly Permission[] | undefined = access.withGrantOption;
  if (option === undefined || permissions === undefined) return [];
  const place = at('withGrantOption');
  return principals.flatMap((principal): readonly Problem[] => {
    if (isForeignIamPrincipal(principal, central)) {
      if (option.length === 0) return [];
      const message = `Lake Formation does not give the grant option to ${principal.id}, which is in another account`;
      return [{ code: 'FOREIGN_GRANT_OPTION', message, hint: 'leave withGrantOption out', place }];
    }
    if (!passesOn(principal) || !isExternal({ principal, catalogAccount: central })) return [];
    const missing = permissions.filter((permission) => !option.includes(permission));
    if (missing.length === 0) return [];
    const message = `${principal.id} passes on what it gets, and needs the grant option for ${missing.join(', ')}`;
    return [{ code: 'GRANT_OPTION_REQUIRED', message, hint: 'leave withGrantOption out: the default is right', place }];
  });
}
