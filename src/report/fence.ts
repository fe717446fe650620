import { visible } from './excerpt.ts';

/** Text to copy, in a fence that nothing in it can end. */
export function fenced(text: string, language = 'yaml'): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...text.trimEnd().split('\n').map(visible), fence];
}
