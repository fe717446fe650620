import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { caseText } from './case-file.ts';
import type { Family } from './draw.ts';
import { kindOf, namesIn } from './kind.ts';
import type { LawCase } from './law-case.ts';
import { Tally } from './tally.ts';
import type { Finding } from './trial.ts';
import type { Answer, Job, Told } from './worker.ts';

/** What is to be tried. */
export interface Campaign {
  readonly seed: number;
  readonly count: number;
  /** The first case that is tried: where a run that was stopped goes on. */
  readonly from: number;
  /** Only these families; none means all. */
  readonly only: readonly Family[];
  /** In every so many cases subscriptions reach into consumers' accounts. */
  readonly consumersIn: number;
  /** In every so many cases products say what becomes of IAM_ALLOWED_PRINCIPALS. */
  readonly iamIn: number;
  /** How many processes; by default one more than there are processors, for cases wait now and then. */
  readonly jobs: number | undefined;
  /** How long each finding is made smaller. */
  readonly shrinkSeconds: number;
}

/** Where failing cases are written. */
const found = '.campaign/found';
const chunk = 10;
/** How many findings are made smaller and written down; the rest is counted. */
const mostWritten = 6;

/** Tries the cases with all processors, prints what came of them, and gives the exit code. */
export async function campaign(asked: Campaign): Promise<number> {
  const { seed, count, from, only, consumersIn, iamIn, jobs, shrinkSeconds } = asked;
  // A share is slow for who accepts it, which nobody does where no case reaches into a consumer's account.
  const tally = new Tally(count - from, consumersIn > count ? ['slow-share'] : []);
  const workers = Array.from({ length: jobs ?? availableParallelism() + 1 }, () => new Worker());
  let next = from;
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  mkdirSync(found, { recursive: true });
  const broken: Told[] = [];
  const take = (): Job | undefined => {
    if (isStopped || next >= count) return undefined;
    const indexes = Array.from({ length: Math.min(chunk, count - next) }, (_, offset) => next + offset);
    next += indexes.length;
    return { kind: 'try', seed, only, consumersIn, iamIn, indexes };
  };
  await Promise.all(
    workers.map(async (worker) => {
      for (let job = take(); job !== undefined; job = take())
        for await (const answer of worker.do(job)) {
          if (answer.kind !== 'tried') continue;
          tally.add(answer.told);
          if (answer.told.findings.length === 0) continue;
          broken.push(answer.told);
          // At once: a run of hours may be killed before it has made anything smaller.
          if (distinct(broken).length <= mostWritten) writeRaw(answer.told, seed);
        }
    }),
  );
  tally.end();
  process.stdout.write(tally.text({ isWhole: only.length === 0 }));
  const first = distinct(broken);
  const written = first.slice(0, mostWritten);
  await Promise.all(
    workers.map(async (worker) => {
      for (let told = written.shift(); told !== undefined; told = written.shift())
        await writeDown(worker, told, { seed, shrinkSeconds });
    }),
  );
  for (const worker of workers) worker.end();
  if (first.length > 0)
    process.stdout.write(
      `\n${broken.length} of ${count} cases broke a law, in ${first.length} ways; ${Math.min(first.length, mostWritten)} are in ${found}.\n`,
    );
  if (isStopped && next < count)
    process.stdout.write(`\nStopped: --seed ${seed} --count ${count} --from ${next} goes on.\n`);
  return broken.length > 0 || isStopped || (only.length === 0 && tally.silent().length > 0) ? 1 : 0;
}

/** The smallest failing case of each kind of finding. */
function distinct(broken: readonly Told[]): Told[] {
  const kinds = new Map<string, Told>();
  for (const told of broken) {
    const { one, findings } = told;
    const [finding] = findings;
    if (one === undefined || finding === undefined) continue;
    const kind = kindOf(finding, namesIn(one));
    const known = kinds.get(kind);
    if (known === undefined || sizeOf(told) < sizeOf(known)) kinds.set(kind, told);
  }
  return [...kinds.values()].sort((a, b) => a.index - b.index);
}

const sizeOf = ({ one }: Told): number => JSON.stringify(one).length;

function writeRaw({ index, one, findings }: Told, seed: number): void {
  if (one === undefined) return;
  const remarks = findings.map(({ law, run, text }) => `Law ${law} broken in run ${run}: ${text}`);
  writeFileSync(join(found, `seed-${seed}-case-${index}.yaml`), caseText(one, remarks));
}

async function writeDown(
  worker: Worker,
  { index, one, findings: [finding] }: Told,
  { seed, shrinkSeconds }: { readonly seed: number; readonly shrinkSeconds: number },
): Promise<void> {
  if (one === undefined || finding === undefined) return;
  let smaller: { readonly one: LawCase; readonly findings: readonly Finding[]; readonly again: number } | undefined;
  for await (const answer of worker.do({ kind: 'shrink', one, finding, seconds: shrinkSeconds }))
    if (answer.kind === 'shrunk') smaller = answer;
  const isSame = smaller !== undefined && smaller.again > 0;
  const { findings } = isSame && smaller !== undefined ? smaller : { findings: [finding] };
  const file = join(found, `seed-${seed}-case-${index}.yaml`);
  const remarks = [
    ...findings.map(({ law, run, text }) => `Law ${law} broken in run ${run}: ${text}`),
    `Broken in ${smaller?.again ?? 0} of 3 further tries.`,
    `npm run campaign -- --replay ${file}`,
  ];
  const text = caseText(isSame && smaller !== undefined ? smaller.one : one, remarks);
  writeFileSync(file, text);
  process.stdout.write(`\n${file}:\n${text}`);
}

/** A process that does one job after the other. */
class Worker {
  readonly #child: ChildProcess = fork(process.argv[1] ?? '', ['--worker'], {
    execArgv: [...process.execArgv, '--no-warnings', '--max-semi-space-size=64'],
  });

  /** The answers to a job, until it is done; throws where the process ends before. */
  async *do(job: Job): AsyncGenerator<Answer> {
    const answers: Answer[] = [];
    let wake = (): void => undefined;
    let isOver = false;
    const onMessage = (answer: Answer): void => {
      answers.push(answer);
      wake();
    };
    const onExit = (): void => {
      isOver = true;
      wake();
    };
    this.#child.on('message', onMessage).on('exit', onExit);
    this.#child.send(job);
    try {
      for (;;) {
        const answer = answers.shift();
        if (answer?.kind === 'idle') return;
        if (answer !== undefined) yield answer;
        else if (isOver) throw new Error(`a worker ended in the middle of ${JSON.stringify(job).slice(0, 200)}`);
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      this.#child.off('message', onMessage).off('exit', onExit);
    }
  }

  end(): void {
    this.#child.disconnect();
  }
}
