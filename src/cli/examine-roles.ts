import type { LakeOptions as Connection } from '../aws/lake.ts';
import { connectRoles } from '../aws/roles.ts';
import { memberPolicies, ownPolicy, type Statement } from '../bootstrap/policies.ts';
import { type Site, siteOf } from '../bootstrap/site.ts';
import { providerArn, trustCentral, trustGitHub } from '../bootstrap/trust.ts';
import { shareActions } from '../core/actions.ts';
import { type RepositoryIdentity, repositoryIn, toRepositoryIdentity } from '../core/github-trust.ts';
import type { Read, RightsQuestion, RoleInspector, Simulated } from '../core/inspection.ts';
import type { Caller } from '../core/lake.ts';
import type { Observed } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { RoleReading } from '../doctor/reading.ts';
import { attempting } from './attempts.ts';
import type { Console } from './console.ts';
import type { DoctorOptions } from './options.ts';

/** A mesh whose central lake was read, and by whom. */
export interface Examined {
  readonly declaration: Declaration;
  readonly observed: Observed;
  readonly caller: Caller;
  /** How the central account is reached. */
  readonly patience: Connection;
  readonly options: DoctorOptions;
  readonly console: Pick<Console, 'env'>;
}

const kinds = ['observe', 'apply'] as const;

/** The roles of Meshgate in an account: whom they trust, beside whom bootstrap would let them trust, and what they may do. */
export async function rolesAt(
  called: string,
  { declaration, console }: Pick<Examined, 'declaration' | 'console'>,
  connection: Connection,
): Promise<readonly RoleReading[]> {
  const site = siteOf(declaration, called);
  if (site === undefined) return [];
  const inspector = connectRoles(connection);
  const states = await Promise.all(kinds.map((kind) => told('GetRole', inspector.role(site.roles[kind]))));
  const trusts = states.flatMap((state) => (state.isRead ? (state.value?.trust ?? []) : []));
  const repository = repositoryOf(trusts, console.env);
  return Promise.all(
    kinds.map(async (kind, index): Promise<RoleReading> => {
      const state = states[index] ?? (await told('GetRole', inspector.role(site.roles[kind])));
      const role = state.isRead ? state.value : undefined;
      return {
        site: called,
        account: site.account,
        name: site.roles[kind],
        isNeeded: !site.duties.includes('central'),
        state,
        expected: expectedOf(site, kind, { repository, trust: role?.trust ?? '' }),
        rights: role === undefined ? undefined : await rightsOf(inspector, role.arn, questionsFor(site, kind)),
      };
    }),
  );
}

/** What IAM says the caller may do of what apply does in the central account. */
export async function rightsOfCaller({ declaration, caller, patience }: Examined): Promise<Read<readonly Simulated[]>> {
  const site = siteOf(declaration, 'central');
  const inspector = connectRoles(patience);
  // A session's ARN does not hold its role's path.
  const name = /:assumed-role\/([^/]+)\//.exec(caller.arn)?.[1];
  const role = name === undefined ? undefined : await told('GetRole', inspector.role(name));
  if (role !== undefined && !role.isRead) return role;
  const questions = site === undefined ? [] : questionsFor(site, 'apply');
  return rightsOf(inspector, role?.value?.arn ?? caller.arn, questions);
}

async function rightsOf(
  inspector: RoleInspector,
  arn: string,
  questions: readonly RightsQuestion[],
): Promise<Read<readonly Simulated[]>> {
  const operation = 'SimulatePrincipalPolicy';
  const answers = await Promise.all(questions.map((question) => told(operation, inspector.simulate(arn, question))));
  const found: Simulated[] = [];
  for (const answer of answers) {
    if (!answer.isRead) return answer;
    found.push(...answer.value);
  }
  return { isRead: true, value: found };
}

function told<T>(operation: string, asking: Promise<T>): Promise<Read<T>> {
  return attempting(new Map(), operation, asking);
}

/** What bootstrap's policies are to allow, each statement with resources and circumstances that fit it. */
function questionsFor(site: Site, kind: 'observe' | 'apply'): readonly RightsQuestion[] {
  const isCentral = site.duties.includes('central');
  // The managed policy of AWS holds these to shares of Lake Formation.
  const sharing = {
    actions: shareActions,
    resources: ['*'],
    context: { 'ram:ResourceShareName': 'LakeFormation-x', 'ram:RequestedResourceType': 'glue:Table' },
  };
  return [
    ...[ownPolicy(site, kind), ...(isCentral ? memberPolicies(site, kind) : [])].flat().map((one) => ask(one, site)),
    ...(isCentral && kind === 'apply' ? [sharing] : []),
  ];
}

function ask({ Action, Resource, Condition = {} }: Statement, { central }: Site): RightsQuestion {
  const resources = listOf(Resource).map((resource) =>
    resource === '*' ? '*' : resource.replace(':*:', `:${central.account}:`).replaceAll('*', 'x'),
  );
  const context = Object.values(Condition).flatMap((keys) =>
    Object.entries(keys).map(([key, value]) => [key, (listOf(value)[0] ?? '').replaceAll('*', 'x')] as const),
  );
  return { actions: listOf(Action), resources, context: Object.fromEntries(context) };
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** The repository of the mesh: as GitHub Actions says, else as the roles themselves name it. */
function repositoryOf(trusts: readonly string[], env: Console['env']): RepositoryIdentity | undefined {
  const { GITHUB_REPOSITORY: full = '', GITHUB_REPOSITORY_ID: id, GITHUB_REPOSITORY_OWNER_ID: ownerId } = env;
  const [owner, name] = full.split('/');
  return toRepositoryIdentity(`${owner}@${ownerId}/${name}@${id}`) ?? repositoryIn(trusts.join('\n'));
}

interface Known {
  readonly repository: RepositoryIdentity | undefined;
  /** The trust policy as it is. */
  readonly trust: string;
}

function expectedOf(site: Site, kind: 'observe' | 'apply', { repository, trust }: Known): RoleReading['expected'] {
  if (!site.duties.includes('central')) return trustCentral(site, kind);
  if (repository === undefined) return undefined;
  // Bootstrap is told whether pull requests may be read for.
  const isForPullRequests = trust.includes(':pull_request');
  const Principal = { Federated: providerArn(site) };
  return trustGitHub(site, kind, { repository, isForPullRequests }).map((one) => ({ ...one, Principal }));
}
