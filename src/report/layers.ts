import { columnsText } from '../core/columns.ts';
import type { Extent, Layer, Origin, PullOrigin, Step } from '../core/explanation.ts';
import { isKnown, type Unknown } from '../core/lifecycle.ts';
import type { NamedPrincipal } from '../core/subscriptions.ts';
import { visible } from './excerpt.ts';
import { shortened } from './lines.ts';
import type { Pen } from './pen.ts';
import { stateColour } from './subscriptions.ts';
import { rightsText } from './words.ts';
import { wrapped } from './wrap.ts';

/** Classes as they are marked behind a text. */
export function marks(classes: readonly string[], { paint }: Pen): string {
  return classes.map((one) => paint.magenta(visible(`  [${one}]`))).join('');
}

/** A principal by its name and identifier. */
export function whoText({ id, name }: NamedPrincipal): string {
  return name === undefined ? id : `${name} (${id})`;
}

/** One way of access: what it gives, what it is to the mesh, and how it came. */
export function layerText(layer: Layer, pen: Pen): readonly string[] {
  const { paint } = pen;
  const {
    permissions,
    withGrantOption,
    on,
    footing,
    through,
    principal,
    account,
    notes,
    classes,
    origins,
    path = [],
    updatedAt,
    updatedBy,
  } = layer;
  const { what, option } = rightsText(permissions, withGrantOption);
  const colour = footing === 'declared' ? paint.green : footing === 'implied' ? paint.cyan : paint.yellow;
  const holder = through === 'itself' ? '' : ` for ${whoText(principal)}`;
  const where = account === undefined ? '' : `, in the lake of ${account.name ?? account.id}`;
  const changed =
    updatedAt === undefined
      ? ''
      : `, since ${updatedAt.slice(0, 10)}${footing === 'declared' || updatedBy === undefined ? '' : ` by ${updatedBy}`}`;
  return [
    `  ${colour(visible(`${what} on ${extentText(on, pen)}${option}${holder}${where}`))}${marks(classes, pen)}`,
    ...(footing === 'implied' ? [] : [`    ${visible(`${footingWords[footing]}${changed}`)}`]),
    ...notes.flatMap((note) => wrapped(visible(note), 74).map((line) => `    ${paint.yellow(line)}`)),
    ...origins.flatMap((origin) => originText(origin, pen)),
    ...path.flatMap((step) => stepText({ ...step, origins: step.origins.filter(isNew(origins)) }, pen)),
  ];
}

/** Whether something was not told before: another subscription, or another commit. */
function isNew(told: readonly Origin[]): (origin: Origin) => boolean {
  const keyOf = ({ subscription, place, brought }: Origin): string =>
    JSON.stringify([subscription ?? place.file, brought !== undefined && isKnown(brought) ? brought.commit : '']);
  const known = new Set(told.map(keyOf));
  return (origin) => !known.has(keyOf(origin));
}

/** One thing that a grant in a consumer's lake hangs on. */
function stepText({ what, state, why, origins }: Step, pen: Pen): readonly string[] {
  const { paint } = pen;
  const [mark, colour] = stepMarks[state];
  return [
    ...wrapped(visible(what), 72).map((line, index) => `    ${index === 0 ? paint[colour](mark) : ' '} ${line}`),
    ...(why === undefined ? [] : wrapped(visible(why), 72).map((line) => `      ${paint.yellow(line)}`)),
    ...origins.flatMap((origin) => originText(origin, pen).map((line) => `  ${line}`)),
  ];
}

const stepMarks = { there: ['=', 'green'], missing: ['-', 'red'], unknown: ['?', 'yellow'] } as const;

const footingWords: Readonly<Record<Exclude<Layer['footing'], 'implied'>, string>> = {
  declared: 'asked for by the mesh files',
  'left over': 'no file asks for it any more; the next apply may revoke it',
  unmanaged: 'granted by hand: no mesh file asks for it',
  protected: 'protected: never revoked',
  outside: 'outside the mesh',
};

/** What a grant reaches, in words; all columns by name where more is to be said. */
export function extentText({ resource, columns = 'all', rows }: Extent, { verbose }: Pen): string {
  const read = columns === 'all' ? '' : `, columns: ${verbose ? columnsText(columns) : shortened(columns)}`;
  return `${resource}${read}${rows === undefined ? '' : `, rows: ${rows}`}`;
}

/** Where something was asked for, by whom, who approved it, and with which commit it came. */
export function originText(origin: Origin, pen: Pen, saysWhy = false): readonly string[] {
  const { place, subscription, product, state, why, brought, pull } = origin;
  const { paint } = pen;
  const what = subscription ?? (product === undefined ? 'mesh.yaml' : product);
  const shown = state === undefined ? '' : `  ${stateColour(state, pen)(state)}`;
  return [
    `    ${visible(what)}${shown}  ${paint.dim(visible(`${place.file}:${place.line}`))}`,
    ...(saysWhy && why !== undefined ? wrapped(visible(why), 72).map((line) => `      ${paint.yellow(line)}`) : []),
    ...broughtText(brought, pull).map((line) => `      ${paint.dim(visible(line))}`),
  ];
}

function broughtText(brought: Origin['brought'], pull: PullOrigin | Unknown | undefined): readonly string[] {
  if (brought === undefined) return [];
  if (!isKnown(brought)) return [`which commit brought it is not known: ${brought.unknown}`];
  const commit = `commit ${brought.commit.slice(0, 12)}, ${brought.at.slice(0, 10)}, written by ${brought.author}`;
  if (pull === undefined || !isKnown(pull)) return [commit];
  return [commit, pullText(pull)];
}

/** Who asked for a pull request, and who approved it. */
export function pullText({ pull, by, approvals }: PullOrigin): string {
  const asked = by === undefined ? 'asked by nobody who is known' : `asked by @${by}`;
  const given = approvals.map(({ login, at }) => `@${login}${at === undefined ? '' : ` (${at.slice(0, 10)})`}`);
  return `#${pull}, ${asked}, ${given.length === 0 ? 'approved by nobody' : `approved by ${given.join(', ')}`}`;
}
