import type { Approval, Approvals, Approver } from '../core/approvals.ts';
import type { Declaration } from '../declare/declaration.ts';

/**
 * The administrators whose approvals count: those whom a source of approvals vouches for, and those of
 * mesh.yaml where that very version is trusted. A mesh.yaml that waits for approval gives nobody the
 * authority to approve it, or anything else.
 */
export function administratorsOf(
  { mesh }: Declaration,
  sources: readonly Approvals[],
  answers: readonly ReadonlyMap<string, Approval>[],
): readonly Approver[] {
  const isTrusted = answers.some((answer) => answer.get(mesh.path)?.kind === 'trusted');
  return [
    ...sources.flatMap(({ administrators }) => administrators ?? []),
    ...(isTrusted ? mesh.value.administrators : []),
  ];
}
