import type { Plan } from '../../core/plan.ts';
import { exitCode, planFindings } from '../../report/exit.ts';
import { planJson } from '../../report/json.ts';
import { planMarkdown } from '../../report/markdown.ts';
import { pictureMarkdown, pictureText } from '../../report/picture.ts';
import { planText } from '../../report/text.ts';
import type { ChangedOptions } from '../changed.ts';
import { type Console, hasColour } from '../console.ts';
import { loadMesh, principalNames } from '../load.ts';
import { baseOf, offlinePlan, unsoundBase } from '../offline.ts';
import { type LakeOptions, SetupProblem } from '../options.ts';
import { prepare } from '../prepare.ts';

/** Options of `plan`. */
interface PlanOptions extends LakeOptions, ChangedOptions {
  readonly exitCode?: boolean;
  readonly asOf?: string;
  readonly picture?: boolean;
  readonly offline?: boolean;
  readonly base?: string;
  readonly accounts?: string;
  readonly merge?: readonly string[];
  readonly out?: string;
}

/** Shows what apply would do. */
export async function planCommand(options: PlanOptions, console: Console): Promise<number> {
  const { accounts } = options;
  if (accounts !== undefined)
    return (await import('../saved/read-part.ts')).readPart({ ...options, accounts }, console);
  const { plan, names } = await planFor(options, console, dayOf(options.asOf));
  const looks = { colour: hasColour(console, 'out'), names, verbose: options.verbose };
  if (options.format === 'json') console.out(planJson(plan));
  else if (options.format === 'markdown')
    console.out(options.picture === true ? pictureMarkdown(plan) : planMarkdown(plan, names));
  else console.out(options.picture === true ? pictureText(plan, looks) : planText(plan, looks));
  return exitCode(planFindings(plan, options.exitCode === true));
}

async function planFor(
  options: PlanOptions,
  console: Console,
  now: Date,
): Promise<{ readonly plan: Plan; readonly names: ReadonlyMap<string, string> }> {
  const { offline, base: revision, mesh } = options;
  if (offline === true) {
    if (revision === undefined)
      throw new SetupProblem(
        'BASE',
        '--offline compares with a commit, and none is named',
        'add --base, as in --base main',
      );
    const declaration = await loadMesh(mesh);
    const base = await baseOf(mesh, revision);
    const unsound = unsoundBase(base);
    if (unsound !== undefined) throw unsound;
    return { plan: await offlinePlan({ mesh, declaration, now }, base), names: principalNames(declaration) };
  }
  if (revision !== undefined)
    throw new SetupProblem(
      'BASE',
      '--base belongs to --offline',
      'add --offline, or use --changed to read less of the lake',
    );
  const { out } = options;
  const { run, planned, names, at } = await preparePlan(options, console, now);
  if (out !== undefined) await (await import('../saved/merge.ts')).savePlan(out, { run, planned, at }, console);
  return { plan: planned.plan, names };
}

async function preparePlan({ merge: parts, ...options }: PlanOptions, console: Console, now: Date) {
  // What is saved is carried out by the roles that apply, so it is they who look.
  const at = new Date().toISOString();
  const more = { now, ...(options.out !== undefined && { as: 'apply' as const }) };
  if (parts === undefined) return { ...(await prepare(options, console, more)), at };
  const declaration = await loadMesh(options.mesh);
  return (await import('../saved/merge.ts')).prepareMerged(parts, { declaration, ...more }, { options, console });
}

function dayOf(text: string | undefined): Date {
  if (text === undefined) return new Date();
  const day = new Date(`${text}T12:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text)
    throw new SetupProblem('BAD_DATE', `--as-of ${text} is no date`, 'write it as YYYY-MM-DD');
  return day;
}
