import type { Problem } from '../core/problem.ts';

/** A rule that is in force on the default branch, in GitHub's words. */
export interface BranchRule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** One update of the default branch, as GitHub's activity tells it. */
export interface BranchActivity {
  readonly type: string;
  /** The commit that it ended at. */
  readonly after: string;
  readonly actor: string;
  readonly at: string;
}

/** What guards the files that no approval can prove: code, lock file, workflows. What could not be read is absent. */
export interface Guarding {
  readonly branch: string;
  readonly rules?: readonly BranchRule[];
  /** All that happened to the branch since the last good run. */
  readonly activity?: readonly BranchActivity[];
  /** What is wrong with the code owners on it. */
  readonly owners: readonly Problem[];
  /** What GitHub finds wrong with them besides. */
  readonly errors?: readonly Problem[];
  readonly isShallow: boolean;
  readonly hasTrustRoot: boolean;
  /** Commits of which an administrator has said that they have looked at how they came to be there. */
  readonly acknowledged: ReadonlySet<string>;
  /** Incidents that an administrator closed to no effect. */
  readonly voided?: readonly Voided[];
  /** Whether there is a key to seal incidents with: without one nobody could tell which text a run wrote. */
  readonly canAcknowledge: boolean;
}

/** An incident that an administrator closed, and that acknowledges nothing. */
export interface Voided {
  readonly number: number;
  /** The login of who closed it. */
  readonly by: string;
  /** Whether its text is as a run wrote it: then it had no room for its commits. */
  readonly isSealed: boolean;
}

/** Something that is not guarded as it should be, with what would be right. */
export interface Incident {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** The commit that it is about, where it is about one. */
  readonly commit?: string;
}

/** Looks at everything that guards a mesh beside the proof of its files; an empty answer is a sound one. */
export function incidentsOf(guarding: Guarding): readonly Incident[] {
  return [
    ...ruleIncidents(guarding),
    ...ownersIncidents(guarding),
    ...pushIncidents(guarding),
    ...checkoutIncidents(guarding),
  ];
}

/**
 * What the rule `pull_request` must say, beside how many approvals it asks: pii is proven file by file, so none is fine.
 * https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
 */
const asked: readonly (readonly [parameter: string, what: string])[] = [
  ['require_code_owner_review', 'a review by the code owners is not required'],
  ['dismiss_stale_reviews_on_push', 'a review stays valid when other commits are pushed'],
  ['require_last_push_approval', 'whoever pushes last may approve'],
];

function ruleIncidents({ branch, rules }: Guarding): readonly Incident[] {
  const remedy = `switch the ruleset on that meshgate init prints, for ${branch}`;
  if (rules === undefined)
    return [
      {
        code: 'RULES_UNREAD',
        message: `the rules of ${branch} could not be read, so nobody knows whether they are on`,
        remedy: 'give the token metadata: read',
      },
    ];
  const reviews = rules.filter(({ type }) => type === 'pull_request');
  const missing = [
    ...(reviews.length === 0 ? ['changes need no pull request'] : []),
    ...asked.flatMap(([parameter, what]) =>
      reviews.length > 0 && !reviews.some(({ parameters }) => parameters?.[parameter] === true) ? [what] : [],
    ),
    ...(rules.some(({ type }) => type === 'non_fast_forward') ? [] : ['its history may be rewritten']),
    ...(rules.some(({ type }) => type === 'deletion') ? [] : ['it may be deleted']),
    ...(rules.some(({ type }) => type === 'required_status_checks') ? [] : ['no check is required']),
  ];
  return missing.map((what) => ({ code: 'RULE_OFF', message: `${branch} is not guarded: ${what}`, remedy }));
}

/** What is wrong with the code owners makes GitHub ask the wrong people, or nobody. */
function ownersIncidents({ owners, errors }: Guarding): readonly Incident[] {
  const found = [...owners, ...(errors ?? [unread])];
  return found.map(({ code, message, hint, place }) => ({
    code,
    message: place === undefined ? message : `${place.file}:${place.line}:${place.column} ${message}`,
    remedy: hint ?? 'run meshgate codeowners, and have what it writes reviewed',
  }));
}

const unread: Problem = {
  code: 'CODEOWNERS_UNREAD',
  message: 'GitHub did not say whom of the CODEOWNERS file it passes over',
  hint: 'give the token contents: read, and run again',
};

/** How the default branch may move: by a merge. https://docs.github.com/en/rest/repos/repos#list-repository-activities */
const merges: ReadonlySet<string> = new Set(['pr_merge', 'merge_queue_merge']);

/** The moves of the branch that were no merge, and that nobody has looked at. */
export function pushesPast(
  activity: readonly BranchActivity[],
  acknowledged: ReadonlySet<string>,
): readonly BranchActivity[] {
  return activity.filter(({ type, after }) => !merges.has(type) && !acknowledged.has(after));
}

function pushIncidents({ branch, activity, acknowledged, voided = [], canAcknowledge }: Guarding): readonly Incident[] {
  if (activity === undefined)
    return [
      {
        code: 'ACTIVITY_UNREAD',
        message: `what happened to ${branch} since the last good run could not be read`,
        remedy: 'give the token contents: read, and run again',
      },
    ];
  const pushes = pushesPast(activity, acknowledged);
  if (pushes.length === 0) return [];
  const closing = canAcknowledge
    ? 'An administrator closes this issue to say that it was looked at'
    : 'To say that it was looked at, an administrator moves the trust root; by closing this issue they can once MESHGATE_CACHE_KEY is set (openssl rand -hex 32, a secret of the protected environment)';
  return [
    ...pushes.map(({ type, after, actor, at }) => ({
      code: type === 'force_push' ? 'FORCE_PUSH' : 'DIRECT_PUSH',
      message: `${branch} was moved to ${after.slice(0, 12)} by ${said(type)} of @${actor}, ${at}, not by a merge`,
      commit: after,
      remedy: `look at what came with it; its files are withheld until they are approved. ${closing}`,
    })),
    ...voided.map(voidedIncident),
  ];
}

function voidedIncident({ number, by, isSealed }: Voided): Incident {
  const why = isSealed
    ? 'it had no room for its commits'
    : 'its text is not as a run wrote it: somebody edited or copied it, or the key is another';
  return {
    code: 'NOT_ACKNOWLEDGED',
    message: `#${number}, which @${by} closed, acknowledges nothing: ${why}`,
    remedy: isSealed ? 'move the trust root' : 'look at what is listed here, and close the issue that lists it',
  };
}

function said(type: string): string {
  return type === 'force_push' ? 'a force push' : type === 'push' ? 'a push' : `${type}`;
}

function checkoutIncidents({ isShallow, hasTrustRoot }: Guarding): readonly Incident[] {
  return [
    ...(isShallow
      ? [
          {
            code: 'SHALLOW',
            message: 'the clone is shallow, so the history names wrong commits',
            remedy: 'check out with fetch-depth: 0',
          },
        ]
      : []),
    ...(hasTrustRoot
      ? []
      : [
          {
            code: 'NO_TRUST_ROOT',
            message: 'no trust root is set, so the first versions of the files are proven by nothing',
            remedy: 'set MESHGATE_TRUST_ROOT as a variable of the protected environment',
          },
        ]),
  ];
}
