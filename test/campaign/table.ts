/** Lines of a Markdown table: texts to the left, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const widths = head.map((text, column) => Math.max(text.length, ...rows.map((row) => String(row[column]).length)));
  const isNumber = (column: number): boolean => typeof rows[0]?.[column] === 'number';
  const line = (cells: readonly (string | number)[]): string => {
    const padded = cells.map((cell, column) =>
      isNumber(column) ? String(cell).padStart(widths[column] ?? 0) : String(cell).padEnd(widths[column] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) => (isNumber(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), line(rule), ...rows.map(line)];
}
