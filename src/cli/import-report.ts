import pc from 'picocolors';
import { groupBy } from '../core/group.ts';
import { compareText } from '../core/problem.ts';
import type { Left, LeftCode } from '../import/left.ts';
import { reasons } from '../import/left.ts';
import { visible } from '../report/excerpt.ts';
import { objectText } from '../report/lines.ts';
import { counted } from '../report/words.ts';
import type { Adopted } from './adopt.ts';

/** What an import did. */
export interface ImportReport {
  readonly adopted: Adopted;
  readonly target: string;
  readonly isWritten: boolean;
  /** Whether nothing was written because something of the whole lake could not be read. */
  readonly isHeld: boolean;
  /** Whether there was no mesh before. */
  readonly isNew: boolean;
}

/** How the report is to look. */
export interface ImportLooks {
  readonly colour: boolean;
  readonly verbose: boolean;
  /** Whether the files are shown that would be written. */
  readonly showsFiles: boolean;
}

/** How many facts of one reason are shown without `--verbose`. */
const shown = 3;

/** An import as text: what was read, written, left out and why, and what a person must do next. */
export function importText(report: ImportReport, looks: ImportLooks): string {
  const paint = pc.createColors(looks.colour);
  const { observed, imported, files, plan } = report.adopted;
  const { gaps } = observed;
  const databases = observed.catalog.databases.size;
  const lines = [
    paint.bold(visible(`Import of lake ${observed.lake} through ${observed.endpoint}`)),
    `  read: ${counted(observed.rows, 'row')} of permissions, ${counted(databases, 'database')}`,
    ...(imported.elsewhere === 0
      ? []
      : [`  not chosen: ${counted(imported.elsewhere, 'permission')} on other databases`]),
    ...section(
      paint.bold('Could not be read; what depends on it is not written'),
      gaps.map(({ message, hint }) => `${message}${hint === undefined ? '' : `; ${hint}`}`),
    ),
    ...(looks.showsFiles
      ? files.flatMap(({ path, text }) => ['', paint.cyan(`--- ${report.target}/${path}`), text.trimEnd()])
      : []),
    ...leftLines(imported.left, looks),
    ...section(
      paint.bold('In the older table, and not, or not wholly, access now'),
      imported.unkept.map(({ id, subscriber, message }) => `${id} for ${subscriber}: ${message}`),
    ),
    ...section(
      paint.bold('To be added by hand, to files that are there already'),
      imported.edits.flatMap(({ path, text }) => [
        `${report.target}/${path}:`,
        ...text
          .trimEnd()
          .split('\n')
          .map((line) => `  ${line}`),
      ]),
    ),
    '',
    ...outcome(report).map((line) => paint.bold(line)),
    ...planLines(plan),
    '',
  ];
  return lines.join('\n');
}

function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${visible(line)}`)];
}

function leftLines(left: readonly Left[], { colour, verbose }: ImportLooks): readonly string[] {
  if (left.length === 0) return [];
  const paint = pc.createColors(colour);
  const groups = [...groupBy(left, ({ code }) => code)].sort(([, a], [, b]) => b.length - a.length);
  return [
    '',
    paint.bold(`Not in the mesh files: ${counted(left.length, 'permission')} and filters, which stay as they are`),
    ...groups.flatMap(([code, own]) => {
      const texts = [...new Set(own.map(leftText))].sort(compareText);
      const some = verbose ? texts : texts.slice(0, shown);
      const more = texts.length - some.length;
      return [
        `  ${paint.yellow(code)} ${own.length}: ${reasons[code as LeftCode]}`,
        ...some.map((text) => paint.dim(visible(`    ${text}`))),
        ...(more === 0 ? [] : [paint.dim(`    and ${more} more; --verbose shows all`)]),
      ];
    }),
  ];
}

function leftText({ fact }: Left): string {
  if (fact.kind !== 'grant') return objectText(fact);
  const option = fact.grantOption ? 'grant option on ' : '';
  return `${option}${fact.permission} on ${objectText(fact)} for ${fact.principal}`;
}

function outcome({ adopted, target, isWritten, isHeld, isNew }: ImportReport): readonly string[] {
  const { files } = adopted;
  if (isHeld) return ['Nothing was written: the lake could not be read as a whole. --despite-gaps writes what was.'];
  if (files.length === 0) return [`${visible(target)} declares all that can be declared: nothing to write.`];
  const count = (folder: string): number => files.filter(({ path }) => path.startsWith(folder)).length;
  const parts = [
    counted(count('accounts/'), 'account'),
    counted(count('products/'), 'product'),
    counted(count('subscriptions/'), 'subscription'),
  ].join(', ');
  const what = `${isNew ? 'mesh.yaml, ' : ''}${parts}`;
  return [isWritten ? `Written to ${visible(target)}: ${what}.` : `Would be written to ${visible(target)}: ${what}.`];
}

function planLines({ changes }: Adopted['plan']): readonly string[] {
  if (changes.length === 0) return ['Planned against what was read, these files change nothing.'];
  return [
    `Planned against what was read, these files change ${counted(changes.length, 'permission')}: see meshgate plan.`,
  ];
}

/** An import as JSON. */
export function importJson({ adopted, target, isWritten }: ImportReport): string {
  const { observed, imported, files, plan } = adopted;
  const [account = '', region = ''] = observed.lake.split('/');
  const result = {
    format: 1,
    lake: { account, region, endpoint: observed.endpoint },
    target,
    written: isWritten,
    files: files.map(({ path, text }) => ({ path, text })),
    left: imported.left.map(({ code, ...rest }) => ({ code, reason: reasons[code], ...rest })),
    edits: imported.edits,
    unkept: imported.unkept,
    elsewhere: imported.elsewhere,
    gaps: observed.gaps,
    changes: plan.changes.length,
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}
