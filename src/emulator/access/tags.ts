import { type LakeView, shelfKey } from '../lake.ts';
import type { TagPair } from '../resource.ts';

/** LF-Tags, key to value. */
export type Tags = Readonly<Record<string, string>>;

/** The LF-Tags that an object carries itself. */
export function ownTags(view: LakeView, ...place: readonly string[]): Tags {
  return view.tagAssignments.get(shelfKey(...place)) ?? {};
}

/**
 * The LF-Tags of a database, table or column: what is nearer overrides what is inherited.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-overview.html
 */
export function tagsOf(view: LakeView, database: string, table?: string, column?: string): Tags {
  const ofDatabase = ownTags(view, 'database', database);
  if (table === undefined) return ofDatabase;
  const ofTable = { ...ofDatabase, ...ownTags(view, 'table', database, table) };
  return column === undefined ? ofTable : { ...ofTable, ...ownTags(view, 'column', database, table, column) };
}

/** Says whether an expression selects what carries these tags: each of its keys with one of its values, `*` for any. */
export function selects(expression: readonly TagPair[], tags: Tags): boolean {
  return (
    expression.length > 0 &&
    expression.every(({ key, values }) => {
      const value = tags[key];
      return value !== undefined && (values.includes('*') || values.includes(value));
    })
  );
}
