import pc from 'picocolors';
import { type Check, type Diagnosis, type Topic, topics } from '../core/diagnosis.ts';
import { visible } from './excerpt.ts';
import { joined } from './pen.ts';
import { counted } from './words.ts';

/** How a diagnosis is to look. */
export interface DiagnosisLooks {
  readonly colour: boolean;
  /** Show every command, also where there are many. */
  readonly verbose: boolean;
}

/** A diagnosis as text: topic by topic what is sound, what was found and how it is mended, and what could not be looked at. */
export function diagnosisText(diagnosis: Diagnosis, looks: DiagnosisLooks): string {
  const pen: Pen = { paint: pc.createColors(looks.colour), verbose: looks.verbose };
  const names = Object.entries(topics) as readonly (readonly [Topic, string])[];
  const sections = names.flatMap(([topic, title]) => {
    const checks = diagnosis.checks.filter((check) => check.topic === topic);
    return checks.length === 0 ? [] : ['', pen.paint.bold(title), ...checks.flatMap((check) => checkText(check, pen))];
  });
  return joined([
    pen.paint.bold(visible(diagnosisHeadline(diagnosis))),
    ...sections,
    '',
    pen.paint.bold(summaryOf(diagnosis)),
  ]);
}

interface Pen {
  readonly paint: ReturnType<typeof pc.createColors>;
  readonly verbose: boolean;
}

/** What a diagnosis is of. */
export function diagnosisHeadline({ mesh, lake, caller }: Diagnosis): string {
  const where = lake === null ? '' : ` on lake ${lake.account}/${lake.region} through ${lake.endpoint}`;
  return `Doctor for ${mesh === null ? 'a mesh whose files are not valid' : `mesh ${mesh}`}${where}${caller === null ? '' : ` as ${caller}`}`;
}

/** A diagnosis in one sentence. */
export function summaryOf({ checks }: Diagnosis): string {
  const found = (severity: string): number =>
    checks.filter((check) => check.result === 'finding' && check.severity === severity).length;
  const open = checks.filter((check) => check.result === 'unchecked' && !check.onlyByDoing).length;
  const unproven = checks.filter((check) => check.result === 'unchecked' && check.onlyByDoing).length;
  const sound = checks.filter(({ result }) => result === 'ok').length;
  const parts = [
    ...(['error', 'warning', 'note'] as const).flatMap((one) => (found(one) === 0 ? [] : [counted(found(one), one)])),
    ...(open === 0 ? [] : [`${open} not checked`]),
    ...(unproven === 0 ? [] : [`${unproven} not provable without trying`]),
    `${sound} sound`,
  ];
  return `Doctor: ${parts.join(', ')}.`;
}

function checkText(check: Check, { paint, verbose }: Pen): readonly string[] {
  const head = (sign: string, colour: (text: string) => string): string =>
    `  ${colour(`${sign} ${check.code}`)} ${visible(check.message)}`;
  switch (check.result) {
    case 'ok':
      return [head('✓', paint.green)];
    case 'finding': {
      const colour = { error: paint.red, warning: paint.yellow, note: paint.cyan }[check.severity];
      const sign = { error: '✗', warning: '!', note: 'i' }[check.severity];
      return [head(sign, colour), `      ${visible(check.means)}`, ...remedyText(check, { paint, verbose })];
    }
    case 'unchecked':
      return [
        head('?', check.onlyByDoing ? paint.dim : paint.magenta),
        `      not checked: ${visible(check.why)}`,
        ...remedyText(check, { paint, verbose }),
      ];
  }
}

function remedyText(
  { remedy, commands }: { readonly remedy?: string; readonly commands: readonly string[] },
  { paint, verbose }: Pen,
): readonly string[] {
  const most = verbose ? commands.length : 5;
  const more = commands.length - most;
  return [
    ...(remedy === undefined ? [] : [`      ${paint.yellow(visible(remedy))}`]),
    ...commands.slice(0, most).map((command) => `      ${paint.dim('$')} ${visible(command)}`),
    ...(more > 0 ? [`      ${paint.dim(`… and ${counted(more, 'command')} more (--verbose shows them)`)}`] : []),
  ];
}
