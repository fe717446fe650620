import type { World } from './world.ts';

/** Whether an answer comes too early to know of something. */
export function isLate({ lag }: World, what: 'pulls' | 'mergeable', key: string): boolean {
  const asked = (lag.asked.get(`${what} ${key}`) ?? 0) + 1;
  lag.asked.set(`${what} ${key}`, asked);
  return asked <= lag[what];
}
