import { type Classified, type ClassifiedTable, columnsOf, isSensitive, ownClass } from '../core/sensitivity.ts';
import type { DataProduct } from '../declare/files.ts';
import type { SensitivityClass } from './classes.ts';

/**
 * Whether a product is as sensitive as before in all its parts, and claims and names nothing new. A column that is named
 * for the first time comes within the reach of patterns. One that is named no longer counts as pii only while
 * something in the product is sensitive; and what was classed keeps its name, for pii may ask less than its class.
 */
export function isNoLessSensitive(
  [was, is]: readonly [DataProduct, DataProduct],
  classes: readonly (readonly SensitivityClass[])[],
): boolean {
  const isKept = keeping(classes);
  const [old, now] = [namesOf(was), namesOf(is)];
  const gone = [...old].filter(([name]) => !now.has(name));
  return (
    isKept(ownClass(was), ownClass(is)) &&
    [...now].every(([name, own]) => old.has(name) && isKept(old.get(name), own)) &&
    gone.every(([, own]) => own === undefined) &&
    (was.allowFuture === true || is.allowFuture !== true) &&
    ((gone.length === 0 && was.allowFuture === is.allowFuture) || isSensitive(is)) &&
    isKnown(was) &&
    isKnown(is)
  );
}

/** The class of every table and column that a product file names, by a key of both. */
function namesOf({ tables }: DataProduct): ReadonlyMap<string, string | undefined> {
  return new Map(
    Object.entries(tables).flatMap(([table, node]) => [
      [JSON.stringify([table]), ownClass(node)] as const,
      ...Object.entries(columnsOf(node) ?? {}).map(
        ([column, own]) => [JSON.stringify([table, column]), ownClass(own)] as const,
      ),
    ]),
  );
}

/** Whether a class asks at least what another one does, by every order of classes. */
function keeping(
  classes: readonly (readonly SensitivityClass[])[],
): (was: string | undefined, is: string | undefined) => boolean {
  return (was, is) => {
    if (was === undefined || was === is) return true;
    return classes.every((order) => {
      const [old, now] = [order.findIndex(({ name }) => name === was), order.findIndex(({ name }) => name === is)];
      const [from, to] = [order[old], order[now]];
      if (from === undefined || to === undefined || now < old || to.approvals < from.approvals) return false;
      if (from.also !== undefined && JSON.stringify(from.also) !== JSON.stringify(to.also)) return false;
      const { permissions } = from;
      return permissions === undefined || to.permissions?.every((one) => permissions.includes(one)) === true;
    });
  };
}

/** Whether every field of tables and columns is one that is judged here. */
function isKnown({ tables }: DataProduct): boolean {
  const judged = new Set(['description', 'pii', 'class', 'columns']);
  const isPlain = (node: Classified | ClassifiedTable): boolean =>
    node === null ||
    typeof node === 'string' ||
    Object.keys(node).every((key) => judged.has(key) || key.startsWith('x-'));
  return Object.values(tables).every(
    (node) => isPlain(node) && Object.values(columnsOf(node) ?? {}).every((column) => isPlain(column)),
  );
}
