import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { operationsOf } from '../../src/emulator/services.ts';
import { start } from '../support/meshgate.ts';
import { run } from '../support/python.ts';
import { contractFaults } from './contract.ts';
import { readModel } from './model.ts';
import { shapeQuirks, unshown, wireQuirks, withoutQuirks } from './quirks.ts';
import { Tally } from './tally.ts';
import { services } from './wire.ts';

const directory = mkdtempSync(join(tmpdir(), 'meshgate-referees-'));
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const operations = Object.values(
  services((service) =>
    [...operationsOf(service).keys()].map((operation) => ({ name: `${service}.${operation}`, service, operation })),
  ),
).flat();

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
  const tally = new Tally(models);
  let trouble = '';

  beforeAll(async () => {
    const vitest = [
      'vitest',
      'run',
      '--config',
      'test/vitest.config.ts',
      '--root',
      '.',
      '--no-isolate',
      'test/emulator',
    ];
    const env = { ...process.env, MESHGATE_WIRE: join(directory, 'tests.jsonl') };
    // What was said before a test failed is judged all the same.
    await run('npx', vitest, { env }).catch((thrown: Error) => {
      trouble = thrown.message;
    });
    for (const file of readdirSync(directory).filter((name) => name.endsWith('.jsonl')))
      for (const line of readFileSync(join(directory, file), 'utf8').trimEnd().split('\n')) tally.add(JSON.parse(line));
  });
  afterAll(() => {
    const file = join(inject('home'), 'unmet-members.txt');
    writeFileSync(file, `${tally.unmet()}\n`);
    process.stdout.write(`\n${tally.report()}\nThe members that were never met: ${relative('.', file)}\n\n`);
  });

  test("are shown what the emulator's tests put on the wire, to their end", () => {
    expect(trouble).toBe('');
  });

  test('find nothing amiss in what the emulator is asked and answers, save for named quirks', () => {
    expect(withoutQuirks(tally.faults(), wireQuirks)).toEqual([]);
  });

  test('still differ in every named quirk', () => {
    expect(unshown(tally.faults(), wireQuirks)).toEqual([]);
  });

  test('were shown every operation of the emulator', () => {
    const known = operations.map(({ name }) => name);
    expect(known.filter((name) => !tally.answered().has(name))).toEqual([]);
  });

  const contract = operations.flatMap(({ name, service, operation }) => {
    const input = models[service].operations[operation]?.input?.shape;
    const shape = operationsOf(service).get(operation)?.shape;
    const faults =
      input === undefined || shape === undefined
        ? ['it is not in the model']
        : contractFaults(models[service], input, shape);
    return faults.map((fault) => ({ operation: name, fault }));
  });

  test('describe requests as the emulator reads them, save for named quirks', () => {
    expect(withoutQuirks(contract, shapeQuirks)).toEqual([]);
  });

  test('still describe requests otherwise in every named quirk', () => {
    expect(unshown(contract, shapeQuirks)).toEqual([]);
  });
});
