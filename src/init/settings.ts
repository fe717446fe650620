import { branch } from '../core/github-trust.ts';

/** A setting to be switched on outside the files of the repository. */
export interface Setting {
  readonly title: string;
  /** What it is for, and what to mind. */
  readonly why: string;
  /** Shell commands, with gh's own placeholders for the repository; one may take several lines. */
  readonly commands: readonly string[];
}

/** GitHub Actions, as the App from which the required check must come (`gh api apps/github-actions --jq .id`). */
const actionsApp = 15_368;

/** Asks for the user id of an App, as which it opens pull requests. */
const appUser = "$(gh api 'users/APP-NAME[bot]' --jq .id)";
/** Environments, each limited to the branch. */
const environments = ['mesh-apply', 'mesh-drift', 'mesh-intake'] as const;
/** Those whose jobs judge approvals. */
const judging = ['mesh-apply', 'mesh-drift'] as const;

/**
 * What guards approval where no file of the repository can: rules of the branch, environments, the rights of
 * workflows, and whom the roles in AWS trust. The rule's parameters are those of
 * https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset.
 */
export const settings: readonly Setting[] = [
  {
    title: 'Rules of the branch',
    why: `Nothing comes to ${branch} but by a pull request that its code owners approved as it is, checked and squashed; nobody may pass by the rules. No other approval is asked, so requests without personal data need nobody. Nobody approves their own pull request: have two administrators first. A single one has to be let by (bypass_actors, for pull requests), and moves the trust root after each merge.`,
    commands: [withInput('repos/{owner}/{repo}/rulesets --method POST', ruleset())],
  },
  {
    title: 'Rights of workflows',
    why: 'Workflows may read only unless they say otherwise, and none may approve a pull request, or any branch could.',
    commands: [
      'gh api repos/{owner}/{repo}/actions/permissions/workflow --method PUT -f default_workflow_permissions=read -F can_approve_pull_request_reviews=false',
      'gh api repos/{owner}/{repo}/actions/permissions --method PUT -F enabled=true -f allowed_actions=all -F sha_pinning_required=true',
    ],
  },
  {
    title: 'Environments',
    why: `Only jobs of ${branch} enter them: mesh-apply knows the role that writes, mesh-intake the key of the App for issue forms. They ask for no reviewers: approval is proven file by file.`,
    commands: environments.flatMap((name) => [
      withInput(`repos/{owner}/{repo}/environments/${name} --method PUT`, {
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      }),
      `gh api repos/{owner}/{repo}/environments/${name}/deployment-branch-policies --method POST -f name=${branch} -f type=branch`,
    ]),
  },
  {
    title: 'The trust root, and the App that may speak for others',
    why: `The trust root is the commit of ${branch} whose mesh files count as approved: where the mesh starts. Look over them first. It is moved only where nobody else could approve. Set both in both environments, and the App to 0 where there is none: whoever may write to the repository may set variables of the repository, which count where the environment has none; those of an environment are for administrators.`,
    commands: judging.flatMap((name) => [
      `gh variable set MESHGATE_TRUST_ROOT --env ${name} --body "$(git rev-parse origin/${branch})"`,
      `gh variable set MESHGATE_APP_USER --env ${name} --body 0`,
    ]),
  },
  {
    title: 'The key of what is read again',
    why: 'Runs read back what they wrote where others may write, too: the incident that an administrator closes to say that they have looked, and answers of GitHub that are kept. Only what is sealed with this key is believed. Without it no incident can be acknowledged. Who has it could write what is believed, so nobody keeps it.',
    commands: ['openssl rand -hex 32 | gh secret set MESHGATE_CACHE_KEY --env mesh-apply'],
  },
  {
    title: 'The roles in AWS',
    why: `There are no keys of AWS anywhere. With credentials of an administrator of the central account this makes the provider by which AWS knows GitHub's tokens, and two roles: meshgate-apply, which writes, is trusted to the apply workflow on ${branch} in its environment alone, and meshgate-observe, which reads, to that of drift; with --pull-requests to pull requests, too, whose authors may then see what the lake grants. It shows what it would do, and asks; without --deploy it prints a template of CloudFormation with the steps around it. In every other account it is run with the name of the account's file.`,
    commands: [
      `npx meshgate bootstrap central --deploy --repository "$(gh api repos/{owner}/{repo} --jq '"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"')"`,
    ],
  },
  {
    title: 'Where the workflows find the roles',
    why: 'The variables of the repository serve the pull requests, which otherwise show what the files alone can tell.',
    commands: [
      'gh variable set MESHGATE_APPLY_ROLE --env mesh-apply --body arn:aws:iam::ACCOUNT:role/meshgate-apply',
      'gh variable set MESHGATE_REGION --env mesh-apply --body REGION',
      ...['--env mesh-drift ', ''].flatMap((where) => [
        `gh variable set MESHGATE_PLAN_ROLE ${where}--body arn:aws:iam::ACCOUNT:role/meshgate-observe`,
        `gh variable set MESHGATE_REGION ${where}--body REGION`,
      ]),
    ],
  },
  {
    title: 'Several jobs for a large mesh',
    why: 'Only where one job does not come to an end in time: so many jobs share the accounts, each with a part of them. A variable of the repository, since it decides which jobs there are, and nothing that is trusted.',
    commands: [`gh variable set MESHGATE_PARTS --body '["1/3", "2/3", "3/3"]'`],
  },
  {
    title: 'The issue form',
    why: 'For people without git. GitHub adds a label only where it exists. With a GitHub App of yours (contents and pull requests: write) the answers become a pull request; without one the issue is answered with a link that opens it.',
    commands: [
      'gh label create access-request --description "Asks for access to a data product"',
      'gh variable set MESHGATE_APP_CLIENT_ID --env mesh-intake --body CLIENT_ID',
      'gh secret set MESHGATE_APP_KEY --env mesh-intake < app.private-key.pem',
      `gh variable set MESHGATE_APP_USER --body "${appUser}"`,
      ...judging.map((name) => `gh variable set MESHGATE_APP_USER --env ${name} --body "${appUser}"`),
    ],
  },
];

/** The rules of the branch, as the API takes them. */
export function ruleset(): object {
  return {
    name: 'mesh',
    target: 'branch',
    enforcement: 'active',
    bypass_actors: [],
    conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'pull_request',
        parameters: {
          allowed_merge_methods: ['squash'],
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: true,
          require_last_push_approval: true,
          required_approving_review_count: 0,
          required_review_thread_resolution: false,
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: 'check', integration_id: actionsApp }],
        },
      },
    ],
  };
}

function withInput(call: string, body: object): string {
  const short = JSON.stringify(body);
  if (short.length <= 100) return `gh api ${call} --input - <<<'${short}'`;
  return `gh api ${call} --input - <<'JSON'\n${JSON.stringify(body, null, 2)}\nJSON`;
}
