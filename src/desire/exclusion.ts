import { compilePattern } from '../core/pattern.ts';
import { classesFrom } from './classes.ts';
import type { ProductView } from './reach.ts';

/** Whether a choice keeps a column of a table back: by name or pattern, or because it is of the class or a stricter one. */
export function exclusion(
  view: ProductView,
  table: string,
  written: string | readonly string[],
): (name: string) => boolean {
  if (typeof written === 'string') {
    const classes = classesFrom(view.classes, written);
    return (name) => [...view.sensitivity.ofColumn(table, name)].some((one) => classes.has(one));
  }
  const patterns = written.map(compilePattern);
  return (name) => patterns.some((pattern) => pattern.matches(name));
}
