import type { Resource } from '@aws-sdk/client-lakeformation';
import type { AccessQuestion } from '../../src/emulator/access/access.ts';
import type { Emulator, EmulatorOptions } from '../../src/emulator/emulator.ts';
import type { Seed, SeedGrant, SeedPrincipal, SeedRegion } from '../../src/emulator/seed.ts';
import {
  analyst,
  central,
  columns,
  consumer,
  consumerAnalyst,
  region,
  roleArn,
  seedWith,
  start,
  table,
} from './fixture.ts';

export const loader = roleArn(central, 'loader');
export const orders = table('orders');
export const foreign = table('orders', { catalog: central });
export const europe = {
  DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'europe' },
};
export const allColumns = { o_id: 'all', o_email: 'all', o_total: 'all', o_date: 'all' };

/** A lake in which one thing or another opens the orders to somebody. */
export interface Opened {
  readonly grants?: readonly SeedGrant[];
  readonly central?: Partial<SeedRegion>;
  /** What the consumer's administrator has passed on and made. */
  readonly consumer?: Partial<SeedRegion>;
  readonly principals?: readonly SeedPrincipal[];
}

export function to(principal: string, resource: Resource | object = orders, permissions = ['SELECT']): SeedGrant {
  const isAccount = /^\d+$/.test(principal);
  return { principal, resource: { ...resource }, permissions, ...(isAccount ? { withGrantOption: permissions } : {}) };
}

/** The link database of the consumer, and who may use it. */
export const link = {
  databases: { shop: { target: { catalogId: central, database: 'sales' } } },
  grants: [{ principal: consumerAnalyst, resource: { Database: { Name: 'shop' } }, permissions: ['DESCRIBE'] }],
} satisfies Partial<SeedRegion>;

export function opened({ grants = [], central: more = {}, consumer: theirs = {}, principals = [] }: Opened): Seed {
  const { accounts } = seedWith({ grants, ...more });
  const [own, other] = [accounts[central], accounts[consumer]];
  return {
    accounts: {
      [central]: { ...own, principals: [...(own?.principals ?? []), { arn: loader }, ...principals] },
      [consumer]: { ...other, regions: { [region]: { ...other?.regions?.[region], ...theirs } } },
    },
  };
}

export async function startOpened(what: Opened, switches: EmulatorOptions['switches'] = {}): Promise<Emulator> {
  return await start({ seed: opened(what), switches });
}

export function ask(emulator: Emulator, more: Partial<AccessQuestion> = {}) {
  return emulator.access({ principal: analyst, region, database: 'sales', table: 'orders', ...more });
}

export const asConsumer = { principal: consumerAnalyst, database: 'shop' };
export const some = columns('orders', ['o_id', 'o_total']);
