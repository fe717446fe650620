import { created, issueOf, noContent, notFound, type Operations, ok, page, Refusal, type RepoCall } from '../call.ts';
import { renderLabel } from '../render/issues.ts';
import { type Issue, type Label, nextId, record } from '../world.ts';

/** Labels, of the repository and on issues. */
export const labels: Operations = {
  'issues/list-labels-for-repo': {
    scope: 'issues:read',
    role: 'read',
    run: (call) => page(call, call.repo.labels, (label) => renderLabel(call.world, call.repo, label)),
  },
  'issues/get-label': {
    scope: 'issues:read',
    role: 'read',
    run: (call) => {
      const label = labelNamed(call, String(call.path['name']));
      if (!label) throw notFound();
      return ok(renderLabel(call.world, call.repo, label));
    },
  },
  'issues/create-label': { scope: 'issues:write', role: 'write', run: create },
  'issues/list-labels-on-issue': {
    scope: 'issues:read',
    role: 'read',
    run: (call) => page(call, labelsOn(call, issueOf(call)), (label) => renderLabel(call.world, call.repo, label)),
  },
  'issues/add-labels': {
    scope: 'issues:write',
    role: 'triage',
    run: (call) => {
      const issue = issueOf(call);
      labelled(call, issue, namesIn(call));
      return ok(labelsOn(call, issue).map((label) => renderLabel(call.world, call.repo, label)));
    },
  },
  'issues/set-labels': {
    scope: 'issues:write',
    role: 'triage',
    run: (call) => {
      const issue = issueOf(call);
      issue.labels = [];
      labelled(call, issue, namesIn(call));
      return ok(labelsOn(call, issue).map((label) => renderLabel(call.world, call.repo, label)));
    },
  },
  'issues/remove-label': {
    scope: 'issues:write',
    role: 'triage',
    run: (call) => {
      const issue = issueOf(call);
      const label = labelNamed(call, String(call.path['name']));
      if (!label || !issue.labels.includes(label.name)) throw new Refusal(404, 'Label does not exist');
      issue.labels = issue.labels.filter((name) => name !== label.name);
      record(call.world, issue, {
        event: 'unlabeled',
        actor: call.user,
        more: { label: { name: label.name, color: label.color } },
      });
      return ok(labelsOn(call, issue).map((one) => renderLabel(call.world, call.repo, one)));
    },
  },
  'issues/delete-label': {
    scope: 'issues:write',
    role: 'write',
    run: (call) => {
      const label = labelNamed(call, String(call.path['name']));
      if (!label) throw notFound();
      call.repo.labels.splice(call.repo.labels.indexOf(label), 1);
      for (const issue of call.repo.issues) issue.labels = issue.labels.filter((name) => name !== label.name);
      return noContent;
    },
  },
};

/** Labels as a list, or in one. */
function namesIn({ body }: RepoCall): readonly string[] {
  const given = (Array.isArray(body) ? body : (body['labels'] ?? [])) as readonly (string | Label)[];
  return given.map((one) => (typeof one === 'string' ? one : one.name));
}

const longest = 50;

function create(call: RepoCall) {
  const { name, color = 'ededed', description = null } = call.body;
  if (labelNamed(call, String(name)))
    throw new Refusal(422, 'Validation Failed', {
      errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
    });
  if (String(name).length > longest) {
    const message = `name is too long (maximum is ${longest} characters)`;
    throw new Refusal(422, 'Validation Failed', {
      errors: [{ resource: 'Label', code: 'custom', field: 'name', message }],
    });
  }
  const label: Label = { id: nextId(call.world), name: String(name), color, description };
  call.repo.labels.push(label);
  return created(renderLabel(call.world, call.repo, label));
}

/** Labels have no case, and keep that of whoever made them. */
function labelNamed({ repo }: RepoCall, name: string): Label | undefined {
  return repo.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

function labelsOn({ repo }: RepoCall, issue: Issue): readonly Label[] {
  return repo.labels.filter(({ name }) => issue.labels.includes(name));
}

/** Puts labels on an issue; what the repository does not have yet is made. */
export function labelled(call: RepoCall, issue: Issue, names: readonly string[]): void {
  for (const name of names) {
    let label = labelNamed(call, name);
    if (!label) {
      label = { id: nextId(call.world), name, color: 'ededed', description: null };
      call.repo.labels.push(label);
    }
    if (issue.labels.includes(label.name)) continue;
    issue.labels.push(label.name);
    record(call.world, issue, {
      event: 'labeled',
      actor: call.user,
      more: { label: { name: label.name, color: label.color } },
    });
  }
}
