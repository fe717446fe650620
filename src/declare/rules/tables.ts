import { isGlob } from '../../core/pattern.ts';
import type { Problem } from '../../core/problem.ts';
import { isSensitive } from '../../core/sensitivity.ts';
import { didYouMean, listed } from '../closest.ts';
import type { Entry, Joined } from '../entries.ts';
import { meet, patternOf } from '../patterns.ts';

/** An access entry names tables of its product. */
export function checkTables({ entries }: Joined): readonly Problem[] {
  return entries.flatMap(checkEntry);
}

function checkEntry({ product, productName, access, at }: Entry): readonly Problem[] {
  if (product === undefined || product.value.allowFuture === true) return [];
  const claimed = Object.keys(product.value.tables);
  const names = claimed.filter((text) => !isGlob(text));
  const globs = claimed.filter(isGlob);
  const known = new Set(names);
  const namedOnly = isSensitive(product.value);
  return (access.tables ?? []).flatMap((text, index) => {
    if (text === '*' || known.has(text.toLowerCase())) return [];
    if (!isGlob(text)) {
      if (globs.some((glob) => patternOf(glob).matches(text))) return [];
      const hint = didYouMean(text, names, `its tables are ${listed(claimed, 'not listed')}`);
      return [
        { code: 'UNKNOWN_TABLE', message: `"${productName}" has no table "${text}"`, hint, place: at('tables', index) },
      ];
    }
    if (names.some(patternOf(text).matches)) return [];
    if (!namedOnly && globs.some((glob) => meet(glob, text))) return [];
    const hint = namedOnly
      ? `in a product with sensitive data a pattern reaches only named tables: ${listed(names, 'there are none')}`
      : `its tables are ${listed(claimed, 'not listed')}`;
    return [
      {
        code: 'UNKNOWN_TABLE',
        message: `no table of "${productName}" matches "${text}"`,
        hint,
        place: at('tables', index),
      },
    ];
  });
}
