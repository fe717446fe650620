import type { Approver } from '../core/approvals.ts';
import { type PastVersion, versionsBefore } from '../core/file-history.ts';
import { type Forge, ForgeFailure, type Pull } from '../core/forge.ts';
import type { Proof } from '../core/state.ts';
import type { Account, DataProduct, Mesh } from '../declare/files.ts';
import { type Brought, bringerOf, broughtBy } from './brought.ts';
import { lastAllowed } from './duration.ts';
import type { Past } from './last-proven.ts';
import { isAmong, judgeApproval, names } from './prove.ts';
import { askedFor, type Footing, type Reading, type Weights } from './rules.ts';
import { isWordOf, newestVerdicts, type Verdict } from './verdicts.ts';

/** What the proof of files is judged by. */
export interface Court extends Past {
  readonly forge: Forge;
  readonly weights: Weights;
  /** Whether a version of a file asks no more than the one before, judged offline, in its place. */
  readonly narrows: (before: Reading, after: Reading) => boolean;
}

/** Judges versions of files; each once, however many depend on it. */
export interface Judge {
  /** The proof of the version that is checked out. */
  readonly proofOf: (path: string, blob: string) => Promise<Proof>;
  /** The proof of a version that was. */
  readonly proofOfPast: (version: PastVersion) => Promise<Proof>;
  /** The newest proven version of a path; undefined where there is none, or where it cannot be told. */
  readonly newestOf: (path: string) => Promise<Reading | undefined>;
}

/**
 * Judges the files of a mesh by the history of the default branch and the reviews of the pull requests that made it:
 * a version is proven when it is as old as the trust root, when the right people approved it, or when it only narrows
 * the proven one before. Who the right people are is told by the newest proven versions before the pull request, so
 * it ends at the trust root, and nobody makes themselves one of them on the way.
 */
export function judgeOf(court: Court): Judge {
  const { history, root, forge } = court;
  const known = new Map<PastVersion, Promise<Proof>>();
  const proofOf = (version: PastVersion): Promise<Proof> => {
    const proof = known.get(version) ?? judge(version).catch(unchecked);
    known.set(version, proof);
    return proof;
  };
  const readOf = async ({ path, blob }: PastVersion): Promise<Reading | undefined> =>
    blob === undefined ? undefined : court.read(path, blob);

  const judge = async (version: PastVersion): Promise<Proof> => {
    if (history.isShallow) return shallow;
    if (version.at <= root) return { proven: true, by: `trust root ${short(history.commits[root])}` };
    const isMesh = version.path === 'mesh.yaml';
    if (version.blob === undefined) return isMesh ? deletedMesh : { proven: true, by: 'it was deleted' };
    const narrowed = await narrowing(version);
    if (narrowed?.proven === true) return sinceNarrowed(narrowed.by);
    const approved = await approval(version);
    return approved.proven || narrowed?.isUnchecked !== true ? approved : narrowed;
  };

  /** The proof of the version before, where this one asks no more. */
  const narrowing = async (version: PastVersion): Promise<Proof | undefined> => {
    const before = versionsBefore(history, version.path, version.at).at(-1);
    if (before?.blob === undefined) return undefined;
    const [was, is] = await Promise.all([readOf(before), readOf(version)]);
    if (was === undefined || is === undefined || !court.narrows(was, is)) return undefined;
    return proofOf(before);
  };

  const approval = async (version: PastVersion): Promise<Proof> => {
    const reading = await readOf(version);
    if (reading === undefined) return unreadable;
    const brought = await broughtBy(history, forge, { at: version.at, root });
    const proofs: Proof[] = [];
    for (const one of brought) {
      const proof = await reviewed(version, reading, one).catch(unchecked);
      if (proof.proven) return proof;
      proofs.push(proof);
    }
    return proofs.find((proof) => !proof.proven && proof.isUnchecked) ?? proofs.at(-1) ?? notBrought(version);
  };

  const reviewed = async (version: PastVersion, reading: Reading, { pull, first }: Brought): Promise<Proof> => {
    const { need, mayObject, longest } = await askedFor(reading, footingBefore(first), court.weights);
    const overlong = longest === undefined ? undefined : lasting(reading, longest, pull);
    if (overlong !== undefined) return overlong;
    const author = pull.author?.isHuman === true ? pull.author : undefined;
    const renewal = await forge.renewalOf(pull.number);
    const verdicts = newestVerdicts(await forge.reviewsOf(pull.number), renewal).filter(({ id }) => id !== author?.id);
    const where = `#${pull.number}`;
    const against = verdicts.filter((one) => one.verdict === 'changes requested' && isAmong(one, mayObject));
    if (against.length > 0) return objected(against, where);
    const [owners = [], ...others] = [need.owners, ...(need.also ?? [])].map((one) => one?.people ?? []);
    const mayApprove = [...need.anyOf, ...owners, ...others.flat()];
    const approvals = verdicts.filter((one) => one.verdict === 'approved' && isAmong(one, mayApprove));
    const lapsed = verdicts.filter((one) => one.verdict === 'lapsed' && isAmong(one, mayApprove));
    const fresh: Verdict[] = [];
    for (const one of approvals) if (await holds(one.commit, version)) fresh.push(one);
    const stale = approvals.filter((one) => !fresh.includes(one));
    const mayAsk = need.authorCounts && author !== undefined && isAmong(author, need.anyOf);
    const push = mayAsk || fresh.length > 0 ? await bringerOf(forge, pull, inRepository(version)) : undefined;
    const asks = mayAsk && isWordOf(author, push, renewal);
    // Whoever pushed it has as good as written it; that others pushed after them hides that from the rules of the branch.
    const own = fresh.filter(({ id }) => id === push?.by);
    const by = fresh.filter((one) => !own.includes(one));
    const proof = judgeApproval({ kind: 'approved', by, ...(asks && { author }) }, need);
    if (proof.proven) return { proven: true, by: `${proof.by} in ${where}` };
    const since = renewal === undefined ? '' : `, since it was ${renewed},`;
    const asides = [
      ...saidOf(stale, (who) => `what ${who} approved was another version`),
      ...saidOf(lapsed, (who) => `${who} approved it before it was ${renewed}`),
      ...saidOf(own, (who) => `${who} approved what they pushed themselves`),
      ...saidOf(mayAsk && !asks ? [author] : [], (who) => `that ${who} pushed this version${since} cannot be told`),
    ];
    const again = mayAsk && !asks ? `; or let ${names([author])} ask again: ${editReviewed(version)}` : '';
    return { ...proof, reason: [`${where}: ${proof.reason}`, ...asides].join('; '), remedy: `${proof.remedy}${again}` };
  };

  const holds = async (commit: string | undefined, { path, blob }: PastVersion): Promise<boolean> =>
    commit !== undefined && (await forge.blobAt(commit, history.prefix + path)) === blob;

  const inRepository = ({ path, blob }: PastVersion) => ({ path: history.prefix + path, blob });

  /** The newest proven version of a path before a place; undefined where there is none. */
  const newest = async (path: string, before: number): Promise<Reading | undefined> => {
    for (const version of versionsBefore(history, path, before).toReversed()) {
      const proof = await proofOf(version);
      if (proof.proven) return readOf(version);
      if (proof.isUnchecked === true) throw new ForgeFailure(proof.reason, proof.remedy);
    }
    return undefined;
  };

  const footingBefore = (place: number): Footing => ({
    mesh: async () => contentOf<Mesh>(await newest('mesh.yaml', place), 'Mesh'),
    account: async (name) => contentOf<Account>(await newest(`accounts/${name}.yaml`, place), 'Account'),
    product: async (id) => contentOf<DataProduct>(await newest(`products/${id}.yaml`, place), 'DataProduct'),
  });

  const proofNow = async (path: string, blob: string): Promise<Proof> => {
    if (history.isShallow) return shallow;
    const last = history.versions.get(path)?.at(-1);
    if (last?.blob === undefined) return uncommitted;
    return last.blob === blob ? proofOf(last) : changed;
  };

  return {
    proofOf: proofNow,
    proofOfPast: proofOf,
    newestOf: async (path) => {
      try {
        return await newest(path, history.commits.length);
      } catch (thrown) {
        if (thrown instanceof ForgeFailure) return undefined;
        throw thrown;
      }
    },
  };
}

