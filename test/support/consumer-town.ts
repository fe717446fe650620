import type { Seed } from '../../src/emulator/seed.ts';
import { central, region } from './town.ts';

/** A consumer of the town. */
export const marketing = '333344445555';
const organization = 'arn:aws:organizations::999900001111:organization/o-townexample';
const role = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
/** Its analysts. */
export const analysts = role(marketing, 'analysts');
/** Keys of its own administrator. */
export const administrator = { AWS_ACCESS_KEY_ID: 'AKIAMARKETINGADMIN01', AWS_SECRET_ACCESS_KEY: 'marketing-only' };
/** Where the subscription is that marketing has with `withMarketing`. */
export const path = 'subscriptions/sales/orders/marketing.yaml';

/** The town in one organization, and marketing's account with the roles that bootstrap makes. */
export function withMarketing({ isTrusted = true, sharing = true, regions = [region] as readonly string[] } = {}) {
  return (seed: Seed): Seed => {
    const member = (name: string) => ({
      arn: role(marketing, name),
      trusts: isTrusted ? [role(central, 'admin'), role(central, 'reader')] : [],
    });
    const own = {
      memberOf: [organization],
      principals: [
        { arn: analysts, lakeFormation: true, glue: true },
        member('meshgate-apply'),
        {
          arn: role(marketing, 'administrator'),
          accessKeyId: administrator.AWS_ACCESS_KEY_ID,
          secretAccessKey: administrator.AWS_SECRET_ACCESS_KEY,
        },
        member('meshgate-observe'),
      ],
      regions: Object.fromEntries(
        regions.map((name) => [
          name,
          {
            settings: {
              DataLakeAdmins: [role(marketing, 'meshgate-apply'), role(marketing, 'administrator')],
              ReadOnlyAdmins: [role(marketing, 'meshgate-observe')],
              CreateDatabaseDefaultPermissions: [],
              CreateTableDefaultPermissions: [],
            },
          },
        ]),
      ),
    };
    return {
      ...seed,
      organizations: { [organization]: { sharing } },
      accounts: {
        ...seed.accounts,
        [central]: { ...seed.accounts[central], memberOf: [organization] },
        [marketing]: own,
      },
    };
  };
}

/** That subscription, which brings the data into marketing's own catalog. */
export const subscription = (more = '') => `apiVersion: meshgate/v1
kind: Subscription
purpose: A town needs to know.
access:
  - { tables: [orders], columns: { exclude: pii }, permissions: read }
${more}import:
  database: town_orders
  grants: [{ principals: [analysts], permissions: [SELECT, DESCRIBE] }]
`;
