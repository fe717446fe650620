import type { Approval, Approver, FileVersion, Quorum } from '../core/approvals.ts';
import type { Proof, Proofs } from '../core/state.ts';

/** Who must have approved a file. */
export interface Need {
  /** Any one of these people, where the list is there: administrators, or owners of the consuming account. */
  readonly anyOf: readonly Approver[];
  /** What these people are, for the message. */
  readonly role: string;
  /** Whether writing the file is as good as approving it, for `anyOf`. */
  readonly authorCounts: boolean;
  /** So many of these people besides: the owners of a product whose pii is touched. */
  readonly owners?: { readonly people: readonly Approver[]; readonly count: number; readonly of: string };
  /** Others beside them, whom a class asks for. */
  readonly also?: readonly Quorum[];
}

/** Judges the approvals of mesh files: an approval counts when enough people who may give it have given it. */
export function prove(
  versions: readonly FileVersion[],
  answers: readonly ReadonlyMap<string, Approval>[],
  needOf: (path: string) => Need,
): Proofs {
  return new Map(
    versions.map(({ path }) => [
      path,
      proofOf(
        answers.flatMap((answer) => answer.get(path) ?? []),
        needOf(path),
      ),
    ]),
  );
}

function proofOf(approvals: readonly Approval[], need: Need): Proof {
  const proofs = approvals.map((approval) => judgeApproval(approval, need));
  const proven = proofs.find((proof) => proof.proven);
  if (proven !== undefined) return proven;
  return proofs.at(-1) ?? { proven: false, reason: 'not approved', remedy: typeThis };
}

/** What a first user should type. */
const typeThis = 'give --trust-root HEAD to trust what is committed, or --approvals FILE with the approvals';

/** Judges one approval: whether enough of the people who may give it have given it. */
export function judgeApproval(approval: Approval, need: Need): Proof {
  if (approval.kind === 'trusted') return { proven: true, by: approval.by };
  if (approval.kind === 'none') return { proven: false, reason: approval.reason, remedy: approval.remedy };
  const others = approval.by.filter(({ id }) => id !== approval.author?.id);
  const speakers = need.authorCounts && approval.author !== undefined ? [...others, approval.author] : others;
  if (!speakers.some((one) => isAmong(one, need.anyOf)))
    return {
      proven: false,
      reason: others.length === 0 ? 'nobody approved it' : `approved by ${names(others)}, none of whom is ${need.role}`,
      remedy: `have ${need.role} approve it: ${names(need.anyOf)}`,
    };
  const { owners } = need;
  const given = owners === undefined ? [] : others.filter((one) => isAmong(one, owners.people));
  const distinct = new Set(given.map(({ id }) => id)).size;
  if (owners !== undefined && distinct < owners.count)
    return {
      proven: false,
      reason: `it touches pii and has ${distinct} of ${owners.count} approvals by owners of ${owners.of}`,
      remedy: `have ${owners.count === 1 ? 'an owner' : `${owners.count} owners`} of ${owners.of} approve it: ${names(owners.people)}`,
    };
  for (const { people, count, role } of need.also ?? []) {
    const agreed = new Set(others.flatMap((one) => (isAmong(one, people) ? one.id : [])));
    if (agreed.size < count)
      return {
        proven: false,
        reason: `it touches a class that asks for ${role}, and has ${agreed.size} of ${count} of their approvals`,
        remedy: `have ${count} of the ${role} approve it: ${names(people)}`,
      };
  }
  return { proven: true, by: `approved by ${names(others.length > 0 ? others : speakers)}` };
}

/** Whether somebody is one of these people, by the id that does not change. */
export function isAmong(person: Approver, people: readonly Approver[]): boolean {
  return people.some(({ id }) => id === person.id);
}

/** People as they are mentioned. */
export function names(people: readonly Approver[]): string {
  return people.length === 0 ? 'nobody' : people.map(({ login }) => `@${login}`).join(', ');
}
