import pc from 'picocolors';
import { dayOf } from '../../core/day.ts';
import { gripOf, type Hold, sightOf } from '../../core/hold.ts';
import type { Change } from '../../core/plan.ts';
import { isSamePlace } from '../../core/problem.ts';
import type { Declaration } from '../../declare/declaration.ts';
import { declare } from '../../declare/declare.ts';
import { withoutItem } from '../../declare/edit.ts';
import type { HoldScope } from '../../declare/files.ts';
import type { MeshFiles } from '../../declare/mesh-files.ts';
import { readMesh } from '../../declare/read.ts';
import { safetyOf, scopeText } from '../../desire/safety.ts';
import { focusOn } from '../../plan/focus.ts';
import type { Planned } from '../../reconcile.ts';
import { visible } from '../../report/excerpt.ts';
import { exitCode, planFindings } from '../../report/exit.ts';
import { planJson } from '../../report/json.ts';
import { planMarkdown } from '../../report/markdown.ts';
import { planText } from '../../report/text.ts';
import { type Console, hasColour } from '../console.ts';
import { heldUntil, holdEdit, type ReadMesh } from '../hold-edit.ts';
import { proposeHold, wouldAsk } from '../hold-request.ts';
import { diffOf, edited, editMeshFile, writeEdit } from '../mesh-edit.ts';
import { MeshProblems } from '../mesh-problems.ts';
import { SetupProblem } from '../options.ts';
import { type Prepared, prepareFor } from '../prepare.ts';
import { explainFailure } from '../trouble.ts';
import { type ApplyOptions, carryOutPlan, waitsOf } from './apply.ts';

/** Options of `revoke`. */
interface RevokeOptions extends ApplyOptions, Omit<HoldScope, 'mesh'> {
  /** Whether all that the mesh gives is meant. */
  readonly everything?: boolean;
  readonly reason?: string;
  readonly until?: string;
  readonly now: boolean;
  readonly end: boolean;
  readonly dryRun: boolean;
  /** The remote that the pull request is opened at. */
  readonly remote: string;
}

/**
 * Writes a hold into mesh.yaml and shows what it cuts; with `--now` opens the pull request that adds it, then cuts that
 * and nothing else; or ends a hold.
 */
export async function revokeCommand(options: RevokeOptions, console: Console): Promise<number> {
  const scope = scopeOf(options);
  const waits = waitsOf(console.env.MESHGATE_READ_BACK);
  const files = await readMesh(options.mesh);
  const declaration = declarationOf(files);
  if (options.end) return endHold({ files, declaration }, options, console);
  const now = new Date();
  const until = options.until === undefined ? undefined : checkedDay(options.until, now);
  const edit = holdEdit({ files, declaration }, { scope, reason: options.reason, until }, now);
  const after = edit === undefined ? declaration : declarationOf(edited(files, edit), declaration);
  const hold = holdOf(after, scope, now);
  const already = `${files.directory}/mesh.yaml holds this already, until ${hold.until}`;
  show(edit === undefined ? [already] : diffOf(edit), options, console);
  const prepared = await prepareFor({ declaration: after, now, as: 'apply' }, options, console).catch(
    (thrown: unknown) => {
      if (options.now || options.dryRun) throw thrown;
      explainFailure(thrown, console, 'What the hold cuts cannot be shown.');
      return undefined;
    },
  );
  const focused = prepared === undefined ? undefined : { ...prepared, planned: onlyFor(hold, prepared.planned) };
  if (options.dryRun) {
    const code = shown(focused, options, console);
    if (options.now) show(wouldAsk({ hold }, console), options, console);
    return code;
  }
  if (edit !== undefined && !(await writeEdit(edit))) return anew(files, options, console);
  if (focused === undefined || !options.now) {
    const code = shown(focused, options, console);
    const file = `${files.directory}/mesh.yaml`;
    const next = `The hold is in ${file}. Commit it and merge it, and the next apply cuts; or run this again with --now to cut at once.`;
    show(['', next], options, console);
    return code;
  }
  const { names, planned } = focused;
  const asked = await proposeHold({ scope, hold, plan: planned.plan, names, now }, options, console);
  if (asked.done.length > 0) show(['', ...asked.done, ''], options, console);
  const { code } = await carryOutPlan({ ...focused, waits }, options, console);
  if (asked.failure !== undefined) {
    console.err('\n');
    explainFailure(asked.failure, console, 'The cut was made all the same, but no pull request holds it.');
  }
  if (asked.remains.length > 0) show(['', ...asked.remains], options, console);
  return asked.failure === undefined ? code : 5;
}

/** Runs again on what somebody else has made of mesh.yaml since it was read: neither change may be lost. */
function anew({ directory }: MeshFiles, options: RevokeOptions, console: Console): Promise<number> {
  show([`${directory}/mesh.yaml was changed meanwhile, so this begins anew`], options, console);
  return revokeCommand(options, console);
}

