import type { Command } from 'commander';
import type { Console } from './console.ts';

/** Options that commands share, and how one is run. */
interface Shared {
  readonly common: (command: Command) => Command;
  readonly lake: (command: Command) => Command;
  readonly run: (
    load: () => Promise<(options: never, console: Console) => Promise<number>>,
  ) => (options: object) => Promise<void>;
}

/** Declares what the workflows run: a line each, so that nothing of them is in a workflow file. */
export function declareGitHub(github: Command, { common, lake, run }: Shared): void {
  github.description('what the workflows run');
  lake(common(github.command('check').description('say on a pull request what it changes and who must approve it')))
    .option('--output <file>', 'write the whole report, as JSON')
    .addHelpText(
      'after',
      '\nReads GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL and GITHUB_STEP_SUMMARY.\nExit codes: 0 the files are valid; 1 they are not, or the code owners are out of date.',
    )
    .action(run(async () => (await import('./commands/github/check.ts')).checkCommand));
  lake(common(github.command('automerge').description('merge the open requests that need no human')))
    .option('--check <name>', 'the check that must be green', 'check')
    .option('--apply-workflow <file>', 'the workflow that is started after a merge', 'apply.yml')
    .option('--dry-run', 'say what would be merged, and merge nothing', false)
    .action(run(async () => (await import('./commands/github/automerge.ts')).automergeCommand));
  lake(common(github.command('apply').description('make the lake as main says, and report where it was asked for')))
    .option('--ledger <file>', 'where the record of the run is appended, as JSON lines', '.meshgate/ledger.jsonl')
    .option('--apply-workflow <file>', 'the workflow that this runs in', 'apply.yml')
    .addHelpText(
      'after',
      '\nMESHGATE_REASON says why it runs: merge, dispatch, or schedule, which ends what is over and repairs nothing.\nMESHGATE_CACHE_KEY seals the incidents that an administrator acknowledges by closing them.\nExit codes: 0 done, also where something is withheld; 3 a guard refused something, or there is an incident; 5 incomplete.',
    )
    .action(run(async () => (await import('./commands/github/apply.ts')).applyCommand));
  const parts = (command: Command): Command =>
    lake(common(command))
      .option('--apply-workflow <file>', 'the workflow that this runs in', 'apply.yml')
      .addHelpText('after', '\nMESHGATE_REASON says why it runs; MESHGATE_CACHE_KEY seals what is saved.');
  parts(github.command('plan').description('plan main as apply does, from what was observed in parts, and save it'))
    .requiredOption('--merge <files...>', 'what plan --accounts saved: files, or folders of files *.part')
    .requiredOption('--out <file>', 'where the plan is saved, for apply --plan')
    .action(run(async () => (await import('./commands/github/plan.ts')).planCommand));
  parts(
    github.command('report').description('report what became of a plan that was carried out in parts, as apply does'),
  )
    .requiredOption('--plan <file>', 'the plan that was saved')
    .requiredOption('--outcomes <files...>', 'what apply --plan --out saved: files, or folders of files *.outcomes')
    .action(run(async () => (await import('./commands/github/report.ts')).reportCommand));
  lake(common(github.command('drift').description('report drift in one issue, and start what the schedule may do')))
    .option('--output <file>', 'write the whole report, as JSON', '.meshgate/drift.json')
    .option('--apply-workflow <file>', 'the workflow that is started', 'apply.yml')
    .addHelpText(
      'after',
      '\nExit codes: 0 all was read and reported; 3 what should have been applied for a day was not; 5 something could not be read.',
    )
    .action(run(async () => (await import('./commands/github/drift.ts')).driftCommand));
  common(github.command('intake').description('make a pull request of an issue that was made with the form'))
    .addHelpText(
      'after',
      '\nReads GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GITHUB_TOKEN (answers the issue), MESHGATE_APP_TOKEN (opens the pull request) and GITHUB_API_URL.',
    )
    .action(run(async () => (await import('./commands/github/intake.ts')).intakeCommand));
  lake(common(github.command('remind').description('remind of what expires and waits, and say who denied a request')))
    .addHelpText(
      'after',
      '\nThe days are `reminders` in mesh.yaml. Reads GITHUB_REPOSITORY, GITHUB_TOKEN and GITHUB_API_URL.\nExit codes: 0 done; 5 something could not be read.',
    )
    .action(run(async () => (await import('./commands/github/remind.ts')).remindCommand));
}
