import type { Note } from '../core/plan.ts';
import { defaultLimits, type GuardLimits, type Override, type Safety, stricter } from '../core/safety.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Mesh } from '../declare/files.ts';
import { protectedIn } from './principals.ts';
import { safetyOf } from './safety.ts';

/** What mesh.yaml may put at stake. */
export interface MeshStake {
  readonly safety: Safety;
  /** Principals that are protected, whatever it says now. */
  readonly protectedPrincipals: readonly string[];
  readonly notes: readonly Note[];
}

/**
 * What a mesh.yaml may put at stake that is not proven, by the versions of which one was proven last: whom those protect
 * stays protected, its overrides count where they have them, too, and its limits are no wider than theirs, or than the
 * defaults where nothing was ever proven. Holds count in any case, for they only take away.
 */
export function asFarAsProven(
  safety: Safety,
  declaration: Declaration,
  { meshes, today }: { readonly meshes: readonly Mesh[] | undefined; readonly today: string },
): MeshStake {
  if (meshes === undefined) return { safety, protectedPrincipals: [], notes: [] };
  const { mesh } = declaration;
  const proven = meshes.map((value) => safetyOf({ ...declaration, mesh: { ...mesh, value } }, { today }));
  const isProven = (one: Override): boolean =>
    proven.length > 0 && proven.every(({ overrides }) => overrides.some((other) => includes(other, one)));
  const most = proven.length === 0 ? [defaultLimits] : proven.map(({ limits }) => limits);
  const limits = most.reduce(strictest, safety.limits);
  const now = new Set(protectedIn(mesh.value));
  const dropped = meshes.flatMap(protectedIn).filter((principal) => !now.has(principal));
  const kept = [
    ...(dropped.length === 0 ? [] : ['whom the version protects that was proven last']),
    ...(JSON.stringify(limits) === JSON.stringify(safety.limits) ? [] : ['the stricter limits of its guards']),
  ];
  return {
    safety: {
      holds: safety.holds,
      overrides: safety.overrides.map((one) => (isProven(one) ? one : { ...one, isUnproven: true as const })),
      limits,
    },
    protectedPrincipals: dropped,
    notes: kept.length === 0 ? [] : [noteOf(mesh.path, kept)],
  };
}

function noteOf(path: string, kept: readonly string[]): Note {
  return {
    code: 'STAKE_NOT_PROVEN',
    message: `${path} is not proven, so until it is it stays with ${kept.join(' and ')}`,
    hint: 'have an administrator approve it',
  };
}

/** Whether an override lifts what another one does, and as long. */
function includes(other: Override, { guard, product, account, principal, until }: Override): boolean {
  const isSame =
    other.guard === guard && other.product === product && other.account === account && other.principal === principal;
  return isSame && other.until >= until;
}

function strictest(a: GuardLimits, b: GuardLimits): GuardLimits {
  return { product: stricter(a.product, b.product), mesh: stricter(a.mesh, b.mesh) };
}
