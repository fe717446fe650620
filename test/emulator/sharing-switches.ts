import { DeleteTableCommand, GetTableCommand } from '@aws-sdk/client-glue';
import {
  CreateLakeFormationOptInCommand,
  ListLFTagsCommand,
  ListPermissionsCommand,
  PutDataLakeSettingsCommand,
} from '@aws-sdk/client-lakeformation';
import { ask } from './access-scene.ts';
import { admin, analyst, central, clientOf, consumer, consumerAdmin, table, who } from './fixture.ts';
import { associations, hours, share, shares, statuses, unshare } from './sharing.ts';
import { type Case, codeOf } from './switch-scene.ts';

/** Switches that decide how what is granted reaches another account. */
export const sharingCases: Case[] = [
  {
    name: 'lapsedInvitationRenewedBy',
    act: async ({ emulator }) => {
      const after: (string | undefined)[][] = [];
      await share(emulator);
      emulator.advance(13 * hours);
      await share(emulator);
      after.push(await statuses(emulator));
      await share(emulator, { resource: table('items') });
      after.push(await statuses(emulator));
      return after.map((found) => found.join());
    },
    seen: {
      'new-share': ['EXPIRED', 'EXPIRED'],
      'new-grant': ['EXPIRED', 'EXPIRED,PENDING'],
      'any-grant': ['EXPIRED,PENDING', 'EXPIRED,PENDING'],
    },
  },
  {
    name: 'version5Shares',
    act: async ({ emulator, client }) => {
      await share(emulator);
      const DataLakeSettings = {
        DataLakeAdmins: [{ DataLakePrincipalIdentifier: admin }],
        Parameters: { CROSS_ACCOUNT_VERSION: '5' },
      };
      await client.lakeFormation.send(new PutDataLakeSettingsCommand({ DataLakeSettings }));
      await share(emulator, { resource: table('items') });
      await unshare(emulator);
      return (await shares(emulator)).map(({ status }) => status);
    },
    seen: { reuse: ['ACTIVE'], new: ['DELETED', 'ACTIVE'] },
  },
  {
    name: 'sharesNamed',
    act: async ({ emulator, client }) => {
      await share(emulator);
      const { PrincipalResourcePermissions = [] } = await client.lakeFormation.send(new ListPermissionsCommand({}));
      return PrincipalResourcePermissions.map((row) => row.AdditionalDetails?.ResourceShare?.length);
    },
    seen: { true: [1], false: [undefined] },
  },
  {
    name: 'dropOrphansShares',
    given: [{ principal: admin, resource: table('items'), permissions: ['DROP'] }],
    act: async ({ emulator, client }) => {
      await share(emulator, { resource: table('items') });
      await client.glue.send(new DeleteTableCommand({ DatabaseName: 'sales', Name: 'items' }));
      return await associations(emulator, 'RESOURCE');
    },
    seen: { true: ['table/sales/items ASSOCIATED'], false: [] },
  },
  {
    name: 'linksShowTarget',
    act: async ({ client }) => {
      const { Table } = await client.glue.send(new GetTableCommand({ DatabaseName: 'sales', Name: 'link' }));
      return [Table?.Name, Table?.StorageDescriptor?.Columns?.length];
    },
    seen: { true: ['link', 3], false: ['link', undefined] },
  },
  {
    name: 'unreachableLink',
    more: {
      databases: { own: { tables: { lost: { target: { catalogId: central, database: 'own', table: 'gone' } } } } },
      filters: [],
    },
    act: ({ client }) => codeOf(client.glue.send(new GetTableCommand({ DatabaseName: 'own', Name: 'lost' }))),
    seen: { refuse: 'EntityNotFoundException', show: 'ok' },
  },
  {
    name: 'foreignTagsListed',
    more: { tags: { class: ['open', 'closed'] } },
    given: ['open', 'closed'].map((value) => ({
      principal: consumer,
      resource: { LFTag: { TagKey: 'class', TagValues: [value] } },
      permissions: ['DESCRIBE'],
      withGrantOption: ['DESCRIBE'],
    })),
    act: async ({ emulator }) => {
      const { lakeFormation } = clientOf(emulator, consumerAdmin);
      const { LFTags } = await lakeFormation.send(new ListLFTagsCommand({ ResourceShareType: 'ALL' }));
      return LFTags ?? [];
    },
    seen: { true: [{ CatalogId: central, TagKey: 'class', TagValues: ['open', 'closed'] }], false: [] },
  },
  {
    name: 'repeatedOptIn',
    more: { optIns: [{ principal: analyst, resource: table('orders') }] },
    act: ({ client }) =>
      codeOf(
        client.lakeFormation.send(
          new CreateLakeFormationOptInCommand({ Principal: who(analyst), Resource: table('orders') }),
        ),
      ),
    seen: { refuse: 'InvalidInputException', accept: 'ok' },
  },
  {
    name: 'adminsReadData',
    act: async ({ emulator }) => ask(emulator, { principal: admin }).allowed,
    seen: { true: true, false: false },
  },
  {
    name: 'severalFilters',
    more: {
      filters: ['a', 'b'].map((name) => ({ database: 'sales', table: 'orders', name, rows: `o_id > '${name}'` })),
    },
    given: ['a', 'b'].map((Name) => ({
      principal: analyst,
      resource: { DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name } },
      permissions: ['SELECT'],
    })),
    act: async ({ emulator }) => ask(emulator).rows,
    seen: { union: "(o_id > 'a') OR (o_id > 'b')", intersection: "(o_id > 'a') AND (o_id > 'b')" },
  },
];
