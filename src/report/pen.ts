import pc from 'picocolors';
import { visible } from './excerpt.ts';
import { type Line, optionText } from './lines.ts';

/** How text is to look. */
export interface Looks {
  readonly colour: boolean;
  /** Names for principals, shown beside their identifiers. */
  readonly names: ReadonlyMap<string, string>;
  /** Show where in the files each change comes from, and every change that is withheld. */
  readonly verbose: boolean;
}

/** Looks with the colours to draw them in. */
export interface Pen extends Looks {
  readonly paint: ReturnType<typeof pc.createColors>;
}

/** A pen for the given looks. */
export function penFor(looks: Looks): Pen {
  return { ...looks, paint: pc.createColors(looks.colour) };
}

/** One line of changes: a sign, what, on what, and its marks. */
export function lineText(line: Line, { paint }: Pen): string {
  const text = visible(`${signs[line.verb]} ${line.verb.padEnd(7)} ${line.what} on ${line.on}${optionText(line)}`);
  const marks = [
    ...line.classes.map((one) => paint.magenta(visible(` [${one}]`))),
    ...(line.reason === 'desired' || line.reason === 'not desired' ? [] : [paint.yellow(` (${line.reason})`)]),
  ].join('');
  return `${painted(line, paint)(text)}${marks}`;
}

const signs: Readonly<Record<Line['verb'], string>> = {
  grant: '+',
  create: '+',
  accept: '+',
  revoke: '-',
  delete: '-',
  replace: '~',
  update: '~',
};

function painted({ verb }: Line, paint: Pen['paint']): (text: string) => string {
  if (verb === 'grant' || verb === 'create' || verb === 'accept') return paint.green;
  return verb === 'revoke' || verb === 'delete' ? paint.red : paint.yellow;
}

/** A principal by its name and identifier. */
export function nameOf(principal: string, { names }: Looks): string {
  const name = names.get(principal);
  return name === undefined ? principal : `${name} (${principal})`;
}

/** Who changed something last, and when, as far as Lake Formation says. */
export function changedBy({ updatedAt, updatedBy }: { updatedAt?: string; updatedBy?: string }): string {
  return `last changed ${updatedAt ?? ''}${updatedBy === undefined ? '' : ` by ${updatedBy}`}`;
}

/** Lines as text that ends with a line end. */
export function joined(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
