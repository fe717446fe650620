import { startEmulator } from '../../src/emulator/emulator.ts';
import { type Switch, type SwitchValue, switchTable } from '../../src/emulator/switch-table.ts';
import { environment, lakeInUse, partsOf } from './account.ts';
import type { Answer } from './question.ts';
import { beyond, probe } from './run.ts';

// Runs the probe against the emulator with every switch in every position: it must name that position, and of the
// other switches say nothing but how they stand. Names of switches as arguments: only these.

const table: Readonly<Record<string, Switch>> = switchTable;
/** Positions in which another switch has nothing to show. */
const hides: Readonly<Record<string, readonly string[]>> = {
  'expandAllTable false': ['allDroppedWithMember'],
  'columnListStorage merged': ['columnRevokeTakesOverlap'],
};

process.removeAllListeners('warning');
const only = process.argv.slice(2);
const faults: string[] = [];
let runs = 0;
for (const [name, { values, default: usual }] of Object.entries(table).filter(
  ([one]) => only.length === 0 || only.includes(one),
))
  for (const value of values === 'count' ? [usual, Number(usual) - 37] : values) {
    const emulator = await startEmulator({ seed: lakeInUse, switches: { [name]: value }, latencyMs: 1 });
    Object.assign(process.env, environment(emulator.url));
    const { answers } = await probe(await partsOf('0123abcd'));
    await emulator.close();
    runs += 1;
    const found = faultsIn(answers, { [name]: value }, hides[`${name} ${value}`] ?? []);
    faults.push(...found.map((fault) => `${name} = ${value}: ${fault}`));
    process.stdout.write(`${name} = ${value}: ${found.length === 0 ? shown(answers[name]) : found.join('; ')}\n`);
  }
process.stdout.write(`\n${runs} runs, ${faults.length} faults\n`);
// A name that is none would pass for a check that found nothing.
process.exitCode = faults.length === 0 && runs > 0 ? 0 : 1;

function faultsIn(
  answers: Readonly<Record<string, Answer>>,
  flipped: Readonly<Record<string, SwitchValue>>,
  hidden: readonly string[],
): readonly string[] {
  return Object.entries(table).flatMap(([name, { default: usual }]) => {
    const answer = answers[name];
    if (answer === undefined) return [`${name} is not answered`];
    const expected = flipped[name] ?? usual;
    if ('value' in answer)
      return answer.value === expected ? [] : [`${name} is ${expected}, but said to be ${answer.value}`];
    return name in beyond || hidden.includes(name) ? [] : [`${name} is left open: ${answer.open}`];
  });
}

function shown(answer: Answer | undefined): string {
  if (answer === undefined) return 'not answered';
  return 'value' in answer ? `named ${answer.value}` : `not settled: ${answer.open}`;
}
