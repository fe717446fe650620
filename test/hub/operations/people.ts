import { type Rate, spend } from '../budget.ts';
import { type Call, notFound, type Operations, ok, page, Refusal, type RepoCall } from '../call.ts';
import { renderPublicUser, renderUser } from '../render/shapes.ts';
import { isAtLeast, type Role, roleOf, type User, userNamed } from '../world.ts';

/** People, what they may do, and what is left of the hour's requests. */
export const people: Operations = {
  'users/get-authenticated': {
    run: (call) => {
      // A workflow's token is nobody's.
      if (call.bearer.permissions !== undefined) throw forbidden();
      return ok(renderPublicUser(call.world, call.user));
    },
  },
  'users/get-by-username': { run: (call) => shown(call, userNamed(call.world, String(call.path['username']))) },
  'users/get-by-id': {
    run: (call) =>
      shown(
        call,
        call.world.users.find(({ id, deleted }) => !deleted && id === Number(call.path['account_id'])),
      ),
  },
  'repos/list-collaborators': {
    scope: 'metadata:read',
    role: 'write',
    run: (call) =>
      page(
        call,
        [call.repo.owner, ...call.repo.collaborators.keys()].filter(({ deleted }) => !deleted),
        (user) => renderCollaborator(call, user),
      ),
  },
  'repos/get-collaborator-permission-level': { scope: 'metadata:read', role: 'read', run: permission },
  'teams/get-by-name': { run: unseen },
  'teams/list-members-in-org': { run: unseen },
  'teams/get-membership-for-user-in-org': {
    run: () => ({ status: 404 }),
  },
  'rate-limit/get': {
    run: ({ world, user, bearer }) => {
      // To ask costs nothing.
      const rate = left(spend(world, user.login === '' ? undefined : bearer, 0));
      return ok({ resources: { core: rate, search: { ...rate, limit: 30, remaining: 30 } }, rate });
    },
  },
};

function left(rate: Rate): Rate {
  return { ...rate, remaining: Math.max(rate.remaining, 0) };
}

function forbidden() {
  return new Refusal(403, 'Resource not accessible by integration');
}

/** No token here may see an organization's members: a workflow's never can. */
function unseen(): never {
  throw notFound();
}

function shown({ world }: Call, user: User | undefined) {
  if (user === undefined) throw notFound();
  return ok(renderPublicUser(world, user));
}

/** Older answers know four levels only. */
const levels: Readonly<Record<Role, string>> = {
  ...{ none: 'none', read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin' },
};

function permission(call: RepoCall) {
  const user = userNamed(call.world, String(call.path['username']));
  if (user === undefined) throw notFound();
  const role = roleOf(call.repo, user);
  return ok({ permission: levels[role], role_name: role, user: renderCollaborator(call, user) });
}

function renderCollaborator({ world, repo }: RepoCall, user: User) {
  const role = roleOf(repo, user);
  const has = (least: Role) => isAtLeast(role, least);
  const permissions = {
    pull: has('read'),
    triage: has('triage'),
    push: has('write'),
    maintain: has('maintain'),
    admin: has('admin'),
  };
  return { ...renderUser(world, user), permissions, role_name: role };
}
