import type { Lake, LakeReader, ObservedRow } from '../../src/core/lake.ts';

/** All that a reader answered, page by page. */
export interface Recorded {
  readonly reader: LakeReader;
  /** The same answers with rows in another order and pages cut elsewhere. */
  readonly shuffled: (order: (index: number) => number) => LakeReader;
}

/** Listens to a lake while it is read, so that the same can be said again in another order. */
export function recorded(lake: Lake): Recorded {
  const heard = new Map<string, unknown[]>();
  const refused = new Map<string, unknown>();
  async function* listen<T>(key: string, pages: AsyncIterable<T>): AsyncGenerator<T> {
    const kept: T[] = [];
    try {
      for await (const page of pages) {
        kept.push(page);
        yield page;
      }
      heard.set(key, kept);
    } catch (thrown) {
      refused.set(key, thrown);
      throw thrown;
    }
  }
  const reader: LakeReader = {
    ...lake,
    permissions: (query) => listen(`permissions ${JSON.stringify(query)}`, lake.permissions(query)),
    filters: (table) => listen(`filters ${JSON.stringify(table)}`, lake.filters(table)),
    tables: (database) => listen(`tables ${database}`, lake.tables(database)),
  };
  const shuffled = (order: (index: number) => number): LakeReader => {
    const mixed = <T>(items: readonly T[]): T[] =>
      items
        .map((item, index) => [order(index), item] as const)
        .sort(([a], [b]) => a - b)
        .map(([, item]) => item);
    async function* again<T>(key: string): AsyncGenerator<readonly T[]> {
      if (refused.has(key)) throw refused.get(key);
      const items = mixed((heard.get(key) ?? []).flat() as T[]);
      const cut = items.length === 0 ? 0 : Math.abs(order(items.length)) % items.length;
      yield items.slice(0, cut);
      yield [];
      yield items.slice(cut);
    }
    return {
      ...lake,
      permissions: async function* (query) {
        const pages = (heard.get(`permissions ${JSON.stringify(query)}`) ?? []) as {
          readonly rows: readonly ObservedRow[];
        }[];
        const rows = mixed(pages.flatMap((page) => page.rows)).map((row) => ({
          ...row,
          permissions: mixed(row.permissions),
          withGrantOption: mixed(row.withGrantOption),
        }));
        for (const row of rows) yield { rows: [row], unreadable: [] };
      },
      filters: (table) => again(`filters ${JSON.stringify(table)}`),
      tables: (database) => again(`tables ${database}`),
    };
  };
  return { reader, shuffled };
}
