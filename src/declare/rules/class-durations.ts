import type { Problem } from '../../core/problem.ts';
import { strictness } from '../../core/sensitivity.ts';
import type { Joined } from '../entries.ts';
import { touched } from './class-permissions.ts';

/** Who asks for a class that limits how long access lasts says when it ends; whether that is too late only the day of asking tells. */
export function checkClassDurations({ mesh, entries }: Joined): readonly Problem[] {
  const classes = mesh?.value.classes ?? [];
  const longest = new Map(classes.flatMap((one) => (one.longest === undefined ? [] : [[one.name, one.longest]])));
  if (longest.size === 0) return [];
  const order = strictness(classes);
  return entries.flatMap((entry): readonly Problem[] => {
    const { subscription, product, permissions = [], at } = entry;
    if (subscription === undefined || subscription.value.expires !== undefined || product === undefined) return [];
    // DESCRIBE shows no data.
    const classed = permissions
      .filter((one) => one !== 'DESCRIBE')
      .flatMap((permission) => [...touched(entry, { product: product.value, permission, order })]);
    const found = classed.find(([name]) => longest.has(name));
    if (found === undefined) return [];
    const [name, where] = found;
    const message = `this asks for ${where}, which is of class "${name}", without an end`;
    const hint = `give the file \`expires\`, at most ${longest.get(name)} days after the day on which it is asked for`;
    return [{ code: 'CLASS_DURATION', message, hint, place: at() }];
  });
}
