import type { Quorum } from '../core/approvals.ts';
import type { Permission } from '../core/permission.ts';
import { piiClass } from '../core/sensitivity.ts';
import type { Mesh } from '../declare/files.ts';

/** A class of sensitivity with what it asks. */
export interface SensitivityClass {
  readonly name: string;
  /** How many owners must approve. */
  readonly approvals: number;
  /** Who must approve beside them. */
  readonly also?: Quorum;
  /** How many days access to it may last from when it is asked for, where it limits that. */
  readonly longest?: number;
  /** The only permissions that may be given on it, where it limits them. */
  readonly permissions?: readonly Permission[];
}

/** The built-in class. */
export const pii = piiClass;

/** The classes of a mesh, from the least to the most strict; `pii` comes first where the mesh does not place it. */
export function classesOf(mesh: Mesh): readonly SensitivityClass[] {
  const listed = (mesh.classes ?? []).map(({ name, approvals, alsoApprovedBy: also, longest, permissions }) => ({
    name,
    approvals: approvals ?? 1,
    ...(also && { also: { people: also.people, count: also.approvals ?? 1, role: also.role } }),
    ...(longest === undefined ? {} : { longest }),
    ...(permissions === undefined ? {} : { permissions }),
  }));
  return listed.some(({ name }) => name === pii) ? listed : [{ name: pii, approvals: 1 }, ...listed];
}

/** The class and all stricter ones. */
export function classesFrom(classes: readonly SensitivityClass[], name: string): ReadonlySet<string> {
  const start = classes.findIndex((one) => one.name === name);
  return new Set(classes.slice(Math.max(start, 0)).map((one) => one.name));
}

/** How many approvals by owners the strictest of the touched classes asks; none where nothing sensitive is touched. */
export function approvalsAsked(classes: readonly SensitivityClass[], touched: readonly string[]): number {
  return Math.max(0, ...classes.filter(({ name }) => touched.includes(name)).map(({ approvals }) => approvals));
}

/** Who must approve beside the owners: what each of the touched classes asks. */
export function alsoAsked(classes: readonly SensitivityClass[], touched: readonly string[]): readonly Quorum[] {
  return classes.flatMap(({ name, also }) => (also !== undefined && touched.includes(name) ? [also] : []));
}

/** The touched class that lets access last the shortest; undefined where none limits it. */
export function shortest(
  classes: readonly SensitivityClass[],
  touched: readonly string[],
): (SensitivityClass & { readonly longest: number }) | undefined {
  return classes
    .flatMap((one) => (one.longest !== undefined && touched.includes(one.name) ? { ...one, longest: one.longest } : []))
    .toSorted((a, b) => a.longest - b.longest)[0];
}

/** The first of the touched classes that keeps a permission from being given. */
export function limiting(
  classes: readonly SensitivityClass[],
  touched: readonly string[],
  permission: Permission,
): SensitivityClass | undefined {
  return classes.find(
    ({ name, permissions }) => permissions !== undefined && touched.includes(name) && !permissions.includes(permission),
  );
}
