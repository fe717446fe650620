import { type Rate, rateHeaders, spend } from './budget.ts';
import { type Answer, type Call, notFound, type Operation, type Operations, Refusal, type RepoCall } from './call.ts';
import { Contract } from './contract/contract.ts';
import { type Described, Description } from './contract/description.ts';
import { routerOf } from './contract/router.ts';
import { type Fault, type Faults, faultAnswer } from './faults.ts';
import { viewerAnswer, viewerQuery } from './graphql.ts';
import { actions } from './operations/actions.ts';
import { checks } from './operations/checks.ts';
import { contents } from './operations/contents.ts';
import { gitData } from './operations/git-data.ts';
import { issues } from './operations/issues.ts';
import { labels } from './operations/labels.ts';
import { merging } from './operations/merging.ts';
import { people } from './operations/people.ts';
import { pulls } from './operations/pulls.ts';
import { repos } from './operations/repos.ts';
import { reviews } from './operations/reviews.ts';
import { rules } from './operations/rules.ts';
import { timeline } from './operations/timeline.ts';
import { type Bearer, isAtLeast, type Repo, roleOf, type User, type World } from './world.ts';

/** Every operation that the hub knows; paths, parameters and answers are GitHub's description's. */
const operations: Operations = {
  ...repos,
  ...contents,
  ...gitData,
  ...pulls,
  ...reviews,
  ...merging,
  ...issues,
  ...labels,
  ...timeline,
  ...checks,
  ...rules,
  ...actions,
  ...people,
};

const description = new Description(Object.keys(operations));
const route = routerOf(description.operations);
const contract = new Contract(description);

/** A request as it comes from the wire. */
export interface Incoming {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What becomes of a request. */
export type Outcome = Answer | 'drop';

/** One exchange, for the journal. */
export interface Exchange {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly user: string;
  readonly status: number | 'drop';
  readonly body: unknown;
}

/** What a request meets on its way. */
export interface Surroundings {
  readonly world: World;
  readonly faults: Faults;
  readonly journal: Exchange[];
  /** What was asked or answered off GitHub's description. */
  readonly violations: string[];
}

/** Answers a request as GitHub does; that the hub itself breaks is told, too, and no answer of GitHub's. */
export function respond(surroundings: Surroundings, incoming: Incoming): Outcome {
  try {
    return outcomeOf(surroundings, incoming);
  } catch (thrown) {
    const told = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    surroundings.violations.push(`${incoming.method} ${incoming.url}: the hub broke: ${told}`);
    return { status: 500, body: { message: 'The stand-in for GitHub broke' } };
  }
}

function outcomeOf(surroundings: Surroundings, incoming: Incoming): Outcome {
  const { world, faults, journal, violations } = surroundings;
  const [path = '', search = ''] = incoming.url.split('?', 2);
  const routed = route(incoming.method, path);
  const told = (fault: string) => violations.push(`${incoming.method} ${incoming.url}: ${fault}`);
  if (path === '/graphql') return graphql(surroundings, incoming);
  if (routed === undefined) {
    told('the hub has no such operation');
    return { status: 501, body: { message: 'The stand-in for GitHub has no such operation' } };
  }
  const { operation } = routed;
  const query = Object.fromEntries(new URLSearchParams(search));
  const body = parsed(incoming.body);
  const bearer = bearerOf(world, incoming.authorization);
  const fault = faults.strike(operation.id);
  const note = (status: number | 'drop') =>
    journal.push({
      operation: operation.id,
      method: incoming.method,
      path: incoming.url,
      user: bearer?.user.login ?? '',
      status,
      body,
    });
  if (fault?.kind === 'drop-before') {
    note('drop');
    return 'drop';
  }
  for (const wrong of contract.requestFaults(operation, { path: routed.path, query, body }))
    told(`asked off the description: ${wrong}`);
  const call = {
    world,
    operation: operation.id,
    path: { ...routed.path, '': path },
    query,
    body: (body ?? {}) as Call['body'],
  };
  const rate = spend(world, bearer, operation.id === 'rate-limit/get' ? 0 : 1);
  const given = answerTo({ operation, call, bearer, fault, rate });
  const answer = { ...given, headers: { ...rateHeaders(rate), ...given.headers } };
  for (const wrong of contract.answerFaults(operation, answer))
    told(`answered ${answer.status} off the description: ${wrong}`);
  note(fault?.kind === 'drop-after' ? 'drop' : answer.status);
  return fault?.kind === 'drop-after' ? 'drop' : answer;
}

function graphql({ world, journal, violations, faults }: Surroundings, incoming: Incoming): Outcome {
  const body = parsed(incoming.body) as { readonly query?: string } | undefined;
  if (!viewerQuery.test(body?.query ?? '')) violations.push(`graphql: the hub has no answer to ${incoming.body}`);
  const bearer = bearerOf(world, incoming.authorization);
  const fault = faults.strike('graphql');
  const answer = fault === undefined ? viewerAnswer(bearer) : faultAnswer(fault);
  const { method, url } = incoming;
  journal.push({
    operation: 'graphql',
    method,
    path: url,
    user: bearer?.user.login ?? '',
    status: answer.status,
    body,
  });
  return { ...answer, headers: { ...rateHeaders(spend(world, bearer, 0)), ...answer.headers } };
}

/** What a request is answered with: by its fault, for want of budget, or for what it asks. */
function answerTo(given: {
  readonly operation: Described;
  readonly call: Omit<Call, 'user' | 'bearer'>;
  readonly bearer: Bearer | undefined;
  readonly fault: Fault | undefined;
  readonly rate: Rate;
}): Answer {
  const { operation, call, bearer, fault, rate } = given;
  if (fault && fault.kind !== 'drop-after') return faultAnswer(fault);
  if (rate.remaining < 0 && operation.id !== 'rate-limit/get')
    return new Refusal(403, 'API rate limit exceeded for installation.').answer;
  return carriedOut(operation, call, bearer);
}

function parsed(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text);
}

