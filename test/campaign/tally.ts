import { faultKinds } from '../../src/emulator/faults.ts';
import { table } from './table.ts';
import { turns } from './weather.ts';
import type { Told } from './worker.ts';

/** The laws of design.md 9, and what holds beside them. */
const laws: Readonly<Record<number, string>> = {
  0: 'the program does not break',
  1: 'a state against itself: nothing to plan',
  2: 'apply, observe, plan: nothing left, also after kills and faults',
  3: 'given only what is desired and proven; taken only what is managed',
  4: 'protected, unmanaged and the neighbours’ left alone',
  5: 'order changes no byte',
  6: 'read back as written',
  7: 'what is imported plans to nothing',
  8: 'adding takes nothing, removing leaves what others need',
  9: 'no text hangs it, breaks it, or makes it write',
  10: 'changed files alone are planned as in the whole',
};

interface Count {
  cases: number;
  times: number;
  broken: number;
}

/** Counts what was tried, and shows how far it is. */
export class Tally {
  readonly #count: number;
  readonly #unseen: ReadonlySet<string>;
  readonly #from = performance.now();
  readonly #laws = new Map<number, Count>();
  readonly #families = new Map<string, { cases: number; processor: number; broken: number }>();
  readonly #faults = new Map<string, Count>();
  readonly #turned = new Set<string>();
  #cases = 0;
  #broken = 0;
  #calls = 0;
  #kills = 0;
  #shown = 0;
  #took = 0;

  /** Faults that the cases cannot show are not missed. */
  constructor(count: number, unseen: readonly string[] = []) {
    this.#count = count;
    this.#unseen = new Set(unseen);
  }

  add({ family, processor, asked, struck, calls, kills, switches, findings }: Told): void {
    this.#cases += 1;
    this.#calls += calls;
    this.#kills += kills;
    if (findings.length > 0) this.#broken += 1;
    for (const law of [0, ...Object.keys(asked).map(Number)]) {
      const isBroken = findings.some((finding) => finding.law === law);
      bump(this.#laws, law, { times: asked[law] ?? 1, isBroken });
    }
    for (const [kind, times] of struck) bump(this.#faults, kind, { times, isBroken: findings.length > 0 });
    const mine = this.#families.get(family) ?? { cases: 0, processor: 0, broken: 0 };
    mine.cases += 1;
    mine.processor += processor;
    if (findings.length > 0) mine.broken += 1;
    this.#families.set(family, mine);
    if (family === 'switches') this.#turned.add(JSON.stringify(switches));
    this.#show();
  }

  end(): void {
    this.#took = (performance.now() - this.#from) / 1000;
    if (process.stderr.isTTY) process.stderr.write('\n');
  }

  /** Kinds of faults, and laws, that no case has exercised. */
  silent(): readonly string[] {
    return [
      ...faultKinds.filter((kind) => !this.#faults.has(kind) && !this.#unseen.has(kind)),
      ...Object.keys(laws)
        .filter((law) => !this.#laws.has(Number(law)))
        .map((law) => `law ${law}`),
    ];
  }

  text({ isWhole }: { readonly isWhole: boolean }): string {
    const rate = (this.#cases / this.#took).toFixed(1);
    const lines = [
      '',
      `${this.#cases} cases in ${this.#took.toFixed(0)} s (${rate} a second), ${this.#calls} calls, ${this.#kills} kills: ${this.#broken} broke a law`,
      '',
      ...table(
        ['law', '', 'cases', 'asked', 'broken'],
        Object.entries(laws).map(([law, text]) => {
          const { cases = 0, times = 0, broken = 0 } = this.#laws.get(Number(law)) ?? {};
          return [law, text, cases, times, broken];
        }),
      ),
      '',
      ...table(
        ['fault', 'cases', 'struck', 'broken'],
        faultKinds.map((kind) => {
          const { cases = 0, times = 0, broken = 0 } = this.#faults.get(kind) ?? {};
          return [kind, cases, times, broken];
        }),
      ),
      '',
      ...table(
        ['family', 'cases', 'ms of processor each', 'broken'],
        [...this.#families].map(([family, { cases, processor, broken }]) => [
          family,
          cases,
          Math.round(processor / cases),
          broken,
        ]),
      ),
      '',
      `${this.#turned.size} of ${turns.length} ways to turn one switch or two`,
    ];
    const silent = isWhole ? this.silent() : [];
    if (silent.length > 0) lines.push('', `Never exercised: ${silent.join(', ')}`);
    return `${lines.join('\n')}\n`;
  }

  #show(): void {
    const now = performance.now();
    const isDue = process.stderr.isTTY ? now - this.#shown > 200 : now - this.#shown > 30_000;
    if (!isDue) return;
    this.#shown = now;
    const rate = (this.#cases / ((now - this.#from) / 1000)).toFixed(1);
    const text = `${this.#cases}/${this.#count} cases, ${rate} a second, ${this.#broken} broke a law`;
    process.stderr.write(process.stderr.isTTY ? `\r${text}  ` : `${text}\n`);
  }
}

function bump<K>(
  counts: Map<K, Count>,
  key: K,
  { times, isBroken }: { readonly times: number; readonly isBroken: boolean },
): void {
  const known = counts.get(key) ?? { cases: 0, times: 0, broken: 0 };
  known.cases += 1;
  known.times += times;
  if (isBroken) known.broken += 1;
  counts.set(key, known);
}
