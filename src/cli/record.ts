import type { Past } from '../approve/last-proven.ts';
import type { Reading } from '../approve/rules.ts';
import type { Forge } from '../core/forge.ts';
import { sound } from '../declare/draft.ts';
import { layoutOf } from '../declare/layout.ts';
import { largestFile } from '../declare/mesh-files.ts';
import { decode } from '../declare/utf8.ts';
import { fileHistoryOf } from '../git/file-history.ts';
import { GitFailure } from '../git/git.ts';
import { blobHere, blobReader } from '../git/objects.ts';
import { rootCommit } from '../git/trust-root.ts';
import type { Run } from '../reconcile.ts';
import { type LakeOptions, SetupProblem } from './options.ts';
import { cachedForge } from './proof-cache.ts';

/** The word that `--approvals` takes for GitHub. */
export const github = 'github';

type Env = Readonly<Record<string, string | undefined>>;

/** Whether approvals come from GitHub: where it is said, and in a run of GitHub Actions where nothing else is. */
export function isFromGitHub({ approvals }: LakeOptions, env: Env): boolean {
  if (approvals !== undefined) return approvals === github;
  return env['GITHUB_ACTIONS'] === 'true' && Boolean(env['GITHUB_REPOSITORY']) && Boolean(env['GITHUB_TOKEN']);
}

/** What git and a forge tell of approvals, and what is to be done when they have been asked. */
export interface Recorded {
  readonly record: NonNullable<Run['record']>;
  /** Keeps the answers for the next run, where that is wanted. */
  readonly save: () => Promise<void>;
}

/** What git tells of the older versions of the mesh files; throws `GitFailure` where it tells nothing. */
export async function pastOf(directory: string, trusted: string | undefined): Promise<Past> {
  const history = await fileHistoryOf(directory);
  const root = trusted === undefined ? -1 : history.commits.indexOf(await rootCommit(directory, trusted));
  return { history, root, read: reader(directory) };
}

/** What git and GitHub tell of the approval of the mesh files; nothing is asked before the judge asks. */
export async function recordOf(options: LakeOptions, trusted: string | undefined, env: Env): Promise<Recorded> {
  const past = await pastOf(options.mesh, trusted).catch((thrown: unknown) => {
    if (!(thrown instanceof GitFailure)) throw thrown;
    throw new SetupProblem(
      'NO_REPOSITORY',
      `approvals by reviews need the history of ${options.mesh}, and git said: ${thrown.message}`,
      'run it in a full clone of the repository',
    );
  });
  const { githubForge } = await import('../github/forge.ts');
  const newest = new Set(past.history.commits.slice(-10));
  const set = settings(options, env);
  const asked = githubForge({ ...set, isNew: (commit) => newest.has(commit) });
  const { proofCache: file } = options;
  const about = JSON.stringify([set.url, set.repository, set.app ?? null]);
  const { forge, save } =
    file === undefined
      ? { forge: asked, save: async () => undefined }
      : await cachedForge(asked, { file, key: env['MESHGATE_CACHE_KEY'], about });
  return { record: { ...past, forge: withObjectsHere(forge, options.mesh) }, save };
}

/** How GitHub is reached, by the environment that GitHub Actions sets. */
export function settings({ requestBudget }: Pick<LakeOptions, 'requestBudget'>, env: Env) {
  const { GITHUB_REPOSITORY: repository = '', GITHUB_TOKEN: token = '', GITHUB_API_URL: url } = env;
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new SetupProblem(
      'NO_GITHUB',
      `GITHUB_REPOSITORY is ${repository === '' ? 'not set' : `"${repository}"`}`,
      'set it to <owner>/<name>, as GitHub Actions does',
    );
  if (token === '')
    throw new SetupProblem('NO_GITHUB', 'GITHUB_TOKEN is not set', 'give one that may read contents and pull requests');
  const app = numberIn(env, 'MESHGATE_APP_USER');
  return {
    url: url || 'https://api.github.com',
    repository,
    token,
    budget: requestBudget,
    pace: paceOf(env),
    ...(app === undefined ? {} : { app }),
  };
}

/** The milliseconds from which waits for GitHub grow. */
export function paceOf(env: Env): number {
  return numberIn(env, 'MESHGATE_GITHUB_PACE') ?? 1000;
}

/** The user id of github-actions[bot], as which every workflow of every branch can open pull requests. */
const everyWorkflow = 41_898_282;

function numberIn(env: Env, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new SetupProblem('BAD_OPTION', `${name} ${text} is no whole number`);
  if (name === 'MESHGATE_APP_USER' && Number(text) === everyWorkflow)
    throw new SetupProblem(
      'BAD_OPTION',
      `${name} ${text} is github-actions[bot], as which any workflow can speak`,
      'give the user id of your own GitHub App',
    );
  return Number(text);
}

/** What is in the clone needs no request, and cannot be otherwise: its name is its digest. */
function withObjectsHere(forge: Forge, directory: string): Forge {
  return {
    ...forge,
    blobAt: async (commit, path) => {
      const { isHere, blob } = await blobHere(directory, commit, path);
      return isHere ? blob : forge.blobAt(commit, path);
    },
  };
}

/** Reads versions of mesh files as git holds them; undefined for what is no sound one. */
export function reader(directory: string): (path: string, blob: string) => Promise<Reading | undefined> {
  const bytesOf = blobReader(directory);
  const known = new Map<string, Promise<Reading | undefined>>();
  const read = async (path: string, blob: string): Promise<Reading | undefined> => {
    const bytes = 'kind' in layoutOf(path) ? await bytesOf(blob) : undefined;
    return bytes === undefined ? undefined : readingOf(path, bytes);
  };
  return (path, blob) => {
    const key = `${blob} ${path}`;
    const reading = known.get(key) ?? read(path, blob);
    known.set(key, reading);
    return reading;
  };
}

/** What the bytes of a mesh file say; undefined where they are no sound one. */
export function readingOf(path: string, bytes: Uint8Array): Reading | undefined {
  const layout = layoutOf(path);
  if (!('kind' in layout) || bytes.length > largestFile) return undefined;
  const text = decode(bytes);
  if (typeof text !== 'string') return undefined;
  const { declared } = sound(layout, { file: path, path, blob: '', text });
  // The schema of the layout's kind has vouched for the type.
  return declared === undefined ? undefined : { layout, value: declared.value as Reading['value'] };
}