/** What could not be asked is not proven, and is not disproven either. */
function unchecked(thrown: unknown): Proof {
  if (!(thrown instanceof ForgeFailure)) throw thrown;
  const { message, remedy } = thrown;
  const reason = message.startsWith(notYet) ? message : `${notYet}${message}`;
  return { proven: false, isUnchecked: true, reason, remedy };
}

const notYet = 'not yet checked: ';
const renewed = 'opened again or turned to another branch';

function sinceNarrowed(by: string): Proof {
  const since = ', and only narrowed since';
  return { proven: true, by: by.endsWith(since) ? by : `${by}${since}` };
}

function contentOf<T extends Reading['value']>(reading: Reading | undefined, kind: T['kind']): T | undefined {
  return reading?.value.kind === kind ? (reading.value as T) : undefined;
}

function saidOf(people: readonly Approver[], text: (who: string) => string): readonly string[] {
  return people.length === 0 ? [] : [text(names(people))];
}

/** That a class lets access last no longer than so many days from the merge; undefined where it does not. */
function lasting({ value }: Reading, longest: number, { number, mergedAt }: Pull): Proof | undefined {
  if (mergedAt === undefined) return refuted(`nobody can tell when #${number} was merged`, 'run it again');
  const expires = value.kind === 'Subscription' ? value.expires : undefined;
  const last = lastAllowed(expires, { asked: mergedAt.slice(0, 10), longest });
  if (last === undefined) return undefined;
  return refuted(
    `#${number}: it asks for a class that lets access last ${longest} days, until ${last}, and lasts ${expires === undefined ? 'without an end' : `until ${expires}`}`,
    `ask until an earlier day in a pull request: \`expires\` at most ${longest} days after its merge`,
  );
}

function objected(by: readonly Approver[], where: string): Proof {
  return {
    proven: false,
    reason: `${where}: ${names(by)} asked for changes`,
    remedy: `settle it with ${names(by)}, who then approves ${where}`,
  };
}

function notBrought(version: PastVersion): Proof {
  return {
    proven: false,
    reason: 'no pull request that was merged into the default branch brought it',
    remedy: `${editReviewed(version)} that the right people approve`,
  };
}

function editReviewed({ path }: PastVersion): string {
  return `edit \`reviewed\` in ${path}, in a pull request`;
}

function refuted(reason: string, remedy: string): Proof {
  return { proven: false, reason, remedy };
}

const shallow = refuted(
  'the clone is shallow, so nobody can tell which commit a file comes from',
  'fetch the full history: `git fetch --unshallow`, or `fetch-depth: 0` of actions/checkout',
);
const deletedMesh = refuted('mesh.yaml was deleted', 'restore it, and have an administrator approve it');
const unreadable = refuted('this version is no sound mesh file', 'correct it in a pull request');
const uncommitted = refuted('it is not committed', 'commit it and have it reviewed');
const changed = refuted('it differs from what is committed', 'commit it and have it reviewed');

function short(commit: string | undefined): string {
  return (commit ?? '').slice(0, 12);
}
