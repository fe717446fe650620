import {
  BatchGrantPermissionsCommand,
  type BatchPermissionsFailureEntry,
  BatchRevokePermissionsCommand,
  ListPermissionsCommand,
  type ListPermissionsCommandOutput,
  type ListPermissionsRequest,
} from '@aws-sdk/client-lakeformation';
import { apiResource } from '../core/api-resource.ts';
import {
  type Entry,
  LakeFailure,
  type LakeReader,
  type LakeWriter,
  type PermissionPage,
  type PermissionQuery,
} from '../core/lake.ts';
import { toFailure } from './failure.ts';
import type { Clients } from './lake.ts';
import { nextToken } from './pages.ts';
import { type RetryPolicy, retrying } from './retry.ts';
import { interning, toEntry, toRow } from './translate.ts';

/** The most rows that a page of ListPermissions holds. */
const pageSize = 1000;

/** A batch that fails as a whole is not sent again here: its entries are, with the patience that they have left. */
const once: RetryPolicy = { retries: 0, minimum: 0, maximum: 0 };

/** Listing, granting and revoking. */
export function permissionCalls(
  clients: Clients,
): Pick<LakeReader, 'permissions'> & Pick<LakeWriter, 'grant' | 'revoke'> {
  const { isOver } = clients.retry;
  const policy = isOver === undefined ? once : { ...once, isOver };
  return {
    permissions: (query) => pages(clients, query),
    grant: async (entries) => {
      const batch = {
        CatalogId: clients.catalog,
        Entries: entries.map((entry, index) => toEntry(entry, String(index))),
      };
      const answer = await retrying(
        'BatchGrantPermissions',
        () => clients.lakeformation.send(new BatchGrantPermissionsCommand(batch)),
        { policy, isRead: false },
      );
      return failures('BatchGrantPermissions', entries, answer.Failures);
    },
    revoke: async (entries) => {
      const batch = {
        CatalogId: clients.catalog,
        Entries: entries.map((entry, index) => toEntry(entry, String(index))),
      };
      const answer = await retrying(
        'BatchRevokePermissions',
        () => clients.lakeformation.send(new BatchRevokePermissionsCommand(batch)),
        { policy, isRead: false },
      );
      return failures('BatchRevokePermissions', entries, answer.Failures);
    },
  };
}

// Never by principal: with principal and resource the service answers effective permissions, not grants.
// Source: https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html.
async function* pages(clients: Clients, query: PermissionQuery | undefined): AsyncGenerator<PermissionPage> {
  const filter = filterOf(query);
  const page = (token: string | undefined): Promise<ListPermissionsCommandOutput> => {
    const request = { CatalogId: clients.catalog, MaxResults: pageSize, NextToken: token, ...filter };
    const send = () => clients.lakeformation.send(new ListPermissionsCommand(request));
    return retrying('ListPermissions', send, { policy: clients.retry, isRead: true });
  };
  const once = interning();
  let token: string | undefined;
  let coming: Promise<ListPermissionsCommandOutput> | undefined = page(undefined);
  while (coming !== undefined) {
    const answer: ListPermissionsCommandOutput = await coming;
    // Only the token tells the end: pages may be short or empty.
    token = nextToken('ListPermissions', answer.NextToken, token);
    // The next page is on its way while this one is worked on; what becomes of it is looked at when its turn comes.
    coming = token === undefined ? undefined : page(token);
    coming?.catch(() => undefined);
    const rows = (answer.PrincipalResourcePermissions ?? []).map((row) => toRow(row, clients.catalog, once));
    yield {
      rows: rows.filter((row) => 'principal' in row),
      unreadable: rows.filter((row) => 'text' in row),
    };
  }
}

function filterOf(
  query: PermissionQuery | undefined,
): Pick<ListPermissionsRequest, 'Resource' | 'ResourceType' | 'IncludeRelated'> {
  if (query === undefined) return {};
  if ('type' in query) return { ResourceType: query.type };
  return { Resource: apiResource(query.resource), ...(query.related === true ? { IncludeRelated: 'TRUE' } : {}) };
}

function failures(
  operation: string,
  entries: readonly Entry[],
  failed: readonly BatchPermissionsFailureEntry[] | undefined,
): readonly (LakeFailure | undefined)[] {
  const byId = new Map<string, LakeFailure>();
  for (const failure of failed ?? []) {
    const code = failure.Error?.ErrorCode ?? 'UnknownError';
    const id = failure.RequestEntry?.Id;
    if (id === undefined || !(Number(id) < entries.length))
      throw new LakeFailure({
        operation,
        code: 'UnknownEntry',
        message: 'the service reported a failure for an entry that was not sent',
        kind: 'unknown',
      });
    byId.set(id, toFailure(operation, code, failure.Error?.ErrorMessage ?? code));
  }
  return entries.map((_, index) => byId.get(String(index)));
}
