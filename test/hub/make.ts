import { join } from 'node:path';
import { Bare } from './git/bare.ts';
import type { Ruleset } from './rules/ruleset.ts';
import { type Bearer, nextId, type Repo, type Rule, timestamp, type User, userNamed, type World } from './world.ts';

/** Somebody with an account. */
export function addUser(
  world: World,
  login: string,
  { id, type = 'User' }: { id?: number; type?: User['type'] } = {},
): User {
  if (userNamed(world, login)) throw new Error(`somebody is called ${login} already`);
  const user: User = { id: id ?? nextId(world), login, type, deleted: false };
  world.users.push(user);
  return user;
}

/** A token, by which its bearer is known. */
export function newToken(world: World, bearer: Bearer): string {
  const token = `${bearer.permissions ? 'ghs' : 'ghp'}_hub${nextId(world)}`;
  world.tokens.set(token, bearer);
  return token;
}

/** A repository, empty. */
export function newRepo(
  world: World,
  { owner, name, isPrivate, parent }: { owner: User; name: string; isPrivate: boolean; parent?: Repo },
): Repo {
  const repo: Repo = {
    ...{
      id: nextId(world),
      owner,
      name,
      private: isPrivate,
      parent,
      defaultBranch: 'main',
      createdAt: timestamp(world),
    },
    ...{ collaborators: new Map(), issues: [], labels: [], checks: [], rulesets: [], activity: [], runs: [] },
    bare: Bare.create(join(world.directory, owner.login, `${name}.git`)),
    settings: { merge: true, squash: true, rebase: true, deleteBranchOnMerge: false, actionsApprove: false },
  };
  world.repos.push(repo);
  return repo;
}

/** A repository with the branches of another one, owned by somebody else. */
export function fork(world: World, parent: Repo, owner: User): Repo {
  const made = newRepo(world, { owner, name: parent.name, isPrivate: parent.private, parent });
  made.bare.run(['fetch', '--quiet', parent.bare.directory, '+refs/heads/*:refs/heads/*']);
  return made;
}

/** A ruleset on the default branch. */
export function rulesetOf(world: World, rules: readonly Rule[], bypass: Ruleset['bypass_actors']): Ruleset {
  return {
    ...{ id: nextId(world), name: 'main', target: 'branch', enforcement: 'active', rules, bypass_actors: bypass },
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    ...{ createdAt: timestamp(world), updatedAt: timestamp(world) },
  };
}
