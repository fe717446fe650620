import {
  type Resource as ApiResource,
  CreateLakeFormationOptInCommand,
  DeleteLakeFormationOptInCommand,
  type LakeFormationOptInsInfo,
  ListLakeFormationOptInsCommand,
} from '@aws-sdk/client-lakeformation';
import { apiResource } from '../core/api-resource.ts';
import { canonicalResource, rawResource } from '../core/canonical.ts';
import type { OptIn } from '../core/fact.ts';
import { LakeFailure, type LakeReader, type LakeWriter } from '../core/lake.ts';
import { toPrincipal } from '../core/principal.ts';
import type { Clients } from './lake.ts';
import { pagesOf } from './pages.ts';
import { retrying } from './retry.ts';
import { toRawResource } from './translate.ts';

/**
 * Who is opted in to what, in hybrid access mode. Never listed by principal: of another account's the service refuses
 * that (https://github.com/hashicorp/terraform-provider-aws/issues/49106).
 */
export function optInCalls(
  clients: Clients,
): Pick<LakeReader, 'optIns'> & Pick<LakeWriter, 'createOptIn' | 'deleteOptIn'> {
  const { lakeformation } = clients;
  const options = { policy: clients.retry, isRead: false };
  return {
    optIns: () => pages(clients),
    createOptIn: async (optIn) => {
      const command = new CreateLakeFormationOptInCommand(toApi(optIn));
      await retrying('CreateLakeFormationOptIn', () => lakeformation.send(command), options);
    },
    deleteOptIn: async (optIn) => {
      const command = new DeleteLakeFormationOptInCommand(toApi(optIn));
      await retrying('DeleteLakeFormationOptIn', () => lakeformation.send(command), options);
    },
  };
}

async function* pages({ lakeformation, retry, lake, catalog }: Clients): AsyncGenerator<readonly OptIn[]> {
  for await (const { LakeFormationOptInsInfoList = [] } of pagesOf({
    operation: 'ListLakeFormationOptIns',
    policy: retry,
    ask: (NextToken) => lakeformation.send(new ListLakeFormationOptInsCommand({ MaxResults: 1000, NextToken })),
    tokenOf: (page) => page.NextToken,
  }))
    yield LakeFormationOptInsInfoList.map((one) => fromApi(one, { lake, catalog }));
}

function toApi({ principal, resource, condition }: OptIn) {
  return {
    Principal: { DataLakePrincipalIdentifier: principal },
    Resource: apiResource(rawResource(resource)),
    ...(condition === undefined ? {} : { Condition: { Expression: condition } }),
  };
}

function fromApi(listed: LakeFormationOptInsInfo, { lake, catalog }: Pick<Clients, 'lake' | 'catalog'>): OptIn {
  const { Principal, Resource, Condition } = listed;
  const principal = Principal?.DataLakePrincipalIdentifier;
  const resource = Resource === undefined ? undefined : toRawResource(inCatalog(Resource, catalog), catalog);
  if (principal === undefined || resource === undefined)
    throw new LakeFailure({
      operation: 'ListLakeFormationOptIns',
      code: 'IncompleteAnswer',
      message: `an opt-in in an unknown form: ${JSON.stringify({ Principal, Resource })}`,
      kind: 'final',
    });
  return {
    kind: 'opt-in',
    lake,
    principal: toPrincipal(principal).id,
    resource: canonicalResource(resource).resource,
    ...(Condition?.Expression === undefined ? {} : { condition: Condition.Expression }),
  };
}

/** That every answer names the catalog is documented of permissions alone. */
function inCatalog(resource: ApiResource, CatalogId: string): ApiResource {
  const { Database, Table, TableWithColumns } = resource;
  return {
    ...resource,
    ...(Database && { Database: { CatalogId, ...Database } }),
    ...(Table && { Table: { CatalogId, ...Table } }),
    ...(TableWithColumns && { TableWithColumns: { CatalogId, ...TableWithColumns } }),
  };
}
