import { execFileSync, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { argumentsFrom, checkWritable, runScript, wholeNumber } from '../support/arguments.ts';
import { type Ground, type Kill, undisturbed, type Walked, walk } from './kill.ts';
import { table } from './table.ts';
import { walkScene } from './walk-scene.ts';

const help = `Usage: npm run campaign:kill -- [options]

Kills an apply before and after each of its calls, and looks at what the next run makes of it.

  --size N      how many tables each of its two databases has, by default 27, at least 2
  --jobs N      how many processes
  --out FILE    write the report to a file as well
`;

await runScript(help, async () => {
  const { values } = argumentsFrom({
    options: {
      size: { type: 'string', default: '27' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      out: { type: 'string' },
      directory: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { directory, out } = values;
  const size = wholeNumber('--size', values.size, 2);
  const jobs = wholeNumber('--jobs', values.jobs, 1);
  if (values.help) process.stdout.write(help);
  else if (directory !== undefined) follow({ directory, scene: walkScene(size) });
  else return await lead({ size, jobs, out });
  return 0;
});

/** What the leading process is asked for. */
interface Asked {
  readonly size: number;
  readonly jobs: number;
  readonly out: string | undefined;
}

/** Hands the kills out to processes, and prints what came of them. */
async function lead({ size, jobs, out }: Asked): Promise<number> {
  checkWritable('--out', out);
  const scene = walkScene(size);
  const directory = mkdtempSync(join(tmpdir(), 'meshgate-walk-'));
  try {
    const from = performance.now();
    plant({ directory, scene });
    const { calls, changes } = await undisturbed({ directory, scene });
    process.stderr.write(`${changes} changes in ${calls} calls; killed before and after each\n`);
    const kills = Array.from({ length: calls }, (_, index) => index + 1).flatMap((call): Kill[] => [
      { call, when: 'before' },
      { call, when: 'after' },
    ]);
    const walked = await handOut(kills, ['--size', `${size}`, '--directory', directory], jobs);
    const seconds = (performance.now() - from) / 1000;
    const text = report(walked, { calls, changes, seconds });
    process.stdout.write(text);
    if (out !== undefined) writeFileSync(out, text);
    return walked.some(({ wrongs }) => wrongs.length > 0) ? 1 : 0;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Writes the mesh files and commits them. */
function plant({ directory, scene }: Ground): void {
  for (const [path, value] of Object.entries(scene.files)) {
    const file = join(directory, 'mesh', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(value, null, 1));
  }
  const git = (...args: readonly string[]): void =>
    void execFileSync(
      'git',
      ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args],
      {
        cwd: directory,
        env: { PATH: process.env['PATH'] ?? '', HOME: directory, GIT_CONFIG_NOSYSTEM: '1' },
      },
    );
  git('init', '--quiet', '--initial-branch=main');
  git('add', 'mesh');
  git('commit', '--quiet', '--message', 'The mesh');
}

async function handOut(kills: readonly Kill[], args: readonly string[], jobs: number): Promise<readonly Walked[]> {
  const waiting = [...kills];
  const done: Walked[] = [];
  const worker = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(process.argv[1] ?? '', args, { execArgv: ['--no-warnings'] });
      const next = (): void => {
        const kill = waiting.shift();
        if (kill === undefined) child.disconnect();
        else child.send(kill);
      };
      child.on('message', (walked: Walked) => {
        done.push(walked);
        if (process.stderr.isTTY) process.stderr.write(`\r${done.length}/${kills.length} kills  `);
        next();
      });
      child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
      next();
    });
  await Promise.all(Array.from({ length: jobs }, worker));
  if (process.stderr.isTTY) process.stderr.write('\n');
  return done.sort((a, b) => a.call - b.call || (a.when === 'before' ? -1 : 1));
}

/** Makes the kills that its parent sends. */
function follow(ground: Ground): void {
  process.on('message', (kill: Kill) => {
    walk(ground, kill).then(
      (walked) => process.send?.(walked),
      (thrown: unknown) => {
        process.stderr.write(`${JSON.stringify(kill)}: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
        process.exit(1);
      },
    );
  });
}

function report(
  walked: readonly Walked[],
  { calls, changes, seconds }: { readonly calls: number; readonly changes: number; readonly seconds: number },
): string {
  const groups = new Map<string, Walked[]>();
  for (const one of walked) {
    const name = `${placeOf(one)}|${one.when}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  const rows = [...groups].map(([name, mine]) => {
    const [place = '', when = ''] = name.split('|');
    const rest = ({ outcomes: { applied: _, ...other } }: Walked): number =>
      Object.values(other).reduce((sum, count) => sum + count, 0);
    return [
      place,
      when,
      mine.length,
      range(mine.map(({ made }) => made)),
      range(mine.map(({ outcomes }) => outcomes['applied'] ?? 0)),
      range(mine.map(rest)),
      range(mine.map((one) => one.calls)),
      mine.filter(({ wrongs }) => wrongs.length === 0).length,
    ];
  });
  const head = [
    'killed in',
    'when',
    'kills',
    'cells changed by then',
    'next run: applied',
    'otherwise',
    'calls',
    'laws kept, plan after empty',
  ];
  const broken = walked.flatMap(({ call, when, wrongs }) => wrongs.map((text) => `${when} call ${call}: ${text}`));
  return [
    `An apply of ${changes} changes makes ${calls} calls. Killed (SIGKILL) before and after each, ${walked.length} times, in ${seconds.toFixed(0)} s:`,
    '',
    ...table(head, rows),
    '',
    ...(broken.length === 0 ? ['Every next run ended with exit code 0, and the plan after it was empty.'] : broken),
    '',
  ].join('\n');
}

/** The call in which a run was killed; reads only by whether something was written before. */
function placeOf({ operation, made }: Walked): string {
  if (operation === undefined) return 'nothing: it had ended';
  if (!/^(Get|List)/.test(operation)) return operation;
  return made === 0 ? 'the reading before the plan' : 'the reading back';
}

function range(numbers: readonly number[]): string {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return low === high ? String(low) : `${low} to ${high}`;
}
