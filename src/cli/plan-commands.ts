import { type Command, Option } from 'commander';
import type { Console } from './console.ts';
import { wholeNumber } from './options.ts';

/** What `program` hands over: the options of commands, and the way to run one. */
interface Ways {
  readonly common: (command: Command) => Command;
  readonly lake: (command: Command) => Command;
  readonly run: (
    load: () => Promise<(options: never, console: Console) => Promise<number>>,
  ) => (given: object) => Promise<void>;
}

/** Declares the commands that plan and carry out. */
export function declarePlans(cli: Command, { common, lake, run }: Ways): void {
  lake(common(cli.command('plan').description('show what would be granted and revoked; changes nothing')))
    .option('--exit-code', 'exit with 2 where there is something to do')
    .option('--as-of <date>', 'plan for another day, YYYY-MM-DD: shows what will have expired')
    .addOption(
      new Option(
        '--picture',
        'show what the lake holds instead, product by product: managed, unmanaged, protected',
      ).conflicts(['changed', 'changedFiles']),
    )
    .option(
      '--changed [commit]',
      'read and plan only what the mesh files can touch that differ from this commit, by default the first parent',
    )
    .option('--changed-files <files...>', 'the same for these files, with the versions that the commit holds')
    .addOption(
      new Option('--offline', 'compare with the mesh files of --base instead of a lake: needs no AWS').conflicts([
        'changed',
        'changedFiles',
        'picture',
      ]),
    )
    .option('--base <commit>', 'with --offline: the branch or commit that the change is to be merged into')
    .addOption(
      new Option('--accounts <list>', `only read ${accounts}, and save what was observed with --out`).conflicts([
        ...confined,
        ...['merge', 'asOf', 'exitCode', 'picture'],
      ]),
    )
    .addOption(merging().conflicts(confined))
    .addOption(new Option('--out <file>', 'save the plan for apply --plan').conflicts(confined))
    .addHelpText('after', `\n${sealed}`)
    .action(run(async () => (await import('./commands/plan.ts')).planCommand));
  partly(lake(common(cli.command('apply').description('make the lake as the mesh files say'))))
    .addHelpText(
      'after',
      `\nMESHGATE_READ_BACK=2000,4000,8000 sets how many milliseconds to wait before each further look at what was changed.\n${sealed}`,
    )
    .action(run(async () => (await import('./commands/apply.ts')).applyCommand));
}

/** The options of a command that carries out a plan, or a part of one. */
function partly(command: Command): Command {
  return command
    .option('--ledger <file>', 'where the record of the run is appended, as JSON lines', '.meshgate/ledger.jsonl')
    .addOption(
      new Option('--plan <file>', 'carry out the plan that plan --out saved, where it still holds').conflicts([
        ...['trustRoot', 'approvals', 'holds'],
      ]),
    )
    .option('--accounts <list>', `with --plan: only in ${accounts}`)
    .option(
      '--turn <number>',
      "with --plan: 1 what goes in consumers' accounts, 2 the central account, 3 what comes in consumers' accounts, 4 what that replaces in the central account",
      wholeNumber('--turn', 1, 4),
    )
    .option('--out <file>', 'save what became of it, for the report on all parts');
}

/** The option that names parts to be put together. */
function merging(): Option {
  return new Option('--merge <files...>', 'plan from what was observed in these parts: files, or folders of them');
}

const confined = ['changed', 'changedFiles', 'offline'];
const accounts = 'these accounts: names, ids, or a share such as 2/4, with commas between';
const sealed = 'What is saved is sealed with MESHGATE_CACHE_KEY, a key of 32 characters or more.';
