import { DeleteTableCommand } from '@aws-sdk/client-glue';
import { PutDataLakeSettingsCommand } from '@aws-sdk/client-lakeformation';
import { admin, table } from './fixture.ts';
import { associations, hours, share, shares, statuses, unshare } from './sharing.ts';
import type { Case } from './switch-scene.ts';

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
    name: 'dropOrphansShares',
    given: [{ principal: admin, resource: table('items'), permissions: ['DROP'] }],
    act: async ({ emulator, client }) => {
      await share(emulator, { resource: table('items') });
      await client.glue.send(new DeleteTableCommand({ DatabaseName: 'sales', Name: 'items' }));
      return await associations(emulator, 'RESOURCE');
    },
    seen: { true: ['table/sales/items ASSOCIATED'], false: [] },
  },
];
