import { columnsText } from '../core/columns.ts';
import type { Absence, Explanation, Extent, Layer, Origin, PullOrigin, Readers } from '../core/explanation.ts';
import { isKnown, type Unknown } from '../core/lifecycle.ts';
import type { NamedPrincipal } from '../core/subscriptions.ts';
import { visible } from './excerpt.ts';
import { jsonText } from './json.ts';
import { shortened } from './lines.ts';
import { joined, type Looks, type Pen, penFor } from './pen.ts';
import { sourcesText, stateColour } from './subscriptions.ts';
import { counted } from './words.ts';
import { wrapped } from './wrap.ts';

/** Why a principal has access, or what is missing, for a terminal. */
export function explanationText(explanation: Explanation, looks: Looks): string {
  const pen = penFor(looks);
  const { principal, resource, classes, layers, absences, advice, sources } = explanation;
  const isRead = isKnown(sources.lake);
  const certain = layers.filter(({ isCertain }) => isCertain);
  const perhaps = layers.filter(({ isCertain }) => !isCertain);
  const missing = absences.filter(({ isKnown: known }) => known);
  const unknown = absences.filter(({ isKnown: known }) => !known);
  return joined([
    `${pen.paint.bold(visible(`${whoText(principal)} on ${resource}`))}${marks(classes, pen)}`,
    ...section(
      'Gives access',
      certain.flatMap((layer) => layerText(layer, pen)),
      pen,
    ),
    ...section(
      'May give access',
      perhaps.flatMap((layer) => layerText(layer, pen)),
      pen,
    ),
    ...section(
      'Asked for, and not there',
      missing.flatMap((one) => absenceText(one, pen)),
      pen,
    ),
    ...section(
      'Asked for; whether it is there is not known',
      unknown.flatMap((one) => absenceText(one, pen)),
      pen,
    ),
    ...section(
      'What no file asks for',
      advice.map((step) => `  ${visible(step)}`),
      pen,
    ),
    '',
    ...sourcesText(sources, pen),
    pen.paint.bold(verdictOf({ certain, perhaps, missing, unknown, isRead })),
  ]);
}

interface Found {
  readonly certain: readonly Layer[];
  readonly perhaps: readonly Layer[];
  readonly missing: readonly Absence[];
  readonly unknown: readonly Absence[];
  readonly isRead: boolean;
}

function verdictOf({ certain, perhaps, missing, unknown, isRead }: Found): string {
  if (!isRead)
    return unknown.length > 0
      ? 'The files ask for it; the lake was not read.'
      : 'No file asks for it; the lake was not read.';
  const all = [...new Set(certain.flatMap(({ permissions }) => permissions))].sort();
  const has = all.length === 0 ? 'No access that is certain' : `Access: ${all.join(', ')}`;
  const may = perhaps.length === 0 ? '' : `; ${counted(perhaps.length, 'way')} more that may give some`;
  const not = missing.length === 0 ? '' : `; ${counted(missing.length, 'thing')} asked for and not there`;
  return `${has}${may}${not}.`;
}

/** Who can read a column, for a terminal. */
export function readersText(readers: Readers, looks: Looks): string {
  const pen = penFor(looks);
  const { resource, classes, readers: all, limits, sources } = readers;
  const isRead = isKnown(sources.lake);
  const total = isRead ? readersTotal(readers) : 'Who can read it is not known: the lake was not read.';
  return joined([
    `${pen.paint.bold(visible(`Who can read ${resource}`))}${marks(classes, pen)}`,
    ...all.flatMap(({ principal, layers }) => [
      '',
      `${pen.paint.cyan(visible(whoText(principal)))}`,
      ...layers.flatMap((layer) => layerText(layer, pen)),
    ]),
    ...section(
      'Not in this answer',
      limits.flatMap((limit) => indented(limit, pen)),
      pen,
    ),
    '',
    ...sourcesText(sources, pen),
    pen.paint.bold(total),
  ]);
}

function readersTotal({ readers, sources }: Readers): string {
  const perhaps = readers.filter(({ layers }) => layers.every(({ isCertain }) => !isCertain)).length;
  const strange = readers.filter(({ layers }) => layers.every(({ footing }) => footing !== 'declared')).length;
  const may = perhaps === 0 ? '' : `, ${perhaps} more may`;
  const by = strange === 0 ? '' : `; ${strange} of them by what no file asks for`;
  const far = sources.gaps.length === 0 ? '' : ', as far as could be read';
  return `${counted(readers.length - perhaps, 'principal')} can read it${may}${by}${far}.`;
}

/** A heading with its lines; nothing where there are none. */
export function section(title: string, lines: readonly string[], { paint }: Pen): readonly string[] {
  return lines.length === 0 ? [] : ['', paint.bold(title), ...lines];
}

/** Classes as they are marked behind a text. */
export function marks(classes: readonly string[], { paint }: Pen): string {
  return classes.map((one) => paint.magenta(visible(`  [${one}]`))).join('');
}

/** A principal by its name and identifier. */
export function whoText({ id, name }: NamedPrincipal): string {
  return name === undefined ? id : `${name} (${id})`;
}

function indented(text: string, { paint }: Pen): readonly string[] {
  return wrapped(visible(text), 74).map((line) => paint.dim(`    ${line}`));
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
    notes,
    classes,
    origins,
    updatedAt,
    updatedBy,
  } = layer;
  const what = permissions.length === 0 ? `grant option on ${withGrantOption.join(', ')}` : permissions.join(', ');
  const options = withGrantOption.join(', ');
  const option =
    permissions.length === 0 || options === ''
      ? ''
      : options === what
        ? ' with grant option'
        : ` with grant option on ${options}`;
  const colour = footing === 'declared' ? paint.green : footing === 'implied' ? paint.cyan : paint.yellow;
  const holder = through === 'itself' ? '' : ` for ${whoText(principal)}`;
  const changed =
    updatedAt === undefined
      ? ''
      : `, since ${updatedAt.slice(0, 10)}${footing === 'declared' || updatedBy === undefined ? '' : ` by ${updatedBy}`}`;
  return [
    `  ${colour(visible(`${what} on ${extentText(on, pen)}${option}${holder}`))}${marks(classes, pen)}`,
    ...(footing === 'implied' ? [] : [`    ${visible(`${footingWords[footing]}${changed}`)}`]),
    ...notes.flatMap((note) => wrapped(visible(note), 74).map((line) => `    ${paint.yellow(line)}`)),
    ...origins.flatMap((origin) => originText(origin, pen)),
  ];
}

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

function absenceText({ permissions, on, origins }: Absence, pen: Pen): readonly string[] {
  return [
    `  ${pen.paint.red(visible(`${permissions.join(', ')} on ${extentText(on, pen)}`))}`,
    ...origins.flatMap((origin) => originText(origin, pen, true)),
  ];
}

/** Where something was asked for, by whom, who approved it, and with which commit it came. */
function originText(origin: Origin, pen: Pen, saysWhy = false): readonly string[] {
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

/** An explanation as one JSON object. */
export function explanationJson(explanation: Explanation): string {
  return jsonText(explanation);
}

/** The readers of a column as one JSON object. */
export function readersJson(readers: Readers): string {
  return jsonText(readers);
}
