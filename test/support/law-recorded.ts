import type { Lake, LakeReader, ObservedRow } from '../../src/core/lake.ts';

/** All that a reader answered, page by page. */
export interface Recorded {
  readonly reader: LakeReader;
  /** The same answers with rows in another order and pages cut elsewhere, as many as there were. */
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
        // Before it is handed on: whoever listens may stop there.
        heard.set(key, kept);
        yield page;
      }
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
    optIns: () => listen('opt-ins', lake.optIns()),
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
        // As many pages as there were, for how many there are decides how a lake is read.
        const cuts = pages.map((_, index) => Math.abs(order(index)) % (rows.length + 1)).sort((a, b) => a - b);
        for (const [index] of pages.entries())
          yield {
            rows: rows.slice(index === 0 ? 0 : cuts[index], index === pages.length - 1 ? rows.length : cuts[index + 1]),
            unreadable: [],
          };
      },
      filters: (table) => again(`filters ${JSON.stringify(table)}`),
      tables: (database) => again(`tables ${database}`),
      optIns: () => again('opt-ins'),
    };
  };
  return { reader, shuffled };
}
