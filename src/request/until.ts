/** The day that a date or a duration names, `YYYY-MM-DD` in UTC: `2027-06-30`, `90d`, `12w`, `6m`, `1y`; or why it names none. */
export function until(text: string, today: string): { readonly day: string } | { readonly fault: string } {
  const span = /^([1-9]\d{0,4})([dwmy])$/.exec(text.trim());
  const day = span === null ? text.trim() : later(today, Number(span[1]), span[2] ?? 'd');
  if (!isDay(day)) return { fault: 'is neither a date (YYYY-MM-DD) nor a duration such as 90d, 12w, 6m or 1y' };
  return day < today ? { fault: 'has passed' } : { day };
}

function later(today: string, count: number, unit: string): string {
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number);
  if (unit === 'd' || unit === 'w') return text(Date.UTC(year, month - 1, day + count * (unit === 'w' ? 7 : 1)));
  const months = month - 1 + count * (unit === 'y' ? 12 : 1);
  // A month after January 31st ends where February does.
  const last = new Date(Date.UTC(year, months + 1, 0)).getUTCDate();
  return text(Date.UTC(year, months, Math.min(day, last)));
}

function text(time: number): string {
  return Number.isNaN(time) ? '' : new Date(time).toISOString().slice(0, 10);
}

function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  return text(Date.parse(`${day}T12:00:00Z`)) === day;
}
