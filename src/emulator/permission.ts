/** Every permission of the Lake Formation API, in the order the API reference names them. */
export const permissionNames = [
  'ALL',
  'SELECT',
  'ALTER',
  'DROP',
  'DELETE',
  'INSERT',
  'DESCRIBE',
  'CREATE_DATABASE',
  'CREATE_TABLE',
  'DATA_LOCATION_ACCESS',
  'CREATE_LF_TAG',
  'ASSOCIATE',
  'GRANT_WITH_LF_TAG_EXPRESSION',
  'CREATE_LF_TAG_EXPRESSION',
  'CREATE_CATALOG',
  'SUPER_USER',
] as const;

/** One permission, by its API name. */
export type Permission = (typeof permissionNames)[number];

/** A set of permissions as a bit mask: a million stored permissions must fit in memory. */
export type PermissionSet = number;

/** The empty set of permissions. */
export const noPermissions: PermissionSet = 0;

const bits: ReadonlyMap<string, number> = new Map(permissionNames.map((name, index) => [name, 1 << index]));
const sortedNames: readonly Permission[] = [...permissionNames].sort();
const lists = new Map<PermissionSet, readonly Permission[]>();

/** Says whether a text is the name of a permission. */
export function isPermission(text: string): text is Permission {
  return bits.has(text);
}

/** The set that holds exactly the named permissions. */
export function setOf(names: Iterable<Permission>): PermissionSet {
  let set = noPermissions;
  for (const name of names) set |= bits.get(name) ?? 0;
  return set;
}

/** The names in a set, sorted; the array is shared between calls. */
export function namesOf(set: PermissionSet): readonly Permission[] {
  const known = lists.get(set);
  if (known) return known;
  const names = sortedNames.filter((name) => (set & (bits.get(name) ?? 0)) !== 0);
  lists.set(set, names);
  return names;
}

/** Says whether a set holds a permission. */
export function holds(set: PermissionSet, name: Permission): boolean {
  return (set & (bits.get(name) ?? 0)) !== 0;
}
