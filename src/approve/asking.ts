/** Something that decides whether a pull request still asks for what it says, and who did it. */
export interface Turn {
  readonly kind: 'closed' | 'reopened' | 'retargeted';
  /** Undefined where the account is gone. */
  readonly by: { readonly login: string; readonly id: number } | undefined;
}

/** A pull request as it stands, with what happened to it since it was opened, oldest first. */
export interface Standing {
  readonly isOpen: boolean;
  /** Whether it goes into the branch that counts. */
  readonly isOnBranch: boolean;
  readonly turns: readonly Turn[];
}

/** Whether a pull request asks for what it says, and what is to be told of it. */
export interface Asking {
  readonly counts: boolean;
  /** What somebody did who does not decide, where it stands otherwise than it counts, or nobody can tell. */
  readonly dispute?: string;
}

/**
 * Whether a pull request asks for what it says by the will of those who decide: its author and administrators. What
 * others close goes on asking, and what others open again or turn to the branch does not begin to. GitHub says that
 * somebody turned it to another branch, and not to which: turned once and now on the branch, it was meant for another;
 * else nobody can tell, and it counts.
 * https://docs.github.com/en/rest/using-the-rest-api/issue-event-types
 */
export function askingOf({ isOpen, isOnBranch, turns }: Standing, decides: (id: number) => boolean): Asking {
  let isAsked = true;
  let turned = 0;
  let last: Turn | undefined;
  for (const turn of turns) {
    const isDecided = turn.by !== undefined && decides(turn.by.id);
    if (!isDecided) last = turn;
    if (turn.kind === 'retargeted') turned = isDecided ? 0 : turned + 1;
    else if (isDecided) {
      isAsked = turn.kind === 'reopened';
      // Who opens it again sees where it goes.
      if (isAsked) turned = 0;
    }
  }
  const isMeant = turned === 0 ? isOnBranch : !(turned === 1 && isOnBranch);
  const counts = isAsked && isMeant;
  const isDisputed = counts !== (isOpen && isOnBranch) || (isAsked && turned > 0);
  return isDisputed && last !== undefined ? { counts, dispute: said(last) } : { counts };
}

function said({ kind, by }: Turn): string {
  const who = by === undefined ? 'somebody whose account is gone' : `@${by.login}`;
  const did = { closed: 'closed it', reopened: 'opened it again', retargeted: 'turned it to another branch' };
  return `${who} ${did[kind]}`;
}
