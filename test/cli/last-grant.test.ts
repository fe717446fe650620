import { expect, test } from 'vitest';
import type { Atom } from '../../src/emulator/journal.ts';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage } from '../support/stage.ts';
import { central, region, townMesh } from '../support/town.ts';

const finance = '444455556666';

/** A request of finance's for what the access entry says. */
const asks = (access: string): string => `apiVersion: meshgate/v1
kind: Subscription
purpose: The books
access:
  - ${access}
`;

/** Finance holds the one thing, and is to hold the other instead. */
interface Exchange {
  readonly name: string;
  readonly first: Readonly<Record<string, string>>;
  readonly later: Readonly<Record<string, string>>;
  /** What the plan says of a share that goes. */
  readonly says?: RegExp;
}

const orders = 'subscriptions/sales/orders/finance.yaml';
const stores = 'subscriptions/sales/stores/finance.yaml';
const items = asks('{ tables: [items], permissions: read }');
const mesh = townMesh['mesh.yaml'] ?? '';
const hold = `holds:
  - { scope: { product: sales/orders, account: finance }, reason: A leak., until: 2099-01-01 }
`;

const exchanges: readonly Exchange[] = [
  {
    name: 'one table for another',
    first: { [orders]: items },
    later: { [orders]: asks('{ tables: [orders], columns: { exclude: pii }, permissions: read }') },
  },
  {
    name: 'one subscription for another, in another database',
    first: { [orders]: items },
    later: { [orders]: '', [stores]: asks('{ tables: [visits], permissions: read }') },
  },
  {
    name: 'one subscription that ends, for another',
    first: { [orders]: items },
    later: { [orders]: `${items}expires: 2026-01-31\n`, [stores]: asks('{ tables: [visits], permissions: read }') },
  },
  {
    name: 'SELECT alone on one table for DESCRIBE alone on another',
    first: { [orders]: asks('{ tables: [items], permissions: [SELECT], describeDatabase: false }') },
    later: { [orders]: asks('{ tables: [orders], permissions: [DESCRIBE], describeDatabase: false }') },
  },
  {
    name: 'what a hold takes, which does not wait',
    first: { [orders]: items },
    later: { 'mesh.yaml': `${mesh}${hold}`, [stores]: asks('{ tables: [visits], permissions: read }') },
    says: /its RAM share goes/,
  },
  {
    name: 'a list of columns for all of them, which Lake Formation does not take side by side',
    first: { [orders]: asks('{ tables: [items], columns: { include: [id] }, permissions: [SELECT] }') },
    later: { [orders]: asks('{ tables: [items], permissions: [SELECT] }') },
    says: /its RAM share goes/,
  },
];

/** The kinds of things that finance holds after each change that the journal tells of. */
function instants({ emulator }: Stage): readonly ReadonlySet<string>[] {
  const held = new Map<string, string>();
  const name = ({ resource, permission }: Atom): string => JSON.stringify([resource, permission]);
  return emulator.journal().flatMap(({ account, changes }) =>
    account !== central
      ? []
      : changes.flatMap((change) => {
          if ((change.verb !== 'grant' && change.verb !== 'revoke') || change.what.principal !== finance) return [];
          if (change.verb === 'grant') held.set(name(change.what), change.what.resource.kind);
          else if (change.what.optionOnly !== true) held.delete(name(change.what));
          return [new Set(held.values())];
        }),
  );
}

function sharesOf({ emulator }: Stage): readonly string[] {
  return emulator
    .snapshot(central, region)
    .shares.filter(({ receiver }) => receiver === finance)
    .map(({ name, status }) => `${name} ${status}`)
    .sort();
}

test.each(exchanges)('$name', async ({ first, later, says }) => {
  const stage = await setStage({ mesh: first, lake: { grants: [] } });
  const apply = ['apply', '--trust-root', 'HEAD'];
  await stage.git('rm', '--quiet', `mesh/${stores}`);
  await stage.git('commit', '--quiet', '--message', 'The one');
  await runHere(stage, apply);
  const [before, past] = [sharesOf(stage), instants(stage).length];
  const kinds = instants(stage).at(-1) ?? new Set();
  for (const [path, text] of Object.entries(later))
    if (text === '') await stage.git('rm', '--quiet', `mesh/${path}`);
    else await stage.write(`mesh/${path}`, text);
  await stage.git('add', 'mesh');
  await stage.git('commit', '--quiet', '--message', 'The other');
  const ran = await runHere(stage, apply);
  expect(ran.code).toBe(0);
  const since = instants(stage).slice(past);
  const lost = [...kinds].filter((kind) => since.at(-1)?.has(kind) && since.some((one) => !one.has(kind)));
  if (says === undefined) {
    expect(lost).toEqual([]);
    expect(sharesOf(stage)).toEqual(before);
    expect(ran.out).not.toMatch(/RAM share/);
  } else {
    expect(lost).not.toEqual([]);
    expect(ran.out).toMatch(says);
  }
});
