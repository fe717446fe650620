import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { operationsOf } from '../../src/emulator/services.ts';
import type { Exchange } from '../../src/emulator/wire/record.ts';
import { start } from '../support/meshgate.ts';
import { run } from './environment.ts';
import { judge, type Verdict } from './judge.ts';
import { readModel } from './model.ts';
import { quirks } from './quirks.ts';
import { services } from './wire.ts';

const directory = mkdtempSync(join(tmpdir(), 'meshgate-referees-'));
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('boto3 does what the second older system does', () => {
  const parts = [...readFileSync(here('boto3_client.py'), 'utf8').matchAll(/^@part\("(.+)"\)\ndef (\w+)/gm)].map(
    ([, features, name]) => `${features} ${name?.replaceAll('_', ' ')}`,
  );
  let results: Readonly<Record<string, string>> = {};

  beforeAll(async () => {
    const args = [
      'emulator',
      '--seed',
      here('boto3-seed.yaml'),
      '--port',
      '0',
      '--wire',
      join(directory, 'boto3.jsonl'),
    ];
    const emulator = start(args, { cwd: directory });
    const [, url = ''] = await emulator.says(/AWS_ENDPOINT_URL=(\S+)/);
    try {
      results = JSON.parse(await run(inject('python'), [here('boto3_client.py'), url]));
    } finally {
      emulator.child.kill();
      await emulator.ended;
    }
  });

  test.each(parts)('%s', (part) => {
    expect(results[part]).toBe('ok');
  });

  test('every part was played', () => {
    expect(parts.length).toBeGreaterThan(10);
    expect(Object.keys(results)).toEqual(parts);
  });
});

describe("AWS's models of the services, as botocore ships them", () => {
  const models = services((service) => readModel(inject('models'), service));
  const seen = new Map<string, number>();
  const verdicts: Verdict[] = [];

  beforeAll(async () => {
    const vitest = ['vitest', 'run', '--config', 'test/vitest.config.ts', '--root', '.', 'test/emulator'];
    await run('npx', vitest, { ...process.env, MESHGATE_WIRE: join(directory, 'tests.jsonl') });
    for (const file of readdirSync(directory).filter((name) => name.endsWith('.jsonl'))) {
      for (const line of readFileSync(join(directory, file), 'utf8').trimEnd().split('\n')) {
        const exchange: Exchange = JSON.parse(line);
        verdicts.push(judge(models, exchange, (member) => seen.set(member, (seen.get(member) ?? 0) + 1)));
      }
    }
  });

  const isQuirk = (operation: string, fault: string): boolean =>
    quirks.some((quirk) => quirk.operation.test(operation) && quirk.fault.test(fault));

  test('find nothing amiss in what the emulator is asked and answers, save for named quirks', () => {
    const faults = verdicts.flatMap(({ operation, faults: found }) =>
      found.filter((fault) => !isQuirk(operation, fault)).map((fault) => `${operation}: ${fault}`),
    );
    expect([...new Set(faults)]).toEqual([]);
  });

  test('still differ in every named quirk', () => {
    const shown = quirks.filter(({ operation, fault }) =>
      verdicts.some((verdict) => operation.test(verdict.operation) && verdict.faults.some((one) => fault.test(one))),
    );
    expect(quirks.filter((quirk) => !shown.includes(quirk)).map(({ fault }) => fault.source)).toEqual([]);
  });

  test('were shown every operation of the emulator', () => {
    const answered = new Set(verdicts.filter(({ end }) => end === 'output').map(({ operation }) => operation));
    const known = Object.values(
      services((service) => [...operationsOf(service).keys()].map((name) => `${service}.${name}`)),
    );
    expect(known.flat().filter((operation) => !answered.has(operation))).toEqual([]);
  });
});
