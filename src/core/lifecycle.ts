/** What each state of a subscription means, in the order in which it goes through them; what ended it comes last. */
export const lifecycle = {
  requested: 'It is asked for, and an approval is missing.',
  approved: 'Everybody who must has approved it; the central catalog does not grant all of it yet.',
  granted: "The central catalog grants all of it; the consumer's account still has to do its part, or was not read.",
  invited: "Its RAM invitation waits in the consumer's account, or has lapsed.",
  imported: "The consumer's account has the resource link, and not yet its own grants.",
  active: 'It is granted, and nobody has to act any more.',
  expiring: 'It is granted, and ends soon.',
  held: 'A hold takes it away, or a part of it.',
  expired: 'Its last day has passed.',
  revoked: 'Its file was removed; the lake still holds something of it, or was not asked.',
  archived: 'Its file was removed, and nothing of it is left.',
  denied: 'Somebody whose approval it needs asked for changes, or it was closed by somebody else than its author.',
  withdrawn: 'Its author closed the pull request.',
} as const;

/** Where a subscription stands. It is worked out from git, the forge and the lake each time, and stored nowhere. */
export type LifecycleState = keyof typeof lifecycle;

/** All states, in that order. */
export const lifecycleStates = Object.keys(lifecycle) as readonly LifecycleState[];

/** What nobody could tell, and why. */
export interface Unknown {
  readonly unknown: string;
}

/** Whether something is known. */
export function isKnown<T>(answer: T | Unknown): answer is T {
  return !(typeof answer === 'object' && answer !== null && 'unknown' in answer);
}

/** When something became so. */
export interface Moment {
  /** ISO time. */
  readonly at: string;
  /** The commit of main that made it so, where one did. */
  readonly commit?: string;
}

/** A pull request that asks for the subscription. */
export type AccessRequest =
  | {
      readonly kind: 'open';
      readonly pull: number;
      /** When it was opened, ISO. */
      readonly at: string;
      readonly by?: string;
      readonly does: 'add' | 'change' | 'remove';
      /** The logins of those whose approval is missing. */
      readonly missing: readonly string[];
      /** The logins of those who may approve and asked for changes. */
      readonly against: readonly string[];
    }
  | {
      readonly kind: 'closed';
      readonly pull: number;
      /** When it was closed without a merge, ISO. */
      readonly at: string;
      readonly by?: string;
      /** Whether its author closed it. */
      readonly isWithdrawn: boolean;
    };

/** Whether the files that a subscription rests on are approved. */
export type Approved =
  | { readonly isProven: true }
  | { readonly isProven: false; readonly reason: string; readonly remedy: string };

/** What the central catalog holds of what a subscription asks, counted in facts. */
export interface InLake {
  readonly asked: number;
  readonly live: number;
  /** When the last of what is live came, ISO, as far as Lake Formation says. */
  readonly since?: string;
  /** What stands in the way of the rest, beside missing approvals. */
  readonly obstacle?: string;
}

/** What the consumer's account has made of the share; `not needed` where nothing leaves the central account. */
export type Consumed =
  | 'not needed'
  | {
      readonly invitation: 'not needed' | 'pending' | 'lapsed' | 'accepted';
      readonly link: 'missing' | 'in place';
      readonly localGrants: 'missing' | 'in place';
      /** When the last of it came, ISO. */
      readonly since?: string;
    };

/** What is known of a subscription that stands in the mesh files. */
export interface KnownDeclared {
  readonly place: 'declared';
  /** The commit that brought its newest version; undefined where git does not have it. */
  readonly changed?: Moment;
  /** The last day of the access, `YYYY-MM-DD`. */
  readonly expires?: string;
  /** The holds in force that take something of it, in words, and since when they are there. */
  readonly holds: readonly { readonly why: string; readonly since?: string }[];
  readonly approved: Approved | Unknown;
  readonly lake: InLake | Unknown;
  readonly consumed: Consumed | Unknown;
}

/** What is known of a subscription whose file is gone. */
export interface KnownGone {
  readonly place: 'gone';
  readonly ended: Moment;
  /** How many of its facts are still live that nobody else asks for. */
  readonly left: number | Unknown;
  /** The newest request since. */
  readonly request?: AccessRequest;
}

/** What is known of a subscription that never was on main. */
export interface KnownAsked {
  readonly place: 'asked';
  readonly request: AccessRequest;
}

/** All that the state of a subscription depends on, beside the day. */
export type Known = KnownDeclared | KnownGone | KnownAsked;

/** The day on which the state is asked. */
export interface Today {
  /** `YYYY-MM-DD`, in UTC. */
  readonly today: string;
  /** So many days before its last one a subscription counts as expiring. */
  readonly soon: number;
}

/** What a state may depend on that nobody could tell; where something is named, the subscription may be further. */
export type Blind = 'approval' | 'lake';

/** Why what is approved is not granted, where nothing stands in the way. */
export const nextApply = 'the next apply gives it';

/** The state of a subscription, since when, and why. */
export interface LifecycleStanding {
  readonly state: LifecycleState;
  /** An ISO time, or a day; undefined where nobody can tell. */
  readonly since?: string;
  readonly why: string;
  readonly blind: readonly Blind[];
}
