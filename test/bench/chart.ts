import type { Findings } from './row.ts';

const colours = { ours: '#0f766e', theirs: '#b45309', ink: '#334155', faint: '#e2e8f0' };
const left = 250;
const width = 860;
const bar = 16;

/** Ours beside the method of others, calls and seconds, on a logarithmic scale. */
export function chartOf({ comparisons }: Findings): string {
  const groups = comparisons.flatMap(({ work, latencyMs, ours, theirs }) => [
    { name: work, unit: 'calls', ours: ours.calls, theirs: theirs.calls },
    { name: `at ${latencyMs} ms a call`, unit: 's', ours: ours.seconds, theirs: theirs.seconds },
  ]);
  const largest = Math.max(...groups.map(({ theirs, ours }) => Math.max(theirs, ours)));
  const decades = Math.ceil(Math.log10(largest));
  const scale = (value: number): number => ((width - left - 90) * Math.max(0, Math.log10(value))) / decades;
  const height = 84 + groups.length * 54;
  const ticks = Array.from({ length: decades + 1 }, (_, power) => {
    const x = left + scale(10 ** power);
    return `<line x1="${x}" y1="56" x2="${x}" y2="${height - 24}" stroke="${colours.faint}"/>
<text x="${x}" y="${height - 8}" text-anchor="middle" class="small">${(10 ** power).toLocaleString('en')}</text>`;
  });
  const bars = groups.map(({ name, unit, ours, theirs }, index) => {
    const y = 64 + index * 54;
    const one = (value: number, top: number, fill: string): string =>
      `<rect x="${left}" y="${top}" width="${Math.max(2, scale(value))}" height="${bar}" rx="2" fill="${fill}"/>
<text x="${left + Math.max(2, scale(value)) + 6}" y="${top + 12}" class="small">${shown(value, unit)}</text>`;
    return `<text x="${left - 12}" y="${y + 22}" text-anchor="end">${name}</text>
${one(ours, y, colours.ours)}
${one(theirs, y + bar + 2, colours.theirs)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Meshgate beside one read and one write for each grant">
<style>text { font: 13px system-ui, sans-serif; fill: ${colours.ink} } .small { font-size: 12px } .title { font-size: 15px; font-weight: 600 }</style>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="16" y="26" class="title">The same work, the same endpoint (logarithmic scale)</text>
<rect x="16" y="37" width="11" height="11" rx="2" fill="${colours.ours}"/><text x="33" y="47" class="small">Meshgate</text>
<rect x="110" y="37" width="11" height="11" rx="2" fill="${colours.theirs}"/><text x="127" y="47" class="small">one filtered read and one write for each grant, ten at a time</text>
${[...ticks, ...bars].join('\n')}
</svg>
`;
}

function shown(value: number, unit: string): string {
  return unit === 's' ? `${value.toFixed(1)} s` : `${value.toLocaleString('en')} ${unit}`;
}