async function endHold({ files, declaration }: ReadMesh, options: RevokeOptions, console: Console): Promise<number> {
  const scope = scopeOf(options);
  if (options.now)
    throw new SetupProblem('BAD_OPTION', '--end and --now do not go together', 'access comes back with an apply');
  const indexes = (declaration.mesh.value.holds ?? []).flatMap((hold, index) =>
    scopeText(hold.scope) === scopeText(scope) ? [index] : [],
  );
  if (indexes.length === 0)
    throw new SetupProblem(
      'NO_HOLD',
      `mesh.yaml has no hold on ${scopeText(scope)}`,
      `it has ${(declaration.mesh.value.holds ?? []).map((hold) => `one on ${scopeText(hold.scope)}`).join('; ') || 'none'}`,
    );
  const edit = editMeshFile(files, (text) =>
    indexes.reduceRight((rest, index) => withoutItem(rest, 'holds', index), text),
  );
  declarationOf(edited(files, edit));
  show(diffOf(edit), options, console);
  if (options.dryRun) return 0;
  if (!(await writeEdit(edit))) return anew(files, options, console);
  show(
    ['', 'Commit this and have it reviewed: the access comes back with the apply after the merge.'],
    options,
    console,
  );
  return 0;
}

function scopeOf({ everything, principal, account, product, table, column }: RevokeOptions): HoldScope {
  if (everything === true) return { mesh: true };
  const given = Object.entries({ principal, account, product, table, column }).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length > 0) return Object.fromEntries(given);
  const hint = 'give one or more of --principal, --account, --product, --table, --column, or --everything';
  throw new SetupProblem('NO_SCOPE', 'nothing says whose access to what is meant', hint);
}

/** The declaration of mesh files; what only the command line can have brought in is told as its fault. */
function declarationOf(files: MeshFiles, before?: Declaration): Declaration {
  const result = declare(files);
  if (result.ok) return result.declaration;
  const [first] = result.problems;
  if (before === undefined || first === undefined) throw new MeshProblems(result.problems);
  throw new SetupProblem(first.code, first.message, first.hint);
}

function holdOf(declaration: Declaration, scope: HoldScope, now: Date): Hold {
  const { holds } = safetyOf(declaration, { today: dayOf(now) });
  const found = holds[heldUntil(declaration, scope, now)?.index ?? -1];
  if (found === undefined) throw new SetupProblem('NO_HOLD', `mesh.yaml has no hold on ${scopeText(scope)} in force`);
  return found;
}

/** A plan for one hold: what it takes, what it leaves of that, and what it does not reach. */
function onlyFor(hold: Hold, planned: Planned): Planned {
  const { plan, observed, again } = planned;
  const isOwn = ({ reason, because }: Change): boolean =>
    reason === 'held' && because.some(({ place }) => isSamePlace(place, hold.place));
  const keys = new Set(
    [...plan.changes, ...plan.refusals.flatMap(({ changes }) => changes)].filter(isOwn).map(({ key }) => key),
  );
  const sight = sightOf(observed.catalog, observed.facts.values());
  const focus = {
    // What a later look gives back of what was cut too far belongs to the cut.
    isWanted: (change: Change) => isOwn(change) || keys.has(change.key),
    isNear: ({
      fact,
      product,
    }: {
      readonly fact: Planned['plan']['unmanaged'][number]['fact'];
      readonly product?: string;
    }) =>
      fact.kind === 'grant' &&
      gripOf(hold, fact, { asker: { products: product === undefined ? [] : [product] }, sight }) !== 'none',
  };
  return {
    ...planned,
    plan: focusOn(plan, focus),
    again: async (now, progress) => focusOn(await again(now, progress), focus),
  };
}

function shown(prepared: Prepared | undefined, options: RevokeOptions, console: Console): number {
  if (prepared === undefined) return 5;
  const { names, planned } = prepared;
  const { plan } = planned;
  if (options.format === 'json') console.out(planJson(plan));
  else if (options.format === 'markdown') console.out(planMarkdown(plan, names));
  else console.out(planText(plan, { colour: hasColour(console, 'out'), names, verbose: options.verbose }));
  return exitCode(planFindings(plan, false));
}

/** Lines for people: among the results as text, else beside them. */
function show(lines: readonly string[], { format }: RevokeOptions, console: Console): void {
  const stream = format === 'text' ? 'out' : 'err';
  const paint = pc.createColors(hasColour(console, stream));
  const painted = lines.map((line) => {
    const colour = line.startsWith('+') ? paint.green : line.startsWith('-') ? paint.red : (text: string) => text;
    return colour(visible(line));
  });
  console[stream](`${painted.join('\n')}\n`);
}

function checkedDay(text: string, now: Date): string {
  const day = new Date(`${text}T12:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(day.getTime()) || dayOf(day) !== text)
    throw new SetupProblem('BAD_DATE', `--until ${text} is no date`, 'write it as YYYY-MM-DD');
  if (text < dayOf(now))
    throw new SetupProblem('BAD_DATE', `--until ${text} has passed, so the hold would cut nothing`);
  return text;
}
