import { lstatSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Areas, areasOf } from '../codeowners/areas.ts';
import { type CodeownersFile, codeownersProblems, home } from '../codeowners/check.ts';
import { codeownersText, signature, unnameable } from '../codeowners/generate.ts';
import { largestSize, locations } from '../codeowners/ownership.ts';
import type { Problem } from '../core/problem.ts';
import type { Declaration } from '../declare/declaration.ts';
import { GitFailure } from '../git/git.ts';
import { type Repository, repositoryOf, trackedIn } from '../git/repository.ts';
import { SetupProblem } from './options.ts';

/** The code owners of a repository: what they should be, what there is, and what is wrong with it. */
export interface Codeowners {
  readonly repository: Repository;
  readonly areas: Areas;
  /** What `.github/CODEOWNERS` should say. */
  readonly text: string;
  /** What it says, where it is there. */
  readonly actual: string | undefined;
  readonly problems: readonly Problem[];
}

/** Compares the code owners of the repository around a mesh directory with what its files say. */
export async function codeownersOf(directory: string, declaration: Declaration): Promise<Codeowners> {
  const { repository, tracked } = await around(directory);
  const { areas, text } = generated(declaration, repository.prefix);
  const files = locations.flatMap((location) => readOne(repository, location));
  const { mesh, accounts, products, subscriptions } = declaration;
  const declared = [mesh, ...accounts.values(), ...products.values(), ...subscriptions.values()];
  const paths = new Set([home, ...tracked, ...declared.map(({ path }) => `${repository.prefix}${path}`)]);
  const actual = files.find(({ location }) => location === home)?.text;
  return { repository, areas, text, actual, problems: codeownersProblems({ files, text, areas, paths: [...paths] }) };
}

/** What is wrong with the code owners; also why there can be none. */
export async function ownersProblems(directory: string, declaration: Declaration): Promise<readonly Problem[]> {
  try {
    return (await codeownersOf(directory, declaration)).problems;
  } catch (thrown) {
    if (!(thrown instanceof SetupProblem)) throw thrown;
    const { code, message, hint } = thrown;
    return [{ code, message, ...(hint === undefined ? {} : { hint }) }];
  }
}

/** Whether there is no file of code owners, so that there is nothing to ask GitHub. */
export function hasNoOwnersFile(said: readonly Problem[]): boolean {
  return said.some(({ code }) => code === 'CODEOWNERS_MISSING');
}

/** What GitHub finds wrong on lines of which nothing is said yet. */
export function unsaid(errors: readonly Problem[], said: readonly Problem[]): readonly Problem[] {
  const lines = new Set(said.map(({ place }) => place && `${place.file}:${place.line}`));
  return errors.filter(({ place }) => !lines.has(place && `${place.file}:${place.line}`));
}

/** The file for a mesh in the folder `prefix` of its repository; throws a `SetupProblem` where there can be none. */
export function generated(declaration: Declaration, prefix: string): Pick<Codeowners, 'areas' | 'text'> {
  const odd = unnameable(prefix);
  if (odd !== undefined)
    throw new SetupProblem(
      'BAD_FOLDER',
      `the mesh is in ${prefix}, and no line of a CODEOWNERS file can name a path with ${JSON.stringify(odd)} for certain`,
      'rename the folder',
    );
  const areas = areasOf(declaration, prefix);
  if (areas.administrators.length === 0)
    throw new SetupProblem(
      'NO_ADMINISTRATOR',
      `${declaration.mesh.file} names nobody yet who could approve anything`,
      'write the administrators into it',
    );
  const text = codeownersText(areas, prefix);
  const size = Buffer.byteLength(text);
  if (size >= largestSize)
    throw new SetupProblem(
      'CODEOWNERS_TOO_LARGE',
      `the file would have ${size.toLocaleString('en')} bytes, and GitHub loads none from ${largestSize.toLocaleString('en')}`,
      'name fewer owners for each product, or divide the mesh',
    );
  return { areas, text };
}

/** Writes the file; one made by hand only where that is asked for. At every instant it is the old one or the new one. */
export function writeCodeowners({ repository, actual, text }: Codeowners, replacesOthers: boolean): void {
  if (actual !== undefined && !actual.startsWith(signature) && !replacesOthers)
    throw new SetupProblem(
      'CODEOWNERS_BY_HAND',
      `${home} was made by hand, and would be replaced as a whole`,
      'look at it with --check, and give --replace if nothing of it is to be kept',
    );
  const file = join(repository.top, home);
  const passing = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(passing, text, { flag: 'wx' });
    renameSync(passing, file);
  } catch (thrown) {
    rmSync(passing, { force: true });
    throw new SetupProblem('NOT_WRITTEN', `${home} cannot be written (${codeOf(thrown)})`);
  }
}

async function around(directory: string): Promise<{ repository: Repository; tracked: readonly string[] }> {
  try {
    const repository = await repositoryOf(directory);
    return { repository, tracked: await trackedIn(repository) };
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    const hint = 'CODEOWNERS belongs to a repository: git init makes one';
    throw new SetupProblem(
      'NO_REPOSITORY',
      `git cannot tell the repository around ${directory} (${thrown.message})`,
      hint,
    );
  }
}

function readOne({ top }: Repository, location: CodeownersFile['location']): readonly CodeownersFile[] {
  const file = join(top, location);
  try {
    // Of a link git keeps, and GitHub reads, the name of its target.
    const isLink = lstatSync(file).isSymbolicLink();
    return [{ location, text: isLink ? readlinkSync(file) : readFileSync(file, 'utf8') }];
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(thrown))) return [];
    throw new SetupProblem('UNREADABLE', `${location} cannot be read (${codeOf(thrown)})`);
  }
}

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException | undefined)?.code ?? String(thrown);
}
