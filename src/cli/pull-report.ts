import { dayOf } from '../core/day.ts';
import { ForgeFailure } from '../core/forge.ts';
import type { Declaration } from '../declare/declaration.ts';
import { declare } from '../declare/declare.ts';
import { readMesh } from '../declare/read.ts';
import { endingsOf } from '../offline.ts';
import { askingsOf, overlongIn } from '../pull.ts';
import type { PullReport } from '../report/comment.ts';
import { blobsOf, differing } from './changed.ts';
import { hasNoOwnersFile, ownersProblems, unsaid } from './codeowners.ts';
import type { Console } from './console.ts';
import { type Given, givenOn, nothingGiven } from './given.ts';
import { livePlan } from './live-plan.ts';
import { namesOfBoth } from './load.ts';
import { baseOf, offlinePlan, unsoundBase } from './offline.ts';
import type { LakeOptions } from './options.ts';
import type { PullEvent } from './pull-event.ts';
import { settings } from './record.ts';

/** All that is to be said of a pull request whose merge is checked out. */
export async function reportOn(event: PullEvent, options: LakeOptions, console: Console): Promise<PullReport> {
  const { mesh } = options;
  const now = new Date();
  const [result, base] = [declare(await readMesh(mesh)), await baseOf(mesh, event.base)];
  const run = runAddress(console);
  const nothing: PullReport = {
    base: base.commit,
    head: event.head,
    ...(run === undefined ? {} : { run }),
    plan: undefined,
    askings: [],
    endings: [],
    problems: [],
    names: new Map(),
  };
  if (!result.ok) return { ...nothing, problems: result.problems };
  const { declaration } = result;
  const { declaration: before } = base;
  const sound = {
    ...nothing,
    names: namesOfBoth(before, declaration),
    ...(await ownersFaults(event, { mesh, declaration }, { options, console })),
  };
  const unsound = unsoundBase(base);
  if (unsound !== undefined) return { ...sound, noPlan: unsound.message };
  const files = differing(base, blobsOf(declaration));
  if (files.length === 0) return sound;
  const given = await givenIn(event, { mesh, declaration, files }, { options, console });
  const overlong = await overlongIn({ before, after: declaration, files }, dayOf(now));
  return {
    ...sound,
    problems: [...sound.problems, ...overlong],
    plan: await offlinePlan({ mesh, declaration, now }, base),
    live: await livePlan({ declaration, now }, options, console),
    askings: await askingsOf({
      before,
      after: declaration,
      files,
      ...(event.author && { author: event.author }),
      ...given,
    }),
    endings: endingsOf({ before, after: declaration, files }),
  };
}

interface Around {
  readonly options: LakeOptions;
  readonly console: Console;
}

/** What is wrong with the code owners, by the files and by GitHub; where it does not say, that. */
async function ownersFaults(
  { head }: PullEvent,
  { mesh, declaration }: Omit<Changed, 'files'>,
  { options, console }: Around,
): Promise<Pick<PullReport, 'problems' | 'unasked'>> {
  const problems = await ownersProblems(mesh, declaration);
  if ((console.env['GITHUB_TOKEN'] ?? '') === '' || hasNoOwnersFile(problems)) return { problems };
  const { ownerErrors } = await import('../github/owner-errors.ts');
  const { clientOf } = await import('../github/client.ts');
  const reach = settings(options, console.env);
  const [owner = '', repo = ''] = reach.repository.split('/');
  try {
    const errors = await ownerErrors(clientOf(reach), { owner, repo, ref: head });
    return { problems: [...problems, ...unsaid(errors, problems)] };
  } catch (thrown) {
    if (!(thrown instanceof ForgeFailure)) throw thrown;
    return { problems, unasked: `whom of the CODEOWNERS file GitHub passes over: ${thrown.message}` };
  }
}

interface Changed {
  readonly mesh: string;
  readonly declaration: Declaration;
  readonly files: readonly string[];
}

/** What reviews say already. */
async function givenIn(event: PullEvent, changed: Changed, { options, console }: Around): Promise<Given> {
  if ((console.env['GITHUB_TOKEN'] ?? '') === '') return nothingGiven;
  const { githubForge } = await import('../github/forge.ts');
  const forge = githubForge({ ...settings(options, console.env), isNew: () => false });
  try {
    return await givenOn(forge, event.number, changed);
  } catch (thrown) {
    if (thrown instanceof ForgeFailure) return nothingGiven;
    throw thrown;
  }
}

/** The address of the run that says this, as GitHub Actions tells it; undefined elsewhere. */
function runAddress({ env }: Console): string | undefined {
  const { GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: repository = '', GITHUB_RUN_ID: run = '' } = env;
  const address = `${server}/${repository}/actions/runs/${run}`;
  return /^https?:\/\/[\w.:-]+\/[\w.-]+\/[\w.-]+\/actions\/runs\/\d+$/.test(address) ? address : undefined;
}
