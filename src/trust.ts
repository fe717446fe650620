import { administratorsOf } from './approve/administrators.ts';
import { everOver, type ProvenEnds, provenEnds } from './approve/expiry.ts';
import { filesInNeed } from './approve/in-need.ts';
import { type Court, type Judge, judgeOf } from './approve/judge.ts';
import { type LastProven, lastProven, type Past } from './approve/last-proven.ts';
import { type Keeping, keptBy, latecomers, sharedIn } from './approve/latecomers.ts';
import { needsOf } from './approve/needs.ts';
import { prove } from './approve/prove.ts';
import { bolder, type ProvenStake, provenStake } from './approve/stake.ts';
import type { Approvals, FileVersion, Quorum } from './core/approvals.ts';
import type { PastVersion } from './core/file-history.ts';
import type { Desired, Observed, Proof, Proofs } from './core/state.ts';
import type { Declaration } from './declare/declaration.ts';
import type { PastCommit } from './declare/recall.ts';
import { approvalsOfProduct, approvalsOfSubscription } from './desire/asked.ts';
import { alsoAsked, approvalsAsked, classesOf } from './desire/classes.ts';
import { narrowsValue } from './desire/narrows.ts';

/** Files, and what there is to prove them by. */
export interface Trusting {
  readonly declaration: Declaration;
  readonly approvals: readonly Approvals[];
  /** What git and a forge tell of the files' approval, beside the approvals. */
  readonly record?: Omit<Court, 'weights' | 'narrows'>;
  /** What git tells of older versions, where only the approvals speak. */
  readonly past?: Past;
  readonly history?: { readonly commits: readonly PastCommit[] };
  readonly now: Date;
}

/** What is known of the files' approval. */
export interface Trust {
  readonly proofs: Proofs;
  /** The days on which subscriptions end that are not proven. */
  readonly ends: ProvenEnds;
  /** What subscriptions keep of what is live that are not proven and may have come by it through another. */
  readonly keeping: Keeping;
  /** What was proven last of what is at stake. */
  readonly stake: ProvenStake;
}

/** What is judged beside the files. */
interface At {
  readonly observed: Observed;
  readonly today: string;
}

/** Proofs, and how to come to those of versions that were. */
interface Judged {
  readonly proofs: Proofs;
  readonly proofOfPast: (version: PastVersion) => Promise<Proof>;
}

/** Judges the files, as far as it matters to what is desired of this lake. */
export async function trust(trusting: Trusting, desired: Desired, at: At): Promise<Trust> {
  const { declaration, approvals, history, record, past = record } = trusting;
  // Where nobody is asked nothing is known to have been proven, and files are taken at their word as far as `full`.
  const isAsked = approvals.length > 0 || record !== undefined;
  const bold = bolder(declaration, isAsked ? (history?.commits ?? []) : []);
  const once = past === undefined ? [] : await everOver(past, declaration, at.today);
  const given = await asGiven(trusting, desired);
  const inNeed = new Set([...once, ...filesInNeed(desired, at.observed)]);
  const late = record === undefined ? new Set<string>() : latecomers({ ...record, shared: sharedIn(declaration) });
  const { proofs, proofOfPast } =
    record === undefined ? given : await asReviewed({ ...trusting, record }, given, { ...at, bold, late, inNeed });
  const lastOf = async (path: string): Promise<LastProven> =>
    past === undefined ? nothingProven : await lastProven(path, past, proofOfPast);
  return {
    proofs,
    ends: await provenEnds(once, { proofs, lastOf }),
    keeping: record === undefined ? new Map() : await keptBy(late, { past: record, proofs }, proofOfPast),
    stake: await provenStake(declaration, bold, { proofs, lastOf }),
  };
}

const nothingProven: LastProven = { readings: [], isCertain: true };

/** What the approvals prove that are given as they are. */
async function asGiven({ declaration, approvals, past }: Trusting, desired: Desired): Promise<Judged> {
  const answersTo = (versions: readonly FileVersion[]) =>
    Promise.all(approvals.map((source) => source.approvalsOf(versions)));
  const versions = versionsIn(declaration);
  const answers = await answersTo(versions);
  const administrators = administratorsOf(declaration, approvals, answers);
  const classes = classesOf(declaration.mesh.value);
  const asked = (touched: readonly string[]): number => approvalsAsked(classes, touched);
  const also = (touched: readonly string[]): readonly Quorum[] => alsoAsked(classes, touched);
  const needs = needsOf(declaration, desired, { administrators, asked, also });
  return {
    proofs: prove(versions, answers, needs),
    proofOfPast: async ({ path, at, blob = '' }) => {
      if (past !== undefined && at <= past.root) return { proven: true, by: 'trust root' };
      const version = [{ path, blob }];
      return prove(version, await answersTo(version), needs).get(path) ?? notApproved;
    },
  };
}

const notApproved: Proof = { proven: false, reason: 'not approved', remedy: 'have the file approved' };

/** What reviews prove beside what is given: of the files that matter, and of what puts something at stake whatever is live. */
async function asReviewed(
  { declaration, record, now }: Trusting & Required<Pick<Trusting, 'record'>>,
  { proofs }: Judged,
  {
    observed,
    bold,
    late,
    inNeed,
  }: At & {
    readonly bold: ReadonlyMap<string, unknown>;
    readonly late: ReadonlySet<string>;
    readonly inNeed: ReadonlySet<string>;
  },
): Promise<Judged> {
  const judge = judgeOf({ ...record, ...judgementIn(declaration, observed) });
  const always = new Set([
    declaration.mesh.path,
    ...late,
    ...[...bold.keys()].map((id) => declaration.products.get(id)?.path),
  ]);
  const open = versionsIn(declaration).filter(
    ({ path }) => (inNeed.has(path) || always.has(path)) && proofs.get(path)?.proven !== true,
  );
  // Each run begins elsewhere, so that what never becomes proven does not use up every run's requests.
  const from = Math.floor(now.getTime() / 60_000) % Math.max(open.length, 1);
  const judged = await judgeAll([...open.slice(from), ...open.slice(0, from)], judge);
  return { proofs: new Map([...proofs, ...judged]), proofOfPast: judge.proofOfPast };
}

function versionsIn({ mesh, accounts, products, subscriptions }: Declaration): readonly FileVersion[] {
  return [mesh, ...accounts.values(), ...products.values(), ...subscriptions.values()];
}

/** A few at a time, so that where the budget of requests ends the others are told for sure. */
async function judgeAll(versions: readonly FileVersion[], judge: Judge): Promise<Proofs> {
  const proofs = new Map<string, Proof>();
  const atOnce = 8;
  for (let from = 0; from < versions.length; from += atOnce)
    await Promise.all(
      versions
        .slice(from, from + atOnce)
        .map(async ({ path, blob }) => proofs.set(path, await judge.proofOf(path, blob))),
    );
  return proofs;
}

/** What the judge asks of the files of now and of the catalog. */
export function judgementIn(
  declaration: Declaration,
  { catalog }: Pick<Observed, 'catalog'>,
): Pick<Court, 'weights' | 'narrows'> {
  const mesh = declaration.mesh.value;
  return {
    weights: {
      ofSubscription: (key, value, among) => approvalsOfSubscription({ key, value }, among, { declaration, catalog }),
      ofProduct: (product, before) => approvalsOfProduct(product, before ?? mesh),
    },
    narrows: (was, is) => narrowsValue([was.value, is.value], [mesh, mesh]),
  };
}
