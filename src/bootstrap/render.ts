import { stringify } from 'yaml';
import type { Step } from './steps.ts';
import type { Template } from './template.ts';

/** A template as YAML, with the steps around it as comments: one file that tells it all, and that CloudFormation takes. */
export function printedTemplate(template: Template, steps: readonly Step[]): string {
  const lines = steps.flatMap(({ title, why, commands, document }, index) => [
    '',
    `${index + 1}. ${title}`,
    ...folded(why, 104).map((line) => `   ${line}`),
    ...commands.map((command) => `   $ ${command}`),
    ...(document === undefined
      ? []
      : JSON.stringify(document, null, 2)
          .split('\n')
          .map((line) => `   ${line}`)),
  ]);
  const head = [template.Description, ...lines].map((line) => (line === '' ? '#' : `# ${line}`));
  return `${head.join('\n')}\n${templateYaml(template)}`;
}

/** The same for a person to follow, as Markdown. */
export function printedSteps(template: Template, steps: readonly Step[], file: string): string {
  const parts = steps.flatMap(({ title, why, commands, document }, index) => [
    `## ${index + 1}. ${title}`,
    why,
    ...(commands.length === 0 ? [] : [fenced('sh', commands.join('\n'))]),
    ...(document === undefined ? [] : [fenced('json', JSON.stringify(document, null, 2))]),
  ]);
  return `${[`# ${template.Description}`, ...parts, `## ${file}`, fenced('yaml', templateYaml(template).trimEnd())].join('\n\n')}\n`;
}

function templateYaml(template: Template): string {
  // CloudFormation reads YAML 1.1, in which yes is a boolean. An anchor would hide what is to be read where it stands.
  return stringify(template, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function folded(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