function bearerOf(world: World, authorization: string | undefined): Bearer | undefined {
  const token = /^(?:token|bearer) (.+)$/i.exec(authorization ?? '')?.[1];
  return token === undefined ? undefined : (world.tokens.get(token) ?? { user: stranger });
}

const anonymous: User = { id: 0, login: '', type: 'User', deleted: false };
/** Whoever shows a token that is nobody's, or a deleted account's. */
const stranger: User = { ...anonymous, deleted: true };

function carriedOut(operation: Described, call: Omit<Call, 'user' | 'bearer'>, bearer: Bearer | undefined): Answer {
  const wanted = operations[operation.id];
  if (wanted === undefined) throw new Error(`the hub does not know ${operation.id}`);
  const { world } = call;
  try {
    if (bearer?.user.deleted === true) throw new Refusal(401, 'Bad credentials');
    const known = { ...call, bearer: bearer ?? { user: anonymous }, user: bearer?.user ?? anonymous };
    const admitted = admit(known, wanted);
    if (operation.method !== 'GET' && known.user === anonymous) throw new Refusal(401, 'Requires authentication');
    // Whatever writes takes a second, so that the order of events can be told from their times.
    if (operation.method !== 'GET') world.clock.now += 1000;
    return wanted.run(admitted);
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.answer;
    throw thrown;
  }
}

/** Lets a caller in who may see the repository, and do what is asked there. */
function admit(call: Call, { scope, role }: Operation): RepoCall {
  const { world, path, user, bearer } = call;
  const nobody = { ...call, repo: undefined as unknown as Repo };
  if (role === undefined) {
    if (user === anonymous && call.operation === 'users/get-authenticated')
      throw new Refusal(401, 'Requires authentication');
    return nobody;
  }
  const repo = world.repos.find(({ owner, name }) => same(owner.login, path['owner']) && same(name, path['repo']));
  if (repo === undefined) throw notFound();
  const inside = bearer.permissions === undefined || bearer.repos === undefined || bearer.repos.includes(repo);
  const had = bearer.permissions === undefined ? roleOf(repo, user) : inside ? 'admin' : repo.private ? 'none' : 'read';
  if (!isAtLeast(had, 'read')) throw notFound();
  if (!isAtLeast(had, role))
    throw user === anonymous
      ? new Refusal(401, 'Requires authentication')
      : new Refusal(403, 'Must have more rights to the repository.');
  if (bearer.permissions !== undefined && !granted(bearer.permissions, scope, repo))
    throw new Refusal(403, 'Resource not accessible by integration');
  return { ...call, repo };
}

function same(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

/** Issue and pull request permissions open the same doors to comments, labels and timelines. */
function granted(permissions: NonNullable<Bearer['permissions']>, scope: Operation['scope'], repo: Repo): boolean {
  const [area = '', level = ''] = scope?.split(':') ?? [];
  if (area === 'metadata' || (level === 'read' && !repo.private)) return true;
  const areas = area === 'issues' ? ['issues', 'pull_requests'] : [area];
  return areas.some((name) => permissions[name] === 'write' || (level === 'read' && permissions[name] === 'read'));
}
