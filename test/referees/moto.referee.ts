import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import type { Seed } from '../../src/emulator/seed.ts';
import { differences } from './match.ts';
import { type MotoServer, startMoto } from './moto-server.ts';
import { central, consumer, hub, hubKeys, playerAt, region } from './player.ts';
import { type Outcome, readTable, type Step } from './table.ts';

const table = readTable();
const cases = table.cases.map(({ name, steps }) => [name, steps] as const);
const admin = (account: string): string => `arn:aws:iam::${account}:role/admin`;
const user = `arn:aws:iam::${hub}:user/referees`;
const role = (account: string) => ({
  principals: [
    { arn: admin(account), trusts: [user] },
    ...['analyst', 'reader', 'location'].map((name) => ({ arn: `arn:aws:iam::${account}:role/${name}` })),
  ],
  // Within one organization nobody has to accept: moto knows no invitations.
  memberOf: ['arn:aws:organizations::111122223333:organization/o-referees'],
  regions: { [region]: { settings: { DataLakeAdmins: [admin(account)] } } },
});
const seed: Seed = {
  switches: { pageCuts: 'none' },
  accounts: {
    [hub]: { principals: [{ arn: user, ...hubKeys }] },
    [central]: role(central),
    [consumer]: role(consumer),
  },
};

/** Where the outcome of a step is not as the table says; none where it is. */
function faultsOf(expected: Outcome, found: Outcome): readonly string[] {
  if (expected.refused === undefined)
    return found.refused === undefined
      ? differences(expected.gives, found.gives)
      : [`the call is refused: ${found.refused}: ${found.text}`];
  if (found.refused === undefined) return [`the call is not refused: ${JSON.stringify(found.gives)}`];
  return [
    ...differences(expected.refused, found.refused, 'the code'),
    ...(expected.text === undefined || new RegExp(expected.text, 'u').test(found.text ?? '')
      ? []
      : [`the text is ${found.text}, not of the form ${expected.text}`]),
  ];
}

/** Plays a case and answers what differs, step by step. */
async function play(
  url: string,
  steps: readonly Step[],
  expected: (step: Step) => Outcome,
): Promise<readonly string[]> {
  const player = playerAt(url);
  const faults: string[] = [];
  for (const [index, step] of [...table.before, ...steps].entries()) {
    const number = index - table.before.length + 1;
    const found = faultsOf(expected(step), await player.play(step));
    faults.push(...found.map((fault) => `${number > 0 ? `step ${number}` : 'before'}, ${step.call}: ${fault}`));
  }
  return faults;
}

describe('our adapter and the emulator', () => {
  test.each(cases)('%s', async (_, steps) => {
    const emulator: Emulator = await startEmulator({ seed });
    try {
      expect(await play(emulator.url, steps, (step) => step)).toEqual([]);
    } finally {
      await emulator.close();
    }
  });
});

describe('our adapter and moto, save for its deviations', () => {
  let moto: MotoServer;
  beforeAll(async () => {
    moto = await startMoto(inject('python'));
  });
  afterAll(() => moto.close());

  test.each(cases)('%s', async (_, steps) => {
    await moto.reset();
    expect(await play(moto.url, steps, (step) => step.moto ?? step)).toEqual([]);
  });
});

describe('the list of deviations', () => {
  const shown = new Set(table.cases.flatMap(({ steps }) => steps.flatMap(({ moto }) => moto?.deviation ?? [])));

  test('names every deviation that a step shows', () => {
    expect([...shown].filter((number) => !Object.hasOwn(table.deviations, number))).toEqual([]);
  });

  test('has none that no step shows, unless it says why', () => {
    const silent = Object.entries(table.deviations).filter(
      ([number, deviation]) => shown.has(number) === (typeof deviation !== 'string'),
    );
    expect(silent.map(([number]) => number)).toEqual([]);
  });

  test('says of moto only what differs from AWS', () => {
    const same = table.cases.flatMap(({ name, steps }) =>
      steps.flatMap((step) =>
        step.moto !== undefined && faultsOf(step, step.moto).length === 0 ? [`${name}: ${step.call}`] : [],
      ),
    );
    expect(same).toEqual([]);
  });
});
