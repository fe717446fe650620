/**
 * The lines that one CODEOWNERS file has and another lacks: `-` goes, `+` comes. Where both say something of one
 * path, what it was and what it becomes stand together; what only goes stands first.
 */
export function differenceOf(actual: string, expected: string): readonly string[] {
  const [is, should] = [linesOf(actual), linesOf(expected)];
  const positions = new Map(should.map((line, index) => [pathOf(line), index]));
  const gone = lacking(is, should).map((line) => ({ text: `- ${line}`, at: positions.get(pathOf(line)) ?? -1 }));
  const come = lacking(should, is).map((line) => ({ text: `+ ${line}`, at: positions.get(pathOf(line)) ?? -1 }));
  return [...gone, ...come].sort((a, b) => a.at - b.at).map(({ text }) => text);
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}

function pathOf(line: string): string {
  return line.startsWith('#') ? line : (line.split(' ')[0] ?? '');
}

function lacking(lines: readonly string[], others: readonly string[]): readonly string[] {
  const there = new Set(others);
  return lines.filter((line) => !there.has(line));
}
