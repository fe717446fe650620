import { broughtBy } from '../../approve/brought.ts';
import { newestVerdicts } from '../../approve/verdicts.ts';
import type { Origin, PullOrigin } from '../../core/explanation.ts';
import { type Forge, ForgeFailure } from '../../core/forge.ts';
import { isKnown, type Unknown } from '../../core/lifecycle.ts';
import type { Place } from '../../core/problem.ts';
import type { Brought } from '../../core/subscriptions.ts';
import { githubForge } from '../../github/forge.ts';
import type { LakeOptions } from '../options.ts';
import { settings } from '../record.ts';
import type { Look } from './look.ts';
import { broughtAt } from './past.ts';

/** Tells how lines of mesh files came to main. */
export interface Registry {
  /** The origins, with the commit that brought each line, and the pull request that brought the commit. */
  readonly told: (origins: readonly Origin[]) => Promise<readonly Origin[]>;
  /** The pull request that brought a commit. */
  readonly pullOf: (commit: string) => Promise<PullOrigin | Unknown>;
}

/** Asks git, and GitHub where its pull requests could be read; everything once. */
export function registryOf(
  look: Look,
  options: LakeOptions,
  env: Readonly<Record<string, string | undefined>>,
): Registry {
  const { requests } = look;
  const forge = isKnown(requests) ? githubForge({ ...settings(options, env), isNew: () => false }) : undefined;
  const pullOf = once(async (commit: string): Promise<PullOrigin | Unknown> => {
    if (forge === undefined) return isKnown(requests) ? { unknown: 'it was not asked' } : requests;
    return pullAt(look, forge, commit);
  });
  const lineOf = once((key: string) => lineAt(look, options.mesh, JSON.parse(key) as Place));
  const told = async (origin: Origin): Promise<Origin> => {
    const brought = await lineOf(JSON.stringify(origin.place));
    return { ...origin, brought, ...(isKnown(brought) && { pull: await pullOf(brought.commit) }) };
  };
  return { told: (origins) => Promise.all(origins.map(told)), pullOf };
}

function once<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key) => {
    const answer = answers.get(key) ?? ask(key);
    answers.set(key, answer);
    return answer;
  };
}

async function lineAt({ past, declaration, gone }: Look, mesh: string, place: Place): Promise<Brought | Unknown> {
  const { mesh: file, accounts, products, subscriptions } = declaration;
  const all = [file, ...accounts.values(), ...products.values(), ...subscriptions.values()];
  const declared = all.find((one) => one.file === place.file);
  if (declared !== undefined) return broughtAt(past, mesh, { path: declared.path, blob: declared.blob, place });
  const isGone = [...gone.values()].some(({ subscription }) => subscription?.file === place.file);
  return { unknown: isGone ? 'the file was removed' : 'it is not on main' };
}

async function pullAt({ past }: Look, forge: Forge, commit: string): Promise<PullOrigin | Unknown> {
  if (!isKnown(past)) return past;
  try {
    const [brought] = await broughtBy(past.history, forge, { at: past.history.commits.indexOf(commit), root: -1 });
    if (brought === undefined) return { unknown: 'no pull request that was merged into the default branch brought it' };
    const { number, author, mergedAt } = brought.pull;
    const [reviews, renewal] = await Promise.all([forge.reviewsOf(number), forge.renewalOf(number)]);
    const verdicts = newestVerdicts(reviews, renewal).filter(({ verdict }) => verdict === 'approved');
    return {
      pull: number,
      ...(author && { by: author.login }),
      ...(mergedAt !== undefined && { mergedAt }),
      approvals: verdicts.map(({ login, at }) => ({ login, ...(at !== undefined && { at }) })),
    };
  } catch (thrown) {
    if (thrown instanceof ForgeFailure) return { unknown: `${thrown.message}; ${thrown.remedy}` };
    throw thrown;
  }
}
