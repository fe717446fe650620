import { describe, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { faultKinds } from '../../src/emulator/faults.ts';
import type { Atom, Change, JournalEntry } from '../../src/emulator/journal.ts';
import { caseText, readCases } from '../campaign/case-file.ts';
import { type Family, families, familyOf } from '../campaign/draw.ts';
import { catalogIn, filesOfRuns, type LawCase, lawMeshOf, regionOf, withRegion } from '../campaign/law-case.ts';
import { draw } from '../campaign/one.ts';
import { shrink } from '../campaign/shrink.ts';
import { Tally } from '../campaign/tally.ts';
import { tryCase } from '../campaign/trial.ts';
import { turns } from '../campaign/weather.ts';
import { follow } from '../support/law-check.ts';
import { accounts, shared } from '../support/law-mesh.ts';
import { central, region } from '../support/law-place.ts';

const names = Object.keys(families) as Family[];

describe('drawing', () => {
  test('the same seed and number draw the same case', () => {
    for (const index of [0, 7, 33])
      expect(draw({ seed: 5, index, only: [] })).toEqual(draw({ seed: 5, index, only: [] }));
    expect(draw({ seed: 5, index: 7, only: [] })).not.toEqual(draw({ seed: 6, index: 7, only: [] }));
  });

  test('ten thousand cases go through every family, every fault and every pair of switches', () => {
    const drawn = Array.from({ length: 10_000 }, (_, index) => familyOf(index, []));
    const turnsOf = (family: Family): readonly number[] =>
      drawn.filter((one) => one.family === family).map(({ turn }) => turn);
    for (const family of names) expect(new Set(turnsOf(family)).size).toBe(turnsOf(family).length);
    for (const family of names) expect(turnsOf(family)).toHaveLength(families[family].share * 200);
    expect(new Set(turnsOf('switches').map((turn) => turn % turns.length)).size).toBe(turns.length);
    expect(new Set(turnsOf('weather').map((turn) => turn % faultKinds.length)).size).toBe(faultKinds.length);
  });

  test.each(names)('what is drawn for %s keeps the laws, and can be written down and read back', async (family) => {
    const { one } = draw({ seed: 3, index: 1, only: [family] });
    const { findings, legal } = await tryCase(one);
    expect(findings).toEqual([]);
    const [again] = readCases(caseText(legal, ['A remark\non two lines']), 'a file');
    expect(again).toEqual(JSON.parse(JSON.stringify(legal)));
  });
});

describe('the checker', () => {
  const { one } = draw({ seed: 3, index: 0, only: ['history'] });
  const emptied = withRegion(one.seed, { ...regionOf(one.seed), grants: [], filters: [] });
  const mesh = lawMeshOf(filesOfRuns(one.runs).at(-1) ?? {});
  const { product, table } = { product: Object.values(mesh.products)[0], table: 'z1' };
  const atom = (principal: string): Atom => ({
    principal,
    resource: { kind: 'table', catalogId: central, database: product?.database ?? '', table },
    permission: 'DROP',
    grantable: false,
  });
  const judge = async (before: readonly Atom[], change: Change): Promise<readonly string[]> => {
    const emulator = await startEmulator({ seed: emptied });
    const snapshot = emulator.snapshot(central, region);
    await emulator.close();
    const entry = { index: 0, operation: 'BatchGrantPermissions', changes: [change] } as unknown as JournalEntry;
    const { wrongs } = follow({
      mesh,
      catalog: catalogIn(emptied),
      unproven: new Set(),
      before: {
        ...snapshot,
        atoms: before.map((held) => ({ ...held, lastUpdated: 0, lastUpdatedBy: '', shareArns: [] })),
      },
      journal: [entry],
    });
    return wrongs;
  };

  test('sees a grant that no file asks for', async () => {
    const what = atom(accounts['research']?.id ?? '');
    expect(await judge([], { verb: 'grant', what })).toEqual([expect.stringMatching(/^0 BatchGrantPermissions gave /)]);
  });

  test.each([
    ['protected', shared['break-glass'] ?? ''],
    ['nobody’s', 'arn:aws:iam::666677778888:role/outsider'],
  ])('sees a revoke of what is %s', async (_, principal) => {
    const what = atom(principal);
    expect(await judge([what], { verb: 'revoke', what })).toEqual([expect.stringMatching(/ took .*, which is /)]);
  });
});

test('a failing case is made smaller as long as it fails, and no further', async () => {
  const { one } = draw({ seed: 3, index: 0, only: ['weather'] });
  const fails = async ({ seed, runs }: LawCase): Promise<boolean> =>
    JSON.stringify(seed ?? {}).includes('DataLakeAdmins') && runs?.some(({ faults }) => faults !== undefined);
  const smaller = await shrink(one, fails, 20);
  expect(await fails(one)).toBe(true);
  expect(await fails(smaller)).toBe(true);
  expect(smaller).toEqual({
    title: one.title,
    seed: { accounts: { [central]: { regions: { [region]: { settings: { DataLakeAdmins: [] } } } } } },
    runs: [{ faults: [] }],
  });
});

test('a kind of fault that never struck is named', () => {
  const tally = new Tally(1);
  tally.add({
    index: 0,
    family: 'weather',
    milliseconds: 1,
    processor: 1,
    asked: { 3: 1 },
    struck: [['throttle', 2]],
    calls: 1,
    kills: 0,
    switches: {},
    findings: [],
  });
  tally.end();
  expect(tally.silent()).toContain('hang');
  expect(tally.silent()).toContain('law 8');
  expect(tally.silent()).not.toContain('throttle');
  expect(tally.text({ isWhole: true })).toMatch(/Never exercised: .*hang/);
});
