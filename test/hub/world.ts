import type { Bare } from './git/bare.ts';
import type { Signature } from './git/git.ts';
import type { Check, WorkflowRun } from './reports.ts';
import type { Ruleset } from './rules/ruleset.ts';

/** Somebody with an account; ids are never used twice, logins may be. */
export interface User {
  readonly id: number;
  login: string;
  readonly type: 'User' | 'Bot';
  deleted: boolean;
}

/** What a person may do in a repository, in GitHub's own order. */
export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';
const roles: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}

/** A rule of a ruleset, in the words of GitHub's REST description. */
export interface Rule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** One update of a ref. */
export interface Activity {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly timestamp: string;
  readonly type: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion' | 'pr_merge' | 'merge_queue_merge';
  readonly actor: User;
}

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Comment {
  readonly id: number;
  readonly user: User;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

/** What happened to an issue or a pull request, for its timeline. */
export interface Happening {
  readonly id: number;
  readonly event: string;
  readonly actor: User;
  readonly createdAt: string;
  readonly commitId?: string;
  /** What this kind of event has beside, in GitHub's words. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export type Verdict = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';

export interface Review {
  readonly id: number;
  readonly user: User;
  state: Verdict;
  readonly body: string;
  /** Null once GitHub no longer has the commit. */
  commitId: string | null;
  readonly submittedAt: string;
  /** What the pull request changed when the review was given (`diffKey`). */
  readonly diff: string;
  /** How often the head's changes had been changed by a push when the review was given. */
  readonly pushes: number;
}

export interface Pull {
  draft: boolean;
  /** Whether those who may write to the base may push to its fork's branch. */
  readonly maintainerCanModify: boolean;
  /** Undefined once the fork is gone. */
  headRepo: Repo | undefined;
  headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  mergedAt: string | null;
  mergedBy: User | undefined;
  mergeCommit: string | null;
  /** Commits on the base branch that this pull request brought there. */
  landed: readonly string[];
  requested: User[];
  readonly reviews: Review[];
  lastPusher: User;
  /** Counts pushes that changed what the pull request changes. */
  pushes: number;
}

/** An issue, or with `pull` a pull request: they share their numbers. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly user: User;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | null;
  labels: string[];
  assignees: User[];
  locked: boolean;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: User | undefined;
  readonly comments: Comment[];
  readonly happenings: Happening[];
  readonly pull?: Pull;
}

export type PullRequest = Issue & { readonly pull: Pull };

/** What GitHub's documentation leaves open, each as it is read here by default. */
export interface Switches {
  /** Whether an owner's review is asked for although no approvals are; yes. */
  ownersWithoutCount: boolean;
  /** Whether the last push needs an approval where nothing else does; no. */
  lastPushAlone: boolean;
}

export interface Repo {
  readonly id: number;
  readonly owner: User;
  name: string;
  readonly private: boolean;
  readonly bare: Bare;
  readonly parent: Repo | undefined;
  readonly defaultBranch: string;
  readonly createdAt: string;
  readonly collaborators: Map<User, Role>;
  readonly issues: Issue[];
  readonly labels: Label[];
  readonly checks: Check[];
  readonly rulesets: Ruleset[];
  readonly activity: Activity[];
  readonly runs: WorkflowRun[];
  /** Merge methods switched on, whether merged branches are deleted, and whether workflows open and approve. */
  readonly settings: {
    merge: boolean;
    squash: boolean;
    rebase: boolean;
    deleteBranchOnMerge: boolean;
    actionsApprove: boolean;
  };
}

/** Everything the hub knows beside git. */
export interface World {
  readonly users: User[];
  readonly repos: Repo[];
  readonly tokens: Map<string, Bearer>;
  /** The only clock; every request that writes moves it on by a second. */
  readonly clock: { now: number };
  readonly ids: { next: number };
  /** How often something new is asked for before the answer knows it. */
  readonly lag: { pulls: number; mergeable: number; readonly asked: Map<string, number> };
  readonly switches: Switches;
  /** Requests an hour that workflows and apps have, and what everybody has spent. */
  readonly budget: { workflow: number; readonly spent: Map<string, { readonly since: number; used: number }> };
  /** Where repositories are made. */
  readonly directory: string;
  url: string;
}

/** Who stands behind a token, and what the token may do at most. */
export interface Bearer {
  readonly user: User;
  /** A workflow's or an app's token has a list of permissions; a person's has none and may what the person may. */
  readonly permissions?: Readonly<Record<string, 'read' | 'write' | 'none'>>;
  /** Beyond these repositories the token sees nothing that is private. */
  readonly repos?: readonly Repo[];
}

export function nextId(world: World): number {
  world.ids.next += 1;
  return world.ids.next;
}

/** The hub's time, as GitHub writes it. */
export function timestamp(world: World): string {
  return new Date(world.clock.now).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Where somebody's login or id is not known. */
export function userNamed(world: World, login: string): User | undefined {
  return world.users.find((user) => !user.deleted && user.login.toLowerCase() === login.toLowerCase());
}

export function roleOf(repo: Repo, user: User): Role {
  if (user.deleted) return 'none';
  if (repo.owner === user) return 'admin';
  return repo.collaborators.get(user) ?? (repo.private ? 'none' : 'read');
}

/** The bot that workflows' tokens act as. */
export const actionsBot = { login: 'github-actions[bot]', id: 41_898_282, app: 15_368 };

/** The app behind a bot; of others than GitHub Actions, it goes by the bot's own id. */
export function appOf(bot: User): number {
  return bot.id === actionsBot.id ? actionsBot.app : bot.id;
}

/** How commits name a user. */
export function signatureOf(world: World, user: User): Signature {
  const email = `${user.id}+${user.login}@users.noreply.github.com`;
  return { name: user.login, email, date: timestamp(world) };
}

/** What GitHub signs with where it commits in the web. */
export function hubSignature(world: World): Signature {
  return { name: 'GitHub', email: 'noreply@github.com', date: timestamp(world) };
}

export function isPull(issue: Issue): issue is PullRequest {
  return issue.pull !== undefined;
}

/** Writes an event into an issue's timeline. */
export function record(world: World, issue: Issue, happening: Omit<Happening, 'id' | 'createdAt'>): void {
  issue.happenings.push({ id: nextId(world), createdAt: timestamp(world), ...happening });
  issue.updatedAt = timestamp(world);
}
