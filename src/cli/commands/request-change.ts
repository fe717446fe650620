import { didYouMean, listed } from '../../declare/closest.ts';
import type { DeclaredSubscription } from '../../declare/declaration.ts';
import { rewritten } from '../../declare/edit-at.ts';
import { classesOf } from '../../desire/classes.ts';
import type { ShownRequest } from '../../report/request.ts';
import { type Drops, narrow } from '../../request/narrow.ts';
import { until } from '../../request/until.ts';
import { pathOf } from '../../request/wanted.ts';
import type { Console } from '../console.ts';
import { MeshProblems } from '../mesh-problems.ts';
import { SetupProblem } from '../options.ts';
import type { Base } from '../request/base.ts';
import { declaredWith, type FileEdit } from '../request/request-file.ts';
import { type AskingOptions, ask, baseFor } from './request.ts';

/** Options of what changes a subscription that is there. */
interface ChangeOptions extends AskingOptions {
  /** `<domain>/<product>/<consumer>[.<name>]`, or the path of its file. */
  readonly id: string;
  readonly expires?: string;
}

/** Options of `request narrow`. */
interface NarrowOptions extends ChangeOptions {
  readonly dropTable?: readonly string[];
  readonly dropColumn?: readonly string[];
  readonly dropPermission?: readonly string[];
  readonly dropPrincipal?: readonly string[];
}

/** Asks for a later end. */
export async function extendCommand(options: ChangeOptions, console: Console): Promise<number> {
  return await change('extend', options, console, ({ value }, { today }) => {
    const day = dayOf(options.expires ?? '', today);
    if (value.expires === undefined)
      throw new SetupProblem(
        'NOTHING_TO_DO',
        `${options.id} has no end that could be later`,
        'an end is set with narrow --expires',
      );
    if (day <= value.expires)
      throw new SetupProblem(
        'NOTHING_TO_DO',
        `${options.id} lasts until ${value.expires} already`,
        'an earlier end is set with narrow --expires',
      );
    return { ...value, expires: day };
  });
}

/** Takes a part of a subscription away. */
export async function narrowCommand(options: NarrowOptions, console: Console): Promise<number> {
  const drops: Drops = {
    tables: options.dropTable ?? [],
    columns: options.dropColumn ?? [],
    permissions: options.dropPermission ?? [],
    principals: options.dropPrincipal ?? [],
  };
  if (options.expires === undefined && Object.values(drops).every((names) => names.length === 0))
    throw new SetupProblem(
      'MISSING_OPTION',
      'nothing says what goes',
      'give --drop-table, --drop-column, --drop-permission, --drop-principal or --expires',
    );
  return await change('narrow', options, console, (subscription, { base: { declaration }, today }) => {
    const { mesh, products } = declaration;
    const product = products.get(subscription.product)?.value;
    if (product === undefined) throw new SetupProblem('UNKNOWN_PRODUCT', `there is no product ${subscription.product}`);
    const terms = { product, presets: mesh.value.presets ?? {}, classes: classesOf(mesh.value) };
    const found = narrow(subscription.value, drops, terms);
    if (!('value' in found)) throw new MeshProblems(found.faults);
    if (options.expires === undefined) return found.value;
    const day = dayOf(options.expires, today);
    const { expires } = subscription.value;
    if (expires !== undefined && day >= expires)
      throw new SetupProblem(
        'NOTHING_TO_DO',
        `${options.id} ends on ${expires}, which is not later`,
        'a later end is asked for with extend',
      );
    return { ...found.value, expires: day };
  });
}

/** Ends a subscription: its file goes. */
export async function endCommand(options: ChangeOptions, console: Console): Promise<number> {
  return await change('end', options, console, () => undefined);
}

interface Setting {
  readonly base: Base;
  readonly today: string;
}

/** Changes one subscription's file to say another value; undefined, it goes. */
async function change(
  kind: Exclude<ShownRequest['kind'], 'access'>,
  options: ChangeOptions,
  console: Console,
  valueAfter: (subscription: DeclaredSubscription, setting: Setting) => unknown,
): Promise<number> {
  const now = new Date();
  const today = now.toISOString().slice(0, 10);
  const base = await baseFor(options, console);
  const key = keyIn(options.id);
  const subscription = base.declaration.subscriptions.get(key);
  const before = base.files.files.find(({ path }) => path === pathOf(key))?.text;
  if (subscription === undefined || before === undefined) throw unknown(options.id, base);
  const value = valueAfter(subscription, { base, today });
  const edit: FileEdit = {
    key,
    path: pathOf(key),
    before,
    after: value === undefined ? undefined : rewritten(before, value),
  };
  if (edit.after === before) throw new SetupProblem('NOTHING_TO_DO', `${options.id} would be as it is`);
  const after = declaredWith(base, edit);
  if (after.declaration === undefined) throw new MeshProblems(after.problems);
  return await ask({ kind, base, edit, after: after.declaration, now }, options, console);
}

/** The key that an id means: itself, or the one that a file's path holds. */
function keyIn(id: string): string {
  return /(?:^|\/)subscriptions\/([^/]+\/[^/]+\/[^/]+)\.yaml$/.exec(id)?.[1] ?? id;
}

function unknown(id: string, { label, declaration: { subscriptions } }: Base): SetupProblem {
  const keys = [...subscriptions.keys()];
  return new SetupProblem(
    'UNKNOWN_SUBSCRIPTION',
    `there is no subscription ${id} in ${label}`,
    didYouMean(id, keys, listed(keys, 'there is none')),
  );
}

function dayOf(text: string, today: string): string {
  const end = until(text, today);
  if ('fault' in end) throw new SetupProblem('BAD_DATE', `--expires ${text} ${end.fault}`);
  return end.day;
}
