import type { Read } from '../core/inspection.ts';
import { LakeFailure, type LakeReader } from '../core/lake.ts';

/** What came of each operation that was called: a failure, or undefined. */
export type Attempts = Map<string, LakeFailure | undefined>;

/** Waits for a call and notes what came of it; a refusal is an answer here, not an exception. */
export async function attempting<T>(attempts: Attempts, operation: string, call: Promise<T>): Promise<Read<T>> {
  try {
    const value = await call;
    note(attempts, operation, undefined);
    return { isRead: true, value };
  } catch (thrown) {
    if (!(thrown instanceof LakeFailure)) throw thrown;
    note(attempts, operation, thrown);
    return { isRead: false, failure: thrown };
  }
}

/** A reader that notes what comes of its calls, and else does what the given one does. */
export function recorded(reader: LakeReader, attempts: Attempts): LakeReader {
  const once = async <T>(operation: string, call: Promise<T>): Promise<T> => {
    const read = await attempting(attempts, operation, call);
    if (!read.isRead) throw read.failure;
    return read.value;
  };
  async function* each<T>(operation: string, pages: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = pages[Symbol.asyncIterator]();
    for (let page = await once(operation, iterator.next()); page.done !== true; ) {
      yield page.value;
      page = await once(operation, iterator.next());
    }
  }
  return {
    ...reader,
    settings: () => once('GetDataLakeSettings', reader.settings()),
    permissions: (query) => each('ListPermissions', reader.permissions(query)),
    filters: (table) => each('ListDataCellsFilter', reader.filters(table)),
    database: (name) => once('GetDatabase', reader.database(name)),
    tables: (database) => each('GetTables', reader.tables(database)),
    optIns: () => each('ListLakeFormationOptIns', reader.optIns()),
  };
}

/** What is refused once is not allowed; any other failure counts only where nothing succeeds. */
function note(attempts: Attempts, operation: string, failure: LakeFailure | undefined): void {
  const known = attempts.get(operation);
  const isKept = known?.code === 'AccessDeniedException' || (attempts.has(operation) && known === undefined);
  if (!isKept || failure?.code === 'AccessDeniedException') attempts.set(operation, failure);
}
