import { created, noContent, notFound, type Operations, ok, page, type RepoCall } from '../call.ts';
import { nodeId } from '../render/shapes.ts';
import { rulesOn } from '../rules/branch-rules.ts';
import { ownerNamed, ownersAt } from '../rules/owner-rules.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { isAtLeast, nextId, roleOf, timestamp } from '../world.ts';

/** Rulesets, the rules of a branch, and what GitHub says of CODEOWNERS. */
export const rules: Operations = {
  'repos/get-branch-rules': {
    scope: 'metadata:read',
    role: 'read',
    run: (call) =>
      page(call, rulesOn(call.repo, `refs/heads/${call.path['branch']}`), ({ rule, ruleset }) => ({
        ...rule,
        ruleset_source_type: 'Repository',
        ruleset_source: `${call.repo.owner.login}/${call.repo.name}`,
        ruleset_id: ruleset.id,
      })),
  },
  'repos/get-repo-rulesets': {
    scope: 'metadata:read',
    role: 'read',
    run: (call) =>
      page(call, call.repo.rulesets, (ruleset) => {
        const { rules: _, conditions: __, bypass_actors: ___, ...row } = renderRuleset(call, ruleset);
        return row;
      }),
  },
  'repos/get-repo-ruleset': {
    scope: 'metadata:read',
    role: 'read',
    run: (call) => ok(renderRuleset(call, rulesetOf(call))),
  },
  'repos/create-repo-ruleset': { scope: 'administration:write', role: 'admin', run: create },
  'repos/update-repo-ruleset': {
    scope: 'administration:write',
    role: 'admin',
    run: (call) => {
      const ruleset = rulesetOf(call);
      Object.assign(ruleset, call.body, { updatedAt: timestamp(call.world) });
      return ok(renderRuleset(call, ruleset));
    },
  },
  'repos/delete-repo-ruleset': {
    scope: 'administration:write',
    role: 'admin',
    run: (call) => {
      call.repo.rulesets.splice(call.repo.rulesets.indexOf(rulesetOf(call)), 1);
      return noContent;
    },
  },
  'repos/codeowners-errors': { scope: 'contents:read', role: 'read', run: ownerErrors },
};

function create(call: RepoCall) {
  const { world, repo, body } = call;
  const ruleset: Ruleset = {
    id: nextId(world),
    name: String(body['name']),
    target: body['target'] ?? 'branch',
    enforcement: body['enforcement'],
    conditions: body['conditions'] ?? { ref_name: { include: [], exclude: [] } },
    rules: body['rules'] ?? [],
    bypass_actors: body['bypass_actors'] ?? [],
    createdAt: timestamp(world),
    updatedAt: timestamp(world),
  };
  repo.rulesets.push(ruleset);
  return created(renderRuleset(call, ruleset));
}

function rulesetOf({ repo, path }: RepoCall): Ruleset {
  const found = repo.rulesets.find(({ id }) => id === Number(path['ruleset_id']));
  if (!found) throw notFound();
  return found;
}

/** Who may bypass is shown only to those who may edit the ruleset. */
function renderRuleset({ world, repo, user, bearer }: RepoCall, ruleset: Ruleset) {
  const isAdmin = isAtLeast(roleOf(repo, user), 'admin') && bearer.permissions === undefined;
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: 'Repository',
    source: `${repo.owner.login}/${repo.name}`,
    enforcement: ruleset.enforcement,
    conditions: ruleset.conditions,
    rules: ruleset.rules,
    node_id: nodeId('Ruleset', ruleset.id),
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
    ...(isAdmin ? { bypass_actors: ruleset.bypass_actors } : {}),
    _links: { self: { href: `${world.url}/repos/${repo.owner.login}/${repo.name}/rulesets/${ruleset.id}` } },
  };
}

function ownerErrors(call: RepoCall) {
  const { world, repo, query } = call;
  const ref = query['ref'] ?? repo.defaultBranch;
  const commit = repo.bare.ref(`refs/heads/${ref}`) ?? repo.bare.resolve(ref);
  const found = commit === undefined ? undefined : ownersAt(repo, commit);
  if (found === undefined) throw notFound();
  const { path } = found;
  const unknown = found.owners.lines.flatMap(({ line, source, owners }) =>
    owners
      .filter(({ name }) => ownerNamed(world, repo, name) === undefined)
      .map(({ name, column }) => ({
        line,
        column,
        source,
        kind: 'Unknown owner',
        message: `Unknown owner on line ${line}: make sure ${name} exists and has write access to the repository\n\n  ${source}\n  ${' '.repeat(column - 1)}^`,
      })),
  );
  const errors = [...found.owners.faults, ...unknown].toSorted(
    (one, other) => one.line - other.line || one.column - other.column,
  );
  return ok({ errors: errors.map((error) => ({ ...error, suggestion: null, path })) });
}
