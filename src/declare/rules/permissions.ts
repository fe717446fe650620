import { type AccessKind, isExternal } from '../../core/access.ts';
import { type DeclarableKind, legalPermissions, modifying } from '../../core/permission.ts';
import type { Problem } from '../../core/problem.ts';
import type { Entry, Joined } from '../entries.ts';

const kinds: Readonly<Record<AccessKind, readonly [DeclarableKind, string]>> = {
  tables: ['table', 'tables'],
  database: ['database', 'a database'],
  locations: ['data-location', 'data locations'],
};

/** Permissions are legal on what they are given on, and agree with the limits of their entry. */
export function checkPermissions(mesh: Joined): readonly Problem[] {
  const central = mesh.mesh?.value.central.account;
  return mesh.entries.flatMap((entry) => [
    ...checkLegal(entry),
    ...checkLimited(entry),
    ...checkExternal(entry, central),
  ]);
}

function checkLegal({ kind, permissions = [], at }: Entry): readonly Problem[] {
  if (kind === undefined) return [];
  const [resource, words] = kinds[kind];
  const legal = legalPermissions[resource];
  const illegal = permissions.filter((permission) => !legal.includes(permission));
  if (illegal.length === 0) return [];
  const hint = `on ${words} Lake Formation knows ${legal.join(', ')}`;
  return [
    {
      code: 'ILLEGAL_PERMISSION',
      message: `${illegal.join(', ')} cannot be given on ${words}`,
      hint,
      place: at('permissions'),
    },
  ];
}

function checkLimited({ kind, access, permissions, at }: Entry): readonly Problem[] {
  if (kind !== 'tables' || permissions === undefined) return [];
  const limit = access.columns !== undefined ? 'columns' : 'rows';
  if (access[limit] === undefined) return [];
  if (!permissions.includes('SELECT')) {
    const hint = `add SELECT, or leave ${limit} out`;
    return [
      {
        code: 'LIMIT_WITHOUT_SELECT',
        message: `${limit} limits SELECT, which the entry does not give`,
        hint,
        place: at(limit),
      },
    ];
  }
  const clash = permissions.filter((permission) => modifying.includes(permission));
  if (limit === 'rows' || clash.length === 0) return [];
  const message = `Lake Formation does not give ${clash.join(', ')} beside a column list`;
  return [
    { code: 'COLUMNS_WITH_MODIFYING', message, hint: 'leave columns out, or those permissions', place: at('columns') },
  ];
}

function checkExternal({ kind, permissions, principals, at }: Entry, central: string | undefined): readonly Problem[] {
  if (kind !== 'database' || central === undefined || !permissions?.includes('DROP')) return [];
  const external = principals.find((principal) => isExternal({ principal, catalogAccount: central }));
  if (external === undefined) return [];
  const message = `DROP on a database cannot be given outside the central account, to ${external.id}`;
  return [{ code: 'EXTERNAL_DROP', message, hint: 'leave DROP out', place: at('permissions') }];
}
