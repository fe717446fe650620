import type { Clients } from './lake.ts';
import { pagesOf } from './pages.ts';

/** How a page of RAM is asked for: as long as RAM makes it. */
export interface RamPaging {
  readonly maxResults: number;
  readonly nextToken: string | undefined;
}

/** The pages of one of RAM's listings. */
export function ramPages<T extends { readonly nextToken?: string | undefined }>(
  { retry: policy }: Pick<Clients, 'retry'>,
  operation: string,
  ask: (paging: RamPaging) => Promise<T>,
): AsyncGenerator<T> {
  return pagesOf({
    operation,
    policy,
    ask: (nextToken) => ask({ maxResults: 500, nextToken }),
    tokenOf: ({ nextToken }) => nextToken,
  });
}

/** Lake Formation names its shares so. */
export const ownName = 'LakeFormation';
