import pc from 'picocolors';
import type { Asking } from '../core/asking.ts';
import type { Plan } from '../core/plan.ts';
import { visible } from './excerpt.ts';
import { type Line, linesOf, optionText } from './lines.ts';
import { escapeMarkdown } from './markdown.ts';

/** A request as people are shown it, before anything is written and in its pull request. */
export interface ShownRequest {
  /** What is asked: `access`, or what becomes of a subscription. */
  readonly kind: 'access' | 'extend' | 'narrow' | 'end';
  readonly product: string;
  readonly consumer: string;
  readonly name?: string;
  readonly purpose: string;
  readonly expires?: string;
  /** What it changes, as far as the files alone tell. */
  readonly plan: Pick<Plan, 'changes' | 'leftOut' | 'problems' | 'notes' | 'refusals'>;
  /** Whose approval it takes. */
  readonly asking: Asking | undefined;
  /** Names of principals by identifier. */
  readonly names: ReadonlyMap<string, string>;
  /** Lines of a machine that the body of the pull request ends with. */
  readonly record?: string;
}

const verbs = { access: 'gets', extend: 'keeps', narrow: 'keeps less of', end: 'gives up' } as const;

/** The title of a request's pull request, which is also the first line of its commit. */
export function requestTitle({ kind, consumer, name, product, expires }: ShownRequest): string {
  const who = name === undefined ? consumer : `${consumer} (${name})`;
  const end = expires === undefined || kind === 'end' || kind === 'narrow' ? '' : ` until ${expires}`;
  return `${who} ${verbs[kind]} ${product}${end}`;
}

/** What a request comes to, for a terminal. */
export function requestText(shown: ShownRequest, colour: boolean): string {
  const paint = pc.createColors(colour);
  const lines = linesOf(shown.plan.changes);
  return [
    paint.bold(effectHeading(shown)),
    ...lines.map((line) => {
      const text = `  ${signOf(line)} ${visible(sentence(line, shown.names))}`;
      return line.verb === 'revoke' || line.verb === 'delete' ? paint.red(text) : paint.green(text);
    }),
    ...(lines.length === 0 ? [`  ${visible(unchanged(shown))}`] : []),
    ...remarks(shown).map((remark) => paint.yellow(`  ! ${visible(remark)}`)),
    '',
    paint.bold('Who must approve'),
    ...approvalLines(shown).flatMap(({ text, why }) => [
      `  ${visible(text)}`,
      ...why.map((one) => `    ${paint.yellow(visible(one))}`),
    ]),
    '',
  ].join('\n');
}

/** The body of a request's pull request: why, what, and who must approve; nothing that was typed in can be more than text. */
export function requestMarkdown(shown: ShownRequest): string {
  const lines = linesOf(shown.plan.changes);
  const purpose = shown.purpose.split(/\r?\n/).map((line) => `> ${escapeMarkdown(line)}`);
  const items = lines.map(
    (line) =>
      `- ${signOf(line) === '-' ? '**' : ''}${escapeMarkdown(sentence(line, shown.names))}${signOf(line) === '-' ? '**' : ''}`,
  );
  const body = [
    ...purpose,
    '',
    `### ${effectHeading(shown)}`,
    '',
    ...(lines.length === 0 ? [escapeMarkdown(unchanged(shown))] : items),
    ...remarks(shown).map((remark) => `- :warning: ${escapeMarkdown(remark)}`),
    '',
    '### Who must approve',
    '',
    ...approvalLines(shown).flatMap(({ text, why }) => [
      `- ${escapeMarkdown(text)}`,
      ...why.map((one) => `  - ${escapeMarkdown(one)}`),
    ]),
    '',
    'This is what the files alone tell; the check of this pull request says the rest.',
    ...(shown.record === undefined ? [] : ['', shown.record]),
    '',
  ];
  return shortened(body, shown.record);
}

/** GitHub takes 65,536 characters. Source: https://docs.github.com/rest/pulls/pulls#create-a-pull-request answers 422 above. */
const longest = 60_000;

function shortened(body: readonly string[], record: string | undefined): string {
  const whole = body.join('\n');
  if (whole.length <= longest) return whole;
  const end = [
    '',
    'The rest is too long for this place; the check of this pull request has it all.',
    ...(record === undefined ? [] : ['', record]),
    '',
  ].join('\n');
  const cut = whole.slice(0, longest - end.length);
  return cut.slice(0, cut.lastIndexOf('\n') + 1) + end;
}

function effectHeading({ kind }: ShownRequest): string {
  return kind === 'access' ? 'What would be granted' : 'What would change';
}

function unchanged({ kind, expires }: ShownRequest): string {
  if (kind === 'extend') return `the same access as now, until ${expires ?? 'it is ended'}`;
  return 'nothing that the files alone can tell: tables or columns are matched in the catalog';
}

/** What stands in the way of it, and what only a connection to AWS can tell. */
function remarks({ plan }: ShownRequest): readonly string[] {
  const { problems, refusals, leftOut, notes, changes } = plan;
  const gives = changes.some(({ verb }) => verb === 'grant' || verb === 'replace' || verb === 'create');
  return [
    ...problems.map(({ code, message, hint }) => sentenceOf(code, message, hint)),
    ...refusals.map(({ code, message }) => sentenceOf(code, message)),
    ...(leftOut.length === 0
      ? []
      : ['the product is additive: nothing of it is revoked until somebody does so by hand']),
    // What only takes away gives no pii, known or not.
    ...notes
      .filter(({ code }) => gives || code !== 'PII_AT_LEAST')
      .map(({ message, hint }) => sentenceOf('', message, hint)),
  ];
}

function sentenceOf(code: string, message: string, hint?: string): string {
  return `${code} ${message}${hint === undefined ? '' : `; ${hint}`}`.trim();
}

function signOf({ verb }: Line): string {
  if (verb === 'revoke' || verb === 'delete') return '-';
  return verb === 'replace' || verb === 'update' ? '~' : '+';
}

/** A line of a plan as one sentence. */
export function sentence(line: Line, names: ReadonlyMap<string, string>): string {
  const whom = line.principal === '' ? '' : ` for ${names.get(line.principal) ?? line.principal}`;
  const classes = line.classes.length === 0 ? '' : ` [${line.classes.join(', ')}]`;
  return `${line.verb} ${line.what}${optionText(line)} on ${line.on}${whom}${classes}`;
}

function approvalLines({
  asking,
}: ShownRequest): readonly { readonly text: string; readonly why: readonly string[] }[] {
  if (asking === undefined || asking.missing.length === 0)
    return [{ text: `nobody: ${asking?.settled ?? 'nothing changes'}`, why: [] }];
  return asking.missing.map(({ count, people, role, because }) => {
    const named = people.length === 0 ? 'nobody is named' : people.map(({ login }) => `@${login}`).join(', ');
    const who = count === 1 ? role : role.replace(/^an owner/, `${count} owners`);
    const own = role.startsWith(consumerRole) ? '; whoever opens the pull request counts' : '';
    return { text: `${who} (${named})${own}${because.length === 0 ? '' : ', because of'}`, why: because };
  });
}

/** How the one is called who may also ask. */
const consumerRole = 'an owner of the account';
