/** A pattern of a CODEOWNERS file, compiled. */
export type PathPattern =
  /** A file or folder by its whole path, as nearly every line that is generated says: found in a map. */
  | { readonly kind: 'path'; readonly path: string; readonly isFolder: boolean }
  /** Matching takes time in proportion to the lengths of pattern and path, multiplied. */
  | { readonly kind: 'wildcards'; readonly matches: (path: string) => boolean };

/**
 * Compiles a pattern of GitHub's dialect: gitignore's, with case, without negation, ranges or escaped `#`, and
 * with `folder/*` for one level alone
 * (https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners).
 * Brackets stand for themselves: ranges "do not work", and no mesh file has a bracket in its path.
 */
export function compilePath(text: string): PathPattern {
  if (text.startsWith('/') && text !== '/' && !/[*?\\]/.test(text)) {
    const isFolder = text.endsWith('/');
    return { kind: 'path', path: text.slice(1, isFolder ? -1 : undefined), isFolder };
  }
  const steps = stepsOf(text);
  return { kind: 'wildcards', matches: (path) => follows(steps, path.split('/')) };
}

/** One place of a pattern: any run of items, also none, or one item that fits. */
type Step = 'any' | ((item: string) => boolean);

const one: Step = () => true;

/** The names of a path that a pattern asks for, one after the other. */
function stepsOf(text: string): readonly Step[] {
  const names = text.replace(/^\//, '').split('/');
  const isOfFolder = names.length > 1 && names.at(-1) === '';
  if (isOfFolder) names.pop();
  // A slash at the start or in the middle ties a pattern to the top; without one it holds at any depth.
  const isAnchored = text.startsWith('/') || names.length > 1;
  const steps = [
    ...(isAnchored ? [] : ['any' as const]),
    ...names.map((name) => (name === '**' ? 'any' : stepOf(name))),
  ];
  const last = names.at(-1);
  // What a pattern names may be a folder, which stands for all in it; a lone asterisk behind a slash means files alone.
  if (isOfFolder || last === '**') return [...steps, one, 'any'];
  return last === '*' && isAnchored ? steps : [...steps, 'any'];
}

/** One name of a path, with its wildcards. */
function stepOf(name: string): Step {
  if (name === '*') return one;
  const tokens = Array.from(name.matchAll(/\\([\s\S])|[\s\S]/gu), ([token, escaped]): Step => {
    if (token === '*') return 'any';
    return token === '?' ? one : (character) => character === (escaped ?? token);
  });
  return (item) => follows(tokens, Array.from(item));
}

/** Whether items are as the steps say, all of both; a run that is too short is made longer, the last one alone. */
function follows(steps: readonly Step[], items: readonly string[]): boolean {
  let [step, item] = [0, 0];
  let retry: { readonly step: number; item: number } | undefined;
  while (item < items.length) {
    const wanted = steps[step];
    if (wanted === 'any') {
      step += 1;
      retry = { step, item };
    } else if (wanted?.(items[item] ?? '') === true) {
      step += 1;
      item += 1;
    } else if (retry !== undefined) {
      retry.item += 1;
      step = retry.step;
      item = retry.item;
    } else return false;
  }
  return steps.slice(step).every((rest) => rest === 'any');
}
