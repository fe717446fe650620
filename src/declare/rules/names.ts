import { isRe2 } from '../../core/pattern.ts';
import type { Place, Problem } from '../../core/problem.ts';
import { columnsOf } from '../../core/sensitivity.ts';
import type { Joined } from '../entries.ts';
import { quoted } from '../wording.ts';

/** Names of databases, tables and columns are written as Glue stores them: in lower case. */
export function checkNames({ accounts, products, entries }: Joined): readonly Problem[] {
  const problems: Problem[] = [];
  const check = (name: string, place: () => Place): void => {
    const wrong = wrongName(name);
    if (wrong !== undefined) problems.push({ ...wrong, place: place() });
  };
  for (const { value, at } of accounts.values()) {
    for (const [index, name] of (value.databases ?? []).entries()) check(name, () => at(['databases', index]));
  }
  for (const { value, keyAt } of products.values()) {
    for (const [table, node] of Object.entries(value.tables)) {
      check(table, () => keyAt(['tables', table]));
      for (const column of Object.keys(columnsOf(node) ?? {})) {
        check(column, () => keyAt(['tables', table, 'columns', column]));
      }
    }
  }
  for (const { access, at } of entries) {
    const { include = [], exclude = [] } = access.columns ?? {};
    const excluded = typeof exclude === 'string' ? [] : exclude;
    for (const [index, name] of (access.tables ?? []).entries()) check(name, () => at('tables', index));
    for (const [index, name] of include.entries()) check(name, () => at('columns', 'include', index));
    for (const [index, name] of excluded.entries()) check(name, () => at('columns', 'exclude', index));
  }
  return problems;
}

function wrongName(name: string): Omit<Problem, 'place'> | undefined {
  if (isRe2(name)) return undefined;
  const folded = name.toLowerCase();
  if (folded !== name)
    return {
      code: 'NOT_LOWER_CASE',
      message: `${quoted(name)} is not in lower case`,
      hint: `write ${quoted(folded)}, as Glue stores it`,
    };
  if (name === '' || name.length > 255)
    return {
      code: 'BAD_NAME',
      message: `${quoted(name)} cannot be a name in Glue`,
      hint: 'names have 1 to 255 characters',
    };
  if (name.trim() === name && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)) return undefined;
  return {
    code: 'BAD_NAME',
    message: `${quoted(name)} cannot be a name in Glue`,
    hint: 'leave out control characters, and spaces at either end',
  };
}
