import type { Approvals } from '../../core/approvals.ts';
import { join } from '../../core/fact.ts';
import { ForgeFailure } from '../../core/forge.ts';
import type { Hold } from '../../core/hold.ts';
import { LakeFailure } from '../../core/lake.ts';
import { isKnown, type Unknown } from '../../core/lifecycle.ts';
import type { AskedFact, Catalog, Desired } from '../../core/state.ts';
import type { Sources } from '../../core/subscriptions.ts';
import type { Declaration } from '../../declare/declaration.ts';
import { desire } from '../../desire/desire.ts';
import { safetyOf } from '../../desire/safety.ts';
import { declaredCatalog } from '../../desire/symbolic.ts';
import { type Seen, seenOf } from '../../lifecycle/known.ts';
import type { Console } from '../console.ts';
import { holdsFile } from '../holds-file.ts';
import { checkedOut, loadApprovals, loadMesh, principalNames } from '../load.ts';
import { type LakeOptions, SetupProblem } from '../options.ts';
import { type Prepares, prepareFor } from '../prepare.ts';
import { github } from '../record.ts';
import { broughtAt, type GoneSubscription, goneFrom, type Past, pastOf } from './past.ts';
import type { Requests } from './requests.ts';

/** How far back closed requests are looked at, in days, where nothing else is said. */
const closedDays = 90;

/** Options of the commands that tell how things stand. */
export interface LookOptions extends LakeOptions {
  /** Ask neither AWS nor GitHub. */
  readonly offline?: boolean;
}

/** All that git, GitHub and the lake tell of a mesh, each as far as it can be asked. */
export interface Look {
  readonly declaration: Declaration;
  readonly commit: string | null;
  readonly now: Date;
  readonly names: ReadonlyMap<string, string>;
  readonly past: Past | Unknown;
  readonly gone: ReadonlyMap<string, GoneSubscription>;
  readonly requests: Requests | Unknown;
  readonly lake: Seen | Unknown;
  /** The catalog, or what the product files say in its place. */
  readonly catalog: Catalog;
  /** Whether somebody can tell what is approved: a trust root, a file of proofs, GitHub. */
  readonly approvals: Approvers | Unknown;
  /** What each subscription asks, whatever the day; those that are gone as their last version says. */
  readonly asks: ReadonlyMap<string, Asked>;
  /** All holds, also those that are over. */
  readonly holds: readonly Hold[];
  /** Since when each of them is there, as far as git tells. */
  readonly holdsSince: ReadonlyMap<Hold, string>;
  /** All that the files ask, whatever the day and the holds. */
  readonly wanted: Desired;
  readonly sources: Sources;
  /** Whether something was asked and did not answer, or could not be read. */
  readonly isIncomplete: boolean;
}

/** What a subscription asks, with the classes that it touches. */
export interface Asked {
  readonly facts: readonly AskedFact[];
  readonly classes: readonly string[];
}

/** The paths that the trust root, or a file of proofs, answers for as they are. */
export interface Approvers {
  readonly trusted: ReadonlySet<string>;
}

const notAsked: Unknown = { unknown: 'it was not asked (--offline)' };

/** Looks at the mesh files, their history, the lake and the pull requests; what does not answer is said, and stops nothing. */
export async function look(given: LookOptions, console: Console, closedSince?: string): Promise<Look> {
  const { env } = console;
  const now = new Date();
  const isHosted = Boolean(env['GITHUB_REPOSITORY']) && Boolean(env['GITHUB_TOKEN']);
  const asksForge = given.offline !== true && (isHosted || given.approvals === github);
  const options: LookOptions = asksForge && given.approvals === undefined ? { ...given, approvals: github } : given;
  const declaration = await loadMesh(options.mesh);
  const checkout = await checkedOut(options.mesh);
  const { commit, uncommitted } = checkout;
  const sources = await loadApprovals(options, env);
  const own = options.holds === undefined ? [] : await holdsFile(options.holds, declaration);
  const [past, approvals, lake, requests] = await Promise.all([
    pastOf(options.mesh),
    approversOf(declaration, sources, options),
    options.offline === true
      ? notAsked
      : orUnknown(() => seen({ declaration, now, checkout, approvals: sources }, options, console)),
    asksForge
      ? orUnknown(async () => (await import('./requests.ts')).requestsAt(options, env, closedSince ?? daysBefore(now)))
      : options.offline === true
        ? notAsked
        : { unknown: 'GITHUB_REPOSITORY and GITHUB_TOKEN are not set' },
  ]);
  const gone = isKnown(past) ? await goneFrom(options.mesh, past, declaration) : new Map<string, GoneSubscription>();
  const catalog = isKnown(lake) ? lake.observed.catalog : declaredCatalog(declaration);
  const administrators = isKnown(lake) ? lake.observed.settings.administrators : [];
  const circumstances = { catalog, administrators, today: '0000-01-01' };
  const wanted = desire(declaration, circumstances);
  const asks = new Map([
    ...goneAsks(declaration, gone, circumstances),
    ...unreadAsks(declaration, circumstances),
    ...askedIn(wanted),
  ]);
  const { holds } = safetyOf(declaration, { today: now.toISOString().slice(0, 10), more: own });
  const gaps = isKnown(lake) ? lake.plan.gaps.map(({ message }) => message) : [];
  const notes = [
    ...(uncommitted.length === 0 ? [] : [`not committed, and counted as it lies here: ${uncommitted.join(', ')}`]),
    ...(isKnown(past) && past.history.isShallow
      ? ['the clone is shallow: what older commits brought and removed is not known']
      : []),
    ...(isKnown(past) ? [] : [`git cannot tell the history: ${past.unknown}`]),
  ];
  return {
    declaration,
    commit,
    now,
    names: principalNames(declaration),
    past,
    gone,
    requests,
    lake,
    catalog,
    approvals,
    asks,
    holds,
    holdsSince: await sinceOf(holds, { past, declaration, mesh: options.mesh }),
    wanted,
    sources: {
      lake: isKnown(lake) ? (lake.plan.lakes[0] ?? { unknown: 'the plan names none' }) : lake,
      ...(isKnown(approvals) ? {} : { approvals }),
      requests: isKnown(requests) ? { repository: env['GITHUB_REPOSITORY'] ?? '' } : requests,
      gaps,
      notes,
    },
    isIncomplete: gaps.length > 0 || (!isKnown(lake) && lake !== notAsked) || (!isKnown(requests) && asksForge),
  };
}

