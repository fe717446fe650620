import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Octokit } from '@octokit/rest';
import { type Actor, actorOf, clientOf, writeFiles } from './actor.ts';
import { type Exchange, respond } from './dispatch.ts';
import { type Event, payloadOf } from './events.ts';
import { type Fault, Faults } from './faults.ts';
import { git } from './git/git.ts';
import { addUser, fork, newRepo, newToken, rulesetOf } from './make.ts';
import type { Ruleset } from './rules/ruleset.ts';
import { listen } from './server.ts';
import { answerGit } from './smart-http.ts';
import {
  actionsBot,
  type Bearer,
  type Repo,
  type Role,
  type Rule,
  type Switches,
  type User,
  userNamed,
  type World,
} from './world.ts';

/** How a hub begins. */
export interface HubOptions {
  /** `owner/name` of the repository, by default `acme/mesh`. */
  readonly repository?: string;
  /** People and what they may; the owner need not be named. */
  readonly people?: Readonly<Record<string, Role>>;
  /** Files of the first commit, on main, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Rules of main, from the start. */
  readonly rules?: readonly Rule[];
  /** Private by default. */
  readonly public?: boolean;
  /** The hub's time at its start, ISO 8601. */
  readonly now?: string;
}

/** A GitHub for tests: REST on loopback over a real repository on disk. */
export interface Hub {
  /** For `GITHUB_API_URL`. */
  readonly url: string;
  readonly world: World;
  /** The repository that it began with. */
  readonly repo: Repo;
  /** `owner/name`, for `GITHUB_REPOSITORY`. */
  readonly repository: string;
  /** The bare repository on disk, to read; what is pushed there directly is refused. */
  readonly directory: string;
  readonly journal: readonly Exchange[];
  /** What was asked or answered off GitHub's description; `close` throws where there is any. */
  readonly violations: readonly string[];
  /** Makes somebody with an account, by default with no rights. */
  readonly join: (login: string, role?: Role, more?: { id?: number; type?: 'User' | 'Bot' }) => User;
  readonly user: (login: string) => User;
  /** Gives somebody another role; `none` takes what they had. */
  readonly setRole: (login: string, role: Role) => void;
  /** Gives an account another login; anybody may take the old one. */
  readonly rename: (login: string, to: string) => void;
  /** Deletes an account: what it left is the ghost's. */
  readonly remove: (login: string) => void;
  /** A token of a person. */
  readonly token: (login: string) => string;
  /** A workflow's token, `github-actions[bot]`'s, with the permissions of its job. */
  readonly workflowToken: (permissions: NonNullable<Bearer['permissions']>) => string;
  /** GitHub's own client with a token, or with none. */
  readonly client: (token?: string) => Octokit;
  /** The token of an app that is installed in the repository, made with its bot where there is none. */
  readonly appToken: (bot: string, permissions: NonNullable<Bearer['permissions']>) => string;
  /** What somebody does by hand. */
  readonly as: (login: string) => Actor;
  /** The payload of an event, for the file that `GITHUB_EVENT_PATH` names; held to GitHub's schema. */
  readonly event: (event: Event, sender: string) => Record<string, unknown>;
  /** Where git clones from and pushes to, in somebody's name. */
  readonly remote: (token: string, repo?: Repo) => string;
  readonly setFaults: (faults: readonly Fault[]) => void;
  /** Replaces all rulesets by one on main, or by none. */
  readonly setRules: (rules: readonly Rule[], bypass?: Ruleset['bypass_actors']) => void;
  /** How often the pulls of a newly merged commit, or whether one can be merged, are asked for in vain. */
  readonly setLag: (pulls: number, mergeable?: number) => void;
  /** What GitHub's documentation leaves open. */
  readonly switches: Switches;
  /** Requests an hour that workflows and apps have, by default 1000. */
  readonly setBudget: (requests: number) => void;
  /** Moves the hub's clock on. */
  readonly wait: (milliseconds: number) => void;
  /** A fork of the repository, owned by somebody. */
  readonly fork: (login: string) => Repo;
  /** A working copy of a repository, by default the first, made anew; pushes go through the hub, by default as the owner's. */
  readonly clone: (directory: string, options?: { depth?: number; repo?: Repo; as?: string }) => void;
  /** GitHub forgets a commit that no ref leads to: it is not found any more, and reviews of it have none. */
  readonly forget: (commit: string) => void;
  /** The commit that a branch points to. */
  readonly tip: (branch?: string, repo?: Repo) => string;
  /** Stops it, removes its files, and throws where an exchange was off GitHub's description. */
  readonly close: () => Promise<void>;
}

