import type { Absence, Explanation, Layer, Readers } from '../core/explanation.ts';
import { isKnown } from '../core/lifecycle.ts';
import { visible } from './excerpt.ts';
import { jsonText } from './json.ts';
import { extentText, layerText, marks, originText, whoText } from './layers.ts';
import { joined, type Looks, type Pen, penFor } from './pen.ts';
import { sourcesText } from './subscriptions.ts';
import { counted } from './words.ts';
import { wrapped } from './wrap.ts';

/** Why a principal has access, or what is missing, for a terminal. */
export function explanationText(explanation: Explanation, looks: Looks): string {
  const pen = penFor(looks);
  const { principal, resource, classes, layers, absences, advice, sources } = explanation;
  const isRead = isKnown(sources.lake);
  const certain = layers.filter(({ isCertain }) => isCertain);
  const perhaps = layers.filter(({ isCertain, isIdle }) => !isCertain && isIdle !== true);
  const idle = layers.filter(({ isIdle }) => isIdle === true);
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
      'Gives nothing as it stands',
      idle.flatMap((layer) => layerText(layer, pen)),
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
  const open = unknown.length === 0 ? '' : `; ${counted(unknown.length, 'thing')} asked for of which nobody knows`;
  return `${has}${may}${not}${open}.`;
}

/** Who can read a column, for a terminal. */
export function readersText(readers: Readers, looks: Looks): string {
  const pen = penFor(looks);
  const { resource, classes, readers: all, unread, limits, sources } = readers;
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
      'Accounts that hold it and were not looked at: who reads there is not known',
      unread.flatMap(({ account, why }) => [`  ${pen.paint.yellow(visible(whoText(account)))}`, ...indented(why, pen)]),
      pen,
    ),
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

function readersTotal({ readers, unread, sources }: Readers): string {
  const perhaps = readers.filter(({ layers }) => layers.every(({ isCertain }) => !isCertain)).length;
  const strange = readers.filter(({ layers }) => layers.every(({ footing }) => footing !== 'declared')).length;
  const may = perhaps === 0 ? '' : `, ${perhaps} more may`;
  const by = strange === 0 ? '' : `; ${strange} of them by what no file asks for`;
  const far = sources.gaps.length + unread.length === 0 ? '' : ', as far as could be read';
  return `${counted(readers.length - perhaps, 'principal')} can read it${may}${by}${far}.`;
}

/** A heading with its lines; nothing where there are none. */
export function section(title: string, lines: readonly string[], { paint }: Pen): readonly string[] {
  return lines.length === 0 ? [] : ['', paint.bold(title), ...lines];
}

function indented(text: string, { paint }: Pen): readonly string[] {
  return wrapped(visible(text), 74).map((line) => paint.dim(`    ${line}`));
}

function absenceText({ permissions, on, account, why, origins }: Absence, pen: Pen): readonly string[] {
  const what = `${permissions.length === 0 ? '' : `${permissions.join(', ')} on `}${extentText(on, pen)}`;
  const where = account === undefined ? '' : `, in the lake of ${account.name ?? account.id}`;
  return [
    `  ${pen.paint.red(visible(`${what}${where}`))}`,
    ...(why === undefined ? [] : wrapped(visible(why), 74).map((line) => `    ${pen.paint.yellow(line)}`)),
    ...origins.flatMap((origin) => originText(origin, pen, true)),
  ];
}

/** An explanation as one JSON object. */
export function explanationJson(explanation: Explanation): string {
  return jsonText(explanation);
}

/** The readers of a column as one JSON object. */
export function readersJson(readers: Readers): string {
  return jsonText(readers);
}
