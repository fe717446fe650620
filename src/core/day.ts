/** The day of a time, `YYYY-MM-DD` in UTC. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** The day so many days after another. */
export function dayAfter(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T12:00:00Z`) + days * 24 * 3600 * 1000));
}
