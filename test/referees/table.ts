import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

/** What a call comes to: an answer of which these members are looked at, or a refusal with this code. */
export type Outcome =
  | { readonly gives: unknown; readonly refused?: never }
  | { readonly refused: string; readonly text?: string; readonly gives?: never };

/** A call through the Lake port (`lake.…`) or of an operation of a service, and what comes of it. */
export type Step = {
  readonly call: string;
  readonly as?: Role;
  readonly with?: Readonly<Record<string, unknown>>;
  /** What moto does instead, under the number of the deviation. */
  readonly moto?: Outcome & { readonly deviation: string };
} & Outcome;

/** Who makes a call: an administrator of the central or of the consuming account, or the hub that may assume both. */
export type Role = 'hub' | 'central' | 'consumer';

/** Calls of one after another on a fresh lake. */
export interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** The calls and answers to which the adapter, the emulator and moto are held. */
export interface Table {
  /** How moto differs from AWS, by number; a number that no step shows says here why not. */
  readonly deviations: Readonly<Record<string, string | { readonly text: string; readonly notShown: string }>>;
  /** Calls that every case starts with. */
  readonly before: readonly Step[];
  readonly cases: readonly Case[];
}

/** The table of test/cases/referees.yaml. */
export function readTable(): Table {
  const read = (name: string): string => readFileSync(new URL(`../cases/${name}`, import.meta.url), 'utf8');
  const table: unknown = parse(read('referees.yaml'), { maxAliasCount: -1 });
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(read('referees.schema.json')),
  );
  if (!validate(table)) throw new Error(`referees.yaml: ${JSON.stringify(validate.errors, null, 1)}`);
  return table as Table;
}
