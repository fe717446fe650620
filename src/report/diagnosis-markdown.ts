import type { Check, Diagnosis } from '../core/diagnosis.ts';
import { diagnosisHeadline, summaryOf } from './diagnosis-text.ts';
import { visible } from './excerpt.ts';
import { escapeMarkdown } from './markdown.ts';
import { joined } from './pen.ts';

/** A diagnosis as Markdown: what was found first, with its commands; then what was not checked; what is sound folded. */
export function diagnosisMarkdown(diagnosis: Diagnosis): string {
  const { checks } = diagnosis;
  const rank = { error: 0, warning: 1, note: 2 };
  const found = checks
    .flatMap((check) => (check.result === 'finding' ? [check] : []))
    .sort((a, b) => rank[a.severity] - rank[b.severity]);
  const open = checks.flatMap((check) => (check.result === 'unchecked' ? [check] : []));
  return joined([
    `## ${summaryOf(diagnosis)}`,
    '',
    escapeMarkdown(diagnosisHeadline(diagnosis)),
    ...found.flatMap((check) => [
      '',
      `### ${check.severity}: ${title(check)}`,
      '',
      escapeMarkdown(check.means),
      ...remedyMarkdown(check),
    ]),
    ...open.flatMap((check) => [
      '',
      `### not checked: ${title(check)}`,
      '',
      escapeMarkdown(check.why),
      ...remedyMarkdown(check),
    ]),
    ...sound(checks),
  ]);
}

function title({ code, message }: Check): string {
  return `${code} ${escapeMarkdown(message)}`;
}

function remedyMarkdown({
  remedy,
  commands,
}: {
  readonly remedy?: string;
  readonly commands: readonly string[];
}): readonly string[] {
  // A fence longer than any run of backquotes inside cannot be left.
  const runs = commands.flatMap((command) => Array.from(command.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return [
    ...(remedy === undefined ? [] : ['', escapeMarkdown(remedy)]),
    ...(commands.length === 0 ? [] : ['', `${fence}sh`, ...commands.map(visible), fence]),
  ];
}

function sound(checks: readonly Check[]): readonly string[] {
  const items = checks.filter(({ result }) => result === 'ok').map((check) => `- ${title(check)}`);
  if (items.length === 0) return [];
  return ['', `<details><summary>Sound: ${items.length}</summary>`, '', ...items, '', '</details>'];
}
