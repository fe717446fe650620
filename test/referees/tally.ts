import type { Exchange } from '../../src/emulator/wire/record.ts';
import { judge, type Verdict } from './judge.ts';
import { type Model, shapeOf } from './model.ts';
import type { Fault } from './quirks.ts';
import type { Service } from './wire.ts';

/** What was exercised and what was wrong with it, over many exchanges. */
export class Tally {
  readonly #models: Readonly<Record<Service, Model>>;
  readonly #verdicts: Verdict[] = [];
  /** The members of each operation that were met, as `in Shape.Member` or `out Shape.Member`. */
  readonly #seen = new Map<string, Set<string>>();

  constructor(models: Readonly<Record<Service, Model>>) {
    this.#models = models;
  }

  /** Judges one more exchange. */
  add(exchange: Exchange): void {
    const members = new Set<string>();
    const verdict = judge(this.#models, exchange, (member) => members.add(member));
    this.#verdicts.push(verdict);
    this.#seen.set(verdict.operation, new Set([...(this.#seen.get(verdict.operation) ?? []), ...members]));
  }

  faults(): readonly Fault[] {
    return this.#verdicts.flatMap(({ operation, faults }) => faults.map((fault) => ({ operation, fault })));
  }

  /** The operations that were answered with an output. */
  answered(): ReadonlySet<string> {
    return new Set(this.#verdicts.filter(({ end }) => end === 'output').map(({ operation }) => operation));
  }

  /** For a person: how often each operation was judged, and how many of its members were met. */
  report(): string {
    const rows = this.#exercised().map(({ operation, answered, refused, met, unmet }) => [
      operation,
      `${answered} answered`,
      `${refused} refused`,
      `${met} of ${met + unmet.length} members`,
    ]);
    const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    const lines = rows.map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    );
    return `Judged by AWS's models: ${this.#verdicts.length} requests with their answers\n${lines.join('\n')}`;
  }

  /** The members that were never met, by operation; below one that was not met none is named. */
  unmet(): string {
    return this.#exercised()
      .map(({ operation, unmet }) => [operation, ...unmet.map((member) => `  ${member}`)].join('\n'))
      .join('\n');
  }

  #exercised() {
    return [...this.answered()].toSorted().map((operation) => {
      const [service = '', name = ''] = operation.split('.');
      const model = this.#models[service as Service];
      const { input, output } = model.operations[name] ?? {};
      const of = this.#verdicts.filter((verdict) => verdict.operation === operation);
      const seen = this.#seen.get(operation) ?? new Set();
      const count = (end: Verdict['end']): number => of.filter((verdict) => verdict.end === end).length;
      const unmet = [
        ...unmetIn(model, input?.shape, { side: 'in', seen }),
        ...unmetIn(model, output?.shape, { side: 'out', seen }),
      ];
      return { operation, answered: count('output'), refused: count('error'), met: seen.size, unmet };
    });
  }
}

/** Members below a shape, on one side, that were never met; looked for inside those that were. */
function unmetIn(
  model: Model,
  name: string | undefined,
  met: { side: 'in' | 'out'; seen: ReadonlySet<string> },
): readonly string[] {
  const unmet = new Set<string>();
  const visited = new Set<string>();
  const visit = (shapeName: string | undefined, path: string): void => {
    if (shapeName === undefined || visited.has(shapeName)) return;
    visited.add(shapeName);
    const { members = {}, member, value } = shapeOf(model, shapeName);
    visit(member?.shape, path);
    visit(value?.shape, path);
    for (const [inner, ref] of Object.entries(members)) {
      if (met.seen.has(`${met.side} ${shapeName}.${inner}`)) visit(ref.shape, `${path}.${inner}`);
      else unmet.add(`${path}.${inner}`);
    }
  };
  visit(name, met.side);
  return [...unmet];
}
