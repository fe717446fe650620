import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import pc from 'picocolors';
import { home } from '../../codeowners/check.ts';
import type { TextFile } from '../../core/text-file.ts';
import { declare, type Result } from '../../declare/declare.ts';
import { readMesh } from '../../declare/read.ts';
import { GitFailure } from '../../git/git.ts';
import { repositoryOf } from '../../git/repository.ts';
import { render } from '../../import/render.ts';
import { meshFiles, type NewMesh } from '../../init/example.ts';
import { frameFiles } from '../../init/frame.ts';
import { settings } from '../../init/settings.ts';
import { visible } from '../../report/excerpt.ts';
import { jsonText } from '../../report/json.ts';
import { counted } from '../../report/words.ts';
import { generated } from '../codeowners.ts';
import { type Console, hasColour } from '../console.ts';
import { type Standing, sharedFiles, standingOf, writeMissing } from '../init.ts';
import { MeshProblems } from '../mesh-problems.ts';
import { type Format, SetupProblem } from '../options.ts';
import { personOf } from '../person.ts';

/** Options of `init`. */
interface InitOptions {
  readonly directory: string;
  readonly central?: string;
  readonly region?: string;
  readonly administrator?: readonly string[];
  readonly name?: string;
  readonly empty: boolean;
  readonly dryRun: boolean;
  readonly format: Format;
  /** The exact version of Meshgate, which the repository pins. */
  readonly version: string;
}

/** Where the workflows look for the mesh. */
const meshFolder = 'mesh';

/** Writes what a mesh repository lacks, overwrites nothing, and tells which settings guard it. */
export async function initCommand(options: InitOptions, console: Console): Promise<number> {
  const { directory, dryRun, version } = options;
  await checkTop(directory);
  const own = existsSync(join(directory, meshFolder, 'mesh.yaml')) ? [] : newFiles(options, console);
  const { declaration } = await declared(directory, own);
  const files = [
    ...own,
    ...frameFiles(declaration.mesh.value.name, version),
    ...sharedFiles(),
    { path: home, text: generated(declaration, `${meshFolder}/`).text },
  ];
  const standing = standingOf(directory, files);
  const missing = standing.filter(({ state }) => state === 'missing');
  if (!dryRun && missing.length > 0) writeMissing(directory, missing);
  if (options.format === 'json')
    console.out(jsonText({ format: 1, isWritten: !dryRun, files: told(standing), settings }));
  else console.out(report(options, standing, options.format === 'text' && hasColour(console, 'out')));
  return 0;
}

/** Workflows and code owners belong to the top of a repository. */
async function checkTop(directory: string): Promise<void> {
  let there = resolve(directory);
  while (!existsSync(there)) there = dirname(there);
  const repository = await repositoryOf(there).catch((thrown: unknown) => {
    if (thrown instanceof GitFailure) return undefined;
    throw thrown;
  });
  if (repository === undefined || (repository.prefix === '' && there === resolve(directory))) return;
  throw new SetupProblem(
    'NOT_AT_TOP',
    `${directory} is inside the repository at ${repository.top}, and GitHub reads workflows and code owners at its top alone`,
    'run it there, or make the directory a repository of its own first: git init',
  );
}

/** The files of a new mesh, in the words of the options. */
function newFiles(options: InitOptions, { env }: Console): readonly TextFile[] {
  const { central: account = '', administrator = [], empty } = options;
  const region = options.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || '');
  const faults = [
    ...(/^\d{12}$/.test(account) ? [] : [`--central ACCOUNT: the 12 digits of the account with the central catalog`]),
    ...(/^[a-z]{2}(?:-[a-z]+)+-\d+$/.test(region) ? [] : ['--region REGION: such as eu-west-1']),
    ...(administrator.length > 0 ? [] : ['--administrator LOGIN:ID...: gh api users/LOGIN --jq .id tells the id']),
  ];
  if (faults.length > 0)
    throw new SetupProblem('MISSING_OPTION', 'a new mesh needs to know more', `give ${faults.join('; ')}`);
  const mesh: NewMesh = {
    name: options.name ?? nameOf(options.directory),
    central: { account, region },
    administrators: administrator.map(personOf),
    isEmpty: empty,
  };
  return meshFiles(mesh).map((file) => ({ path: `${meshFolder}/${file.path}`, text: render(file) }));
}

function nameOf(directory: string): string {
  const folded = basename(resolve(directory))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return folded.slice(0, 63) || 'mesh';
}

/** What the mesh will say: the files that are there, and those that will come. */
async function declared(directory: string, own: readonly TextFile[]): Promise<Extract<Result, { ok: true }>> {
  const folder = join(directory, meshFolder);
  const there = existsSync(folder) ? await readMesh(folder) : { directory: meshFolder, files: [], problems: [] };
  const paths = new Set(there.files.map(({ path }) => path));
  const come = own.flatMap(({ path, text }) => {
    const inside = path.slice(meshFolder.length + 1);
    // Nothing is proven here, so nobody asks for a blob.
    return paths.has(inside) ? [] : [{ file: join(directory, path), path: inside, blob: '', text }];
  });
  const result = declare({ ...there, files: [...there.files, ...come] });
  if (result.ok) return result;
  throw new MeshProblems(result.problems);
}

function told(standing: readonly Standing[]): readonly object[] {
  return standing.map(({ path, state }) => ({ path, state }));
}

function report({ directory, dryRun }: InitOptions, standing: readonly Standing[], colour: boolean): string {
  const paint = pc.createColors(colour);
  const named = (state: Standing['state']): readonly string[] =>
    standing.filter((file) => file.state === state).map(({ path }) => path);
  const [missing, different] = [named('missing'), named('different')];
  const where = directory === '.' ? '' : ` in ${visible(directory)}`;
  const verb = dryRun ? 'would write' : 'wrote';
  return [
    missing.length === 0 ? `Nothing is missing${where}.` : `${verb} ${counted(missing.length, 'file')}${where}`,
    ...missing.map((path) => paint.green(`  + ${path}`)),
    ...(different.length === 0 ? [] : ['left as they are, though init would write them otherwise:']),
    ...different.map((path) => paint.yellow(`  ~ ${path}`)),
    ...(different.length === 0 ? [] : ['  delete one and run init again to have it written anew']),
    ...(missing.length === 0 || dryRun ? [] : ['', ...nextSteps]),
    '',
  ].join('\n');
}

const nextSteps = [
  'Next:',
  '  1. npm install --ignore-scripts      writes the lock file, which pins Meshgate',
  '  2. git init --initial-branch main    where there is no repository yet',
  '  3. git add --all && git commit       on main, and push',
  '  4. .github/SETTINGS.md               the settings that guard approval, with their commands',
  '  5. npx meshgate doctor --trust-root HEAD, with credentials for the central account',
];
