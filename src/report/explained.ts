import pc from 'picocolors';
import type { KnownError } from '../core/known-errors/known-error.ts';
import { jsonText } from './json.ts';
import { escapeMarkdown } from './markdown.ts';
import { joined } from './pen.ts';

/** An explained error as text. */
export function explainedText({ means, cause, remedy, source }: KnownError, colour: boolean): string {
  const paint = pc.createColors(colour);
  const row = (name: string, text: string): string => `${paint.bold(name.padEnd(9))}${text}`;
  return joined([
    row('Means', means),
    row('Cause', cause),
    row('Way out', paint.yellow(remedy)),
    row('Source', paint.dim(source)),
  ]);
}

/** An explained error as Markdown. */
export function explainedMarkdown({ means, cause, remedy, source }: KnownError): string {
  const row = (name: string, text: string): string => `- **${name}**: ${escapeMarkdown(text)}`;
  return joined([row('Means', means), row('Cause', cause), row('Way out', remedy), `- **Source**: <${source}>`]);
}

/** An explained error as one JSON object. */
export function explainedJson({ id, means, cause, remedy, source }: KnownError): string {
  return jsonText({ format: 1, id, means, cause, remedy, source });
}