/** Starts a hub. */
export async function startHub(options: HubOptions = {}): Promise<Hub> {
  const world: World = {
    ...{
      users: [],
      repos: [],
      tokens: new Map(),
      ids: { next: 1000 },
      lag: { pulls: 0, mergeable: 0, asked: new Map() },
      url: '',
    },
    budget: { workflow: 1000, spent: new Map() },
    switches: { ownersWithoutCount: true, lastPushAlone: false },
    clock: { now: Date.parse(options.now ?? '2026-11-22T09:00:00Z') },
    directory: mkdtempSync(join(tmpdir(), 'meshgate-hub-')),
  };
  const [ownerName = '', name = ''] = (options.repository ?? 'acme/mesh').split('/');
  const repo = newRepo(world, { owner: addUser(world, ownerName), name, isPrivate: options.public !== true });
  const bot = addUser(world, actionsBot.login, { id: actionsBot.id, type: 'Bot' });
  repo.collaborators.set(bot, 'write');
  const surroundings = { world, faults: new Faults(), journal: [] as Exchange[], violations: [] as string[] };
  const { url, stop } = await listen({
    rest: (incoming) => respond(surroundings, incoming),
    git: (request) => answerGit(world, request),
  });
  world.url = url;
  const find = (login: string) => {
    const user = userNamed(world, login);
    if (!user) throw new Error(`nobody is called ${login}`);
    return user;
  };
  const hub: Hub = {
    ...{ url, world, repo, repository: `${ownerName}/${name}`, directory: repo.bare.directory },
    switches: world.switches,
    ...{ journal: surroundings.journal, violations: surroundings.violations, user: find },
    join: (login, role = 'none', more = {}) => {
      const user = addUser(world, login, more);
      if (role !== 'none') repo.collaborators.set(user, role);
      return user;
    },
    setRole: (login, role) => {
      if (role === 'none') repo.collaborators.delete(find(login));
      else repo.collaborators.set(find(login), role);
    },
    rename: (login, to) => {
      if (userNamed(world, to)) throw new Error(`somebody is called ${to} already`);
      find(login).login = to;
    },
    remove: (login) => {
      const user = find(login);
      user.deleted = true;
      repo.collaborators.delete(user);
    },
    token: (login) => newToken(world, { user: find(login) }),
    workflowToken: (permissions) => newToken(world, { user: bot, permissions, repos: [repo] }),
    client: (token) => clientOf(url, token),
    appToken: (login, permissions) => {
      const app = userNamed(world, login) ?? addUser(world, login, { type: 'Bot' });
      repo.collaborators.set(app, 'write');
      return newToken(world, { user: app, permissions, repos: [repo] });
    },
    as: (login) => actorOf(hub, find(login)),
    remote: (token, { owner, name: called } = repo) =>
      `${url.replace('http://', `http://x-access-token:${token}@`)}/${owner.login}/${called}.git`,
    event: (event, sender) => payloadOf(world, repo, { event, sender: find(sender) }),
    setFaults: (faults) => surroundings.faults.set(faults),
    setRules: (rules, bypass = []) => {
      repo.rulesets.splice(0);
      if (rules.length > 0) repo.rulesets.push(rulesetOf(world, rules, bypass));
    },
    setLag: (pulls, mergeable = 0) => {
      Object.assign(world.lag, { pulls, mergeable });
    },
    setBudget: (requests) => {
      world.budget.workflow = requests;
    },
    wait: (milliseconds) => {
      world.clock.now += milliseconds;
    },
    fork: (login) => fork(world, repo, find(login)),
    clone: (directory, { depth, repo: from = repo, as = from.owner.login } = {}) => {
      const shallow = depth === undefined ? [] : ['--depth', String(depth)];
      git('/', ['clone', '--quiet', ...shallow, `file://${from.bare.directory}`, directory]);
      git(directory, ['remote', 'set-url', '--push', 'origin', hub.remote(hub.token(as), from)]);
    },
    forget: (commit) => {
      repo.bare.forgotten.add(commit);
      for (const issue of repo.issues)
        for (const review of issue.pull?.reviews ?? []) if (review.commitId === commit) review.commitId = null;
    },
    tip: (branch = repo.defaultBranch, from = repo) => {
      const id = from.bare.ref(`refs/heads/${branch}`);
      if (id === undefined) throw new Error(`there is no branch ${branch}`);
      return id;
    },
    close: async () => {
      await stop();
      rmSync(world.directory, { recursive: true, force: true });
      const { violations } = surroundings;
      if (violations.length > 0) throw new Error(`off GitHub's description:\n${violations.join('\n')}`);
    },
  };
  for (const [login, role] of Object.entries(options.people ?? {})) hub.join(login, role);
  writeFiles(world, repo, {
    by: repo.owner,
    branch: 'main',
    files: options.files ?? { 'README.md': '# mesh\n' },
    message: 'Begin',
  });
  hub.setRules(options.rules ?? []);
  return hub;
}
