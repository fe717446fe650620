import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { declare } from '../../declare/declare.ts';
import { patternFaults } from '../../declare/limits.ts';
import { readMesh } from '../../declare/read.ts';
import { type OldSubscription, parseExport } from '../../import/old-table.ts';
import { type Adopted, type Adopting, adopt } from '../adopt.ts';
import { type Console, hasColour } from '../console.ts';
import { type ImportReport, importJson, importText } from '../import-report.ts';
import { MeshProblems } from '../mesh-problems.ts';
import { removeRemains, stateOf, writeNew } from '../new-files.ts';
import { type CommonOptions, SetupProblem } from '../options.ts';
import { personOf } from '../person.ts';
import { progressOn } from '../progress.ts';

/** Options of `import`. */
interface ImportOptions extends CommonOptions {
  readonly database?: readonly string[];
  readonly out?: string;
  readonly region?: string;
  readonly name?: string;
  readonly administrator?: readonly string[];
  readonly subscriptions?: readonly string[];
  readonly writeMissing?: boolean;
  readonly dryRun?: boolean;
  readonly despiteGaps?: boolean;
  readonly tries: number;
  readonly timeout: number;
}

/** Adopts what a lake grants: writes the mesh files that declare it. */
export async function importCommand(options: ImportOptions, console: Console): Promise<number> {
  checkGlobs(options.database ?? []);
  const existing = await meshAt(options.mesh);
  const target = options.out ?? options.mesh;
  if ((existing === undefined || options.out !== undefined) && stateOf(target) === 'full')
    throw new SetupProblem(
      'TARGET_IN_THE_WAY',
      existing === undefined
        ? `${target} is not empty and has no mesh.yaml`
        : `${target} is not empty, and new files go into an empty directory or into the mesh itself`,
      'give another directory with --out',
    );
  const administrators = options.administrator?.map(personOf);
  const subscriptions = (options.subscriptions ?? []).flatMap(readExport);
  const adopted = await readLake(options, console, { existing, administrators, subscriptions });
  const isIncomplete = adopted.observed.gaps.length > 0;
  const isHeld =
    isIncomplete && options.despiteGaps !== true && adopted.observed.gaps.some((gap) => gap.database === undefined);
  const isWritten = !isHeld && options.dryRun !== true && adopted.files.length > 0;
  if (options.dryRun !== true) removeRemains(target);
  if (isWritten) writeNew(target, adopted.files);
  const report: ImportReport = { adopted, target, isWritten, isHeld, isNew: existing === undefined };
  if (options.format === 'json') console.out(importJson(report));
  else
    console.out(
      importText(report, {
        colour: options.format === 'text' && hasColour(console, 'out'),
        verbose: options.verbose,
        showsFiles: options.dryRun === true,
      }),
    );
  return isIncomplete ? 5 : 0;
}

/** The names and patterns of databases are looked at before anything is read. */
function checkGlobs(texts: readonly string[]): void {
  const [fault] = patternFaults(texts.map((text) => ({ text, path: [] })));
  if (fault !== undefined) throw new SetupProblem(fault.code, `--database: ${fault.message}`, fault.hint);
}

type Existing = Adopting['existing'];

async function meshAt(directory: string): Promise<Existing> {
  if (stateOf(directory) !== 'full') return undefined;
  const files = await readMesh(directory);
  if (!files.files.some(({ path }) => path === 'mesh.yaml')) return undefined;
  const result = declare(files);
  if (!result.ok) throw new MeshProblems(result.problems);
  return { files, declaration: result.declaration };
}

async function readLake(
  options: ImportOptions,
  console: Console,
  { existing, administrators, subscriptions }: Pick<Adopting, 'existing' | 'administrators' | 'subscriptions'>,
): Promise<Adopted> {
  // Loaded only now, so that what is wrong with the set-up is told at once.
  const { connect, connectOwn } = await import('../connect.ts');
  const lake =
    existing === undefined
      ? await connectOwn(regionOf(options, console), options)
      : await connect(existing.declaration, options);
  const progress = progressOn(console, options.quiet);
  try {
    return await adopt(lake, {
      globs: options.database ?? [],
      existing,
      directory: posix.normalize(options.mesh),
      name: options.name ?? 'mesh',
      administrators,
      subscriptions,
      writesMissing: options.writeMissing === true,
      now: new Date(),
      onProgress: (rows, pages) => progress.show(`reading permissions: ${rows} rows, ${pages} pages`),
    });
  } finally {
    progress.end();
  }
}

function regionOf({ region }: ImportOptions, { env }: Console): string {
  const found = region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (found !== undefined && found !== '') return found;
  throw new SetupProblem(
    'NO_REGION',
    'there is no mesh.yaml yet to say the region',
    'give it with --region, or set AWS_REGION',
  );
}

/** Reads an export of the older table, packed with gzip or not; an item that cannot be read stops the import. */
function readExport(file: string): readonly OldSubscription[] {
  const { subscriptions, bad } = parseExport(textOf(file));
  const [first] = bad;
  if (first === undefined) return subscriptions;
  const more = bad.length === 1 ? '' : `, and ${bad.length - 1} more like it`;
  throw new SetupProblem(
    'BAD_EXPORT',
    `${file}: item ${first.number}: ${first.message}${more}`,
    'an export has one JSON item a line, or is the answer of aws dynamodb scan',
  );
}

function textOf(file: string): string {
  try {
    const bytes = readFileSync(file);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isPacked ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    const reason = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
    throw new SetupProblem('BAD_EXPORT', `${file} cannot be read (${reason})`, 'give the file of an export');
  }
}
