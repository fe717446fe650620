import type { Switches } from '../../src/emulator/switches.ts';
import type { Family } from './draw.ts';
import type { LawCase } from './law-case.ts';
import { draw } from './one.ts';
import { type Shrunk, shrinkFinding } from './shrink.ts';
import { type Finding, InvalidCase, type Tried, tryCase } from './trial.ts';

/** What a worker is asked: to try some cases, or to make one that fails smaller. */
export type Job =
  | {
      readonly kind: 'try';
      readonly seed: number;
      readonly only: readonly Family[];
      readonly consumersIn: number;
      readonly iamIn: number;
      readonly indexes: readonly number[];
    }
  | { readonly kind: 'shrink'; readonly one: LawCase; readonly finding: Finding; readonly seconds: number };

/** What it answers. */
export type Answer =
  | { readonly kind: 'tried'; readonly told: Told }
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'shrunk' } & Shrunk);

/** What came of one case, small enough to be sent. */
export interface Told {
  readonly index: number;
  readonly family: Family;
  readonly milliseconds: number;
  readonly processor: number;
  readonly asked: Tried['asked'];
  readonly struck: readonly (readonly [kind: string, times: number])[];
  readonly calls: number;
  readonly kills: number;
  readonly switches: Partial<Switches>;
  readonly findings: readonly Finding[];
  /** The case, where it found something. */
  readonly one?: LawCase;
}

/** Does the jobs that its parent sends, one after the other. */
export function work(): void {
  const say = (answer: Answer): void => void process.send?.(answer);
  // Ctrl-C reaches the workers, too; the parent lets them finish what they have begun.
  process.on('SIGINT', () => undefined);
  process.on('message', (job: Job) => {
    const done = job.kind === 'try' ? tryAll(job, say) : makeSmaller(job, say);
    done.then(
      () => say({ kind: 'idle' }),
      (thrown: unknown) => {
        process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
        process.exitCode = 1;
        process.disconnect();
      },
    );
  });
}

async function tryAll(
  { seed, only, consumersIn, iamIn, indexes }: Extract<Job, { kind: 'try' }>,
  say: (answer: Answer) => void,
): Promise<void> {
  for (const index of indexes) {
    const [from, usage] = [performance.now(), process.cpuUsage()];
    const { family, one } = draw({ seed, index, only, consumersIn, iamIn });
    const tried = await tryOne(one);
    const { user, system } = process.cpuUsage(usage);
    const { asked, struck, calls, kills, findings, legal } = tried;
    const told: Told = {
      index,
      family,
      milliseconds: performance.now() - from,
      processor: (user + system) / 1000,
      asked,
      struck: [...struck],
      calls,
      kills,
      switches: one.switches ?? {},
      findings,
      ...(findings.length === 0 ? {} : { one: legal }),
    };
    say({ kind: 'tried', told });
  }
}

/** A case whose own files are refused is a fault of the generators, and a finding too. */
async function tryOne(one: LawCase): Promise<Tried> {
  try {
    return await tryCase(one);
  } catch (thrown) {
    if (!(thrown instanceof InvalidCase)) throw thrown;
    const finding = { law: 0, run: -1, text: `the generated case is refused: ${thrown.message}` };
    return { findings: [finding], asked: {}, struck: new Map(), calls: 0, kills: 0, legal: one };
  }
}

async function makeSmaller(
  { one, finding, seconds }: Extract<Job, { kind: 'shrink' }>,
  say: (answer: Answer) => void,
): Promise<void> {
  say({ kind: 'shrunk', ...(await shrinkFinding({ one, finding }, tryOne, seconds)) });
}
