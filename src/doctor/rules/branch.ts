import type { Check, GuardState } from '../../core/diagnosis.ts';
import { finding, ok, unchecked } from '../check.ts';

const code = 'BRANCH_RULES';

/** What GitHub says of the rules of the default branch, and of the code owners that it passes over. */
export function checkBranch(guarding: GuardState): readonly Check[] {
  if ('unasked' in guarding)
    return [
      finding(code, 'GitHub was not asked for the rules of the default branch, and for what it makes of CODEOWNERS', {
        severity: 'note',
        means: `whether somebody can get past the reviews is not known: ${guarding.unasked}`,
        commands: ['export GITHUB_REPOSITORY=OWNER/NAME GITHUB_TOKEN="$(gh auth token)"'],
      }),
    ];
  if ('unread' in guarding) {
    const { unread: why, remedy } = guarding;
    return [unchecked(code, 'the rules of the default branch', { why, remedy })];
  }
  const { branch, incidents } = guarding;
  if (incidents.length === 0)
    return [ok(code, `GitHub's rules guard ${branch}, and it passes over none of the code owners`)];
  return incidents.map(({ message, remedy }) =>
    finding(code, message, {
      severity: 'error',
      means: 'code, workflows and mesh files can get to be applied that nobody of those who must has approved',
      remedy,
    }),
  );
}