/** When the holds of mesh.yaml came to main. */
async function sinceOf(
  holds: readonly Hold[],
  { past, declaration, mesh: directory }: Pick<Look, 'past' | 'declaration'> & { readonly mesh: string },
): Promise<ReadonlyMap<Hold, string>> {
  const { mesh } = declaration;
  const found = await Promise.all(
    holds.map(async (hold): Promise<readonly [Hold, string][]> => {
      if (hold.place.file !== mesh.file) return [];
      const brought = await broughtAt(past, directory, { path: mesh.path, blob: mesh.blob, place: hold.place });
      return isKnown(brought) ? [[hold, brought.at]] : [];
    }),
  );
  return new Map(found.flat());
}

function daysBefore(now: Date): string {
  return new Date(now.getTime() - closedDays * 24 * 3600 * 1000).toISOString();
}

/** What a question comes to; where the one who is asked is not to be reached, why. */
async function orUnknown<T>(ask: () => Promise<T>): Promise<T | Unknown> {
  try {
    return await ask();
  } catch (thrown) {
    if (thrown instanceof SetupProblem || thrown instanceof LakeFailure)
      return { unknown: `${thrown.code} ${thrown.message}${hintOf(thrown)}` };
    if (thrown instanceof ForgeFailure) return { unknown: `${thrown.message}; ${thrown.remedy}` };
    throw thrown;
  }
}

function hintOf(thrown: SetupProblem | LakeFailure): string {
  return thrown instanceof SetupProblem && thrown.hint !== undefined ? `; ${thrown.hint}` : '';
}

async function seen(prepares: Prepares, options: LakeOptions, console: Console): Promise<Seen> {
  const { planned } = await prepareFor(prepares, options, console);
  return seenOf(planned, planned.plan);
}

/** Who tells what is approved beside GitHub, which is asked with the lake alone. */
async function approversOf(
  { mesh, accounts, products, subscriptions }: Declaration,
  sources: readonly Approvals[],
  options: LookOptions,
): Promise<Approvers | Unknown> {
  const isForge = options.approvals === github;
  if (sources.length === 0 && !isForge)
    return { unknown: 'neither a trust root nor another source of approvals is given' };
  const versions = [mesh, ...accounts.values(), ...products.values(), ...subscriptions.values()];
  const answers = await Promise.all(sources.map((source) => source.approvalsOf(versions)));
  const trusted = answers.flatMap((answer) =>
    [...answer].flatMap(([path, { kind }]) => (kind === 'trusted' ? [path] : [])),
  );
  return { trusted: new Set(trusted) };
}

/** What the subscriptions that are gone would ask among the files of now. */
function goneAsks(
  declaration: Declaration,
  gone: Look['gone'],
  circumstances: Parameters<typeof desire>[1],
): ReadonlyMap<string, Asked> {
  const former = [...gone].flatMap(([key, { subscription }]) =>
    subscription === undefined ? [] : [[key, subscription] as const],
  );
  return askedIn(desire({ ...declaration, subscriptions: new Map(former) }, circumstances));
}

/** What subscriptions to databases ask that could not be read: as far as the product files tell, for they ask for something. */
function unreadAsks(declaration: Declaration, circumstances: Parameters<typeof desire>[1]): ReadonlyMap<string, Asked> {
  const { unread } = circumstances.catalog;
  const subscriptions = [...declaration.subscriptions].filter(([, { product }]) =>
    unread.has(declaration.products.get(product)?.value.database ?? ''),
  );
  if (subscriptions.length === 0) return new Map();
  const files = { ...declaration, subscriptions: new Map(subscriptions) };
  return askedIn(desire(files, { ...circumstances, catalog: declaredCatalog(declaration) }));
}

/** What each subscription asks of what is desired. */
export function askedIn({ facts, touched }: Pick<Desired, 'facts' | 'touched'>): ReadonlyMap<string, Asked> {
  const asked = new Map<string, { facts: AskedFact[]; classes: readonly string[] }>();
  for (const { key, wishes } of facts.values()) {
    // Two entries of one file may ask for one fact.
    const own = new Map<string, AskedFact>();
    for (const { fact, cause } of wishes) {
      const { subscription } = cause;
      if (subscription === undefined) continue;
      const other = own.get(subscription);
      own.set(
        subscription,
        other === undefined ? { key, fact, cause } : { ...other, fact: join(other.fact, fact) ?? fact },
      );
    }
    for (const [subscription, one] of own) {
      const known = asked.get(subscription) ?? { facts: [], classes: touched.get(subscription) ?? [] };
      asked.set(subscription, known);
      known.facts.push(one);
    }
  }
  return asked;
}
