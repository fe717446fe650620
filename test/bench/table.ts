import { type Findings, holds, type Row } from './row.ts';

/** The findings as an aligned table for a terminal. */
export function textOf(found: Findings): string {
  const lines: string[] = [`node ${found.node}, ${found.cpu}; calibration loop ${found.calibration.toFixed(2)} s`, ''];
  const width = Math.max(...found.rows.map(({ what }) => what.length));
  for (const [index, row] of found.rows.entries()) {
    if (row.work !== found.rows[index - 1]?.work) lines.push(row.work);
    const bound = row.most === undefined ? '' : `at most ${figure(row.most, row)}`;
    const line = `  ${row.what.padEnd(width)}  ${figure(row.value, row).padStart(9)}  ${bound.padEnd(17)}  ${verdict(row).padEnd(6)}  ${row.note ?? ''}`;
    lines.push(line.trimEnd());
  }
  if (found.comparisons.length > 0)
    lines.push('', 'beside the method of one filtered read and one write for each grant, ten at a time');
  for (const { work, latencyMs, ours, theirs } of found.comparisons)
    lines.push(
      `  ${work}, ${latencyMs} ms a call`,
      `    calls    ${amount(ours.calls).padStart(9)}  against ${amount(theirs.calls).padStart(9)}  ${ratio(theirs.calls, ours.calls)}`,
      `    seconds  ${ours.seconds.toFixed(1).padStart(9)}  against ${theirs.seconds.toFixed(1).padStart(9)}  ${ratio(theirs.seconds, ours.seconds)}`,
    );
  return `${lines.join('\n')}\n`;
}

/** The findings as the tables of the README. */
export function markdownOf(found: Findings): string {
  const rows = found.rows.map(
    (row, index) =>
      `| ${row.work === found.rows[index - 1]?.work ? '' : row.work} | ${row.what} | ${figure(row.value, row)} | ${row.most === undefined ? '' : figure(row.most, row)} | ${verdict(row)} |`,
  );
  const compared = found.comparisons.flatMap(({ work, latencyMs, ours, theirs }) => [
    `| ${work}, ${latencyMs} ms a call | calls | ${amount(ours.calls)} | ${amount(theirs.calls)} | ${ratio(theirs.calls, ours.calls)} |`,
    `| | seconds | ${ours.seconds.toFixed(1)} | ${theirs.seconds.toFixed(1)} | ${ratio(theirs.seconds, ours.seconds)} |`,
  ]);
  return [
    `Node ${found.node}, ${found.cpu}; the calibration loop takes ${found.calibration.toFixed(2)} s.`,
    '',
    '| work | figure | measured | at most | |',
    '|---|---|--:|--:|---|',
    ...rows,
    '',
    ...(compared.length === 0
      ? []
      : ['| work | figure | Meshgate | one by one | |', '|---|---|--:|--:|--:|', ...compared, '']),
  ].join('\n');
}

function verdict(row: Row): string {
  if (row.most === undefined) return '';
  return holds(row) ? 'ok' : 'missed';
}

function figure(value: number, { measure }: Row): string {
  switch (measure) {
    case 'calls':
      return amount(value);
    case 'seconds':
      return `${value.toFixed(2)} s`;
    case 'MB':
      return `${value.toFixed(0)} MB`;
    case 'milliseconds':
      return `${value.toFixed(0)} ms`;
    case 'times':
      return `${value.toFixed(1)} ×`;
  }
}

function amount(value: number): string {
  return value.toLocaleString('en');
}

function ratio(theirs: number, ours: number): string {
  return `${(theirs / ours).toFixed(1)} ×`;
}
