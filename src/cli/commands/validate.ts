import { declare } from '../../declare/declare.ts';
import { readMesh } from '../../declare/read.ts';
import { visible } from '../../report/excerpt.ts';
import { problemsJson } from '../../report/json.ts';
import { escapeMarkdown } from '../../report/markdown.ts';
import { problemsText } from '../../report/problems.ts';
import { counted } from '../../report/words.ts';
import { type Console, hasColour } from '../console.ts';
import type { CommonOptions } from '../options.ts';

/** Checks the mesh files and shows every problem. */
export async function validate(options: CommonOptions, console: Console): Promise<number> {
  const result = declare(await readMesh(options.mesh));
  const problems = result.ok ? [] : result.problems;
  switch (options.format) {
    case 'json':
      console.out(problemsJson(problems));
      break;
    case 'markdown':
      console.out(
        problems.length === 0
          ? 'No problems.\n'
          : problems
              .map(
                ({ place, code, message }) =>
                  `- ${escapeMarkdown(`${place?.file}:${place?.line}:${place?.column} ${code} ${message}`)}\n`,
              )
              .join(''),
      );
      break;
    case 'text':
      if (!result.ok) console.out(problemsText(problems, hasColour(console, 'out')));
      else {
        const { accounts, products, subscriptions } = result.declaration;
        console.out(
          `${visible(options.mesh)} is valid: ${counted(accounts.size, 'account')}, ${counted(products.size, 'product')}, ${counted(subscriptions.size, 'subscription')}.\n`,
        );
      }
  }
  return problems.length === 0 ? 0 : 1;
}
