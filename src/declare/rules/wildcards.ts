import type { Problem } from '../../core/problem.ts';
import { isSensitive } from '../../core/sensitivity.ts';
import type { Entry, Joined } from '../entries.ts';

/** The all-tables wildcard stands alone, and needs allowFuture where data is sensitive. */
export function checkWildcards({ entries }: Joined): readonly Problem[] {
  return entries.flatMap(checkEntry);
}

function checkEntry({ product, productName, access, at }: Entry): readonly Problem[] {
  const { tables = [] } = access;
  const index = tables.indexOf('*');
  if (index < 0) return [];
  const problems: Problem[] = [];
  const place = at('tables', index);
  if (tables.length > 1) {
    problems.push({
      code: 'WILDCARD_NOT_ALONE',
      message: '"*" already stands for every table',
      hint: 'leave the others out, or "*"',
      place,
    });
  }
  if (product !== undefined && product.value.allowFuture !== true && isSensitive(product.value)) {
    const message = `"*" would reach tables that nobody has classified, and "${productName}" has sensitive data`;
    problems.push({
      code: 'WILDCARD_NOT_ALLOWED',
      message,
      hint: `name the tables, write a glob, or add allowFuture: true to ${product.file}`,
      place,
    });
  }
  return problems;
}
