import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { declareBootstrap } from './bootstrap/command.ts';
import type { Console } from './console.ts';
import { declareGitHub } from './github-commands.ts';
import { declareLooks } from './look-commands.ts';
import { formats, positiveNumber, wholeNumber } from './options.ts';
import { declarePlans } from './plan-commands.ts';
import { declareRequest } from './request/commands.ts';
import { explainFailure, usageText } from './trouble.ts';

/** What a command's module offers: each is loaded only when its command runs, so that `--help` loads no AWS client. */
type Action = (options: never, console: Console) => Promise<number>;

/** Runs the command line and answers with the exit code; never exits by itself. */
export async function program(args: readonly string[], console: Console): Promise<number> {
  let code = 0;
  const cli = new Command('meshgate')
    .description('Access to a data mesh on AWS Lake Formation as reviewed files in git.')
    .version(versionOf())
    // So that an option behind a command's name is that command's own.
    .enablePositionalOptions()
    .addHelpText('after', '\nShell completion: meshgate complete bash|zsh|fish|powershell prints the script.')
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: console.out,
      writeErr: console.err,
      outputError: (said) => console.err(usageText(said, console)),
    })
    .exitOverride();
  const run = (load: () => Promise<Action>) => async (options: object) => {
    const action = await load();
    code = await action(options as never, console);
  };
  common(cli.command('validate').description('check the mesh files: all problems of all files')).action(
    run(async () => (await import('./commands/validate.ts')).validate),
  );
  declarePlans(cli, { common, lake, run });
  lake(
    common(
      cli.command('revoke').description('cut access in an emergency: write a hold into mesh.yaml, and with --now cut'),
    ),
  )
    .option(
      '--principal <name>',
      'whose access: a name of mesh.yaml, <account>, <account>/<principal>, or an identifier',
    )
    .option('--account <name>', 'the access of a whole account, by name or by its id')
    .option('--product <name>', 'to one product, <domain>/<product>')
    .option('--table <name>', 'to tables of this name or pattern')
    .option('--column <name>', 'to columns of this name or pattern')
    .addOption(
      new Option('--everything', 'all that the mesh gives: the way out, which an administrator approves').conflicts([
        'principal',
        'account',
        'product',
        'table',
        'column',
      ]),
    )
    .option('--reason <text>', 'why; it is written into the hold')
    .option('--until <date>', 'the last day of the hold, YYYY-MM-DD; in 30 days by default')
    .option('--now', 'open the pull request with the hold, and cut at once, from the working tree', false)
    .option('--remote <name>', 'the remote of the repository on GitHub', 'origin')
    .option('--end', 'take the hold with exactly this scope out of mesh.yaml', false)
    .option('--dry-run', 'only show what would be written, asked and cut', false)
    .option('--ledger <file>', 'where the record of the run is appended, as JSON lines', '.meshgate/ledger.jsonl')
    .action(run(async () => (await import('./commands/revoke.ts')).revokeCommand));
  lake(
    common(cli.command('drift').description('tell where the lake differs from the mesh files, and who changed it')),
  ).action(run(async () => (await import('./commands/drift.ts')).driftCommand));
  patience(
    trust(common(cli.command('doctor').description('tell what stands in the way of the mesh, and what mends it'))),
  )
    .option('--explain [text]', 'explain the text of an AWS error instead, from standard input where none is given')
    .addHelpText(
      'after',
      '\nExit codes: 0 all sound; 2 errors or warnings; 5 something could not be checked; 1 mesh files or credentials are no good.',
    )
    .action(run(async () => (await import('./commands/doctor.ts')).doctorCommand));
  patience(
    common(cli.command('import').description('write mesh files for what a lake grants already; changes nothing in it')),
  )
    .option('--database <globs...>', 'only these databases: names or globs')
    .option('--out <directory>', 'write into this new directory instead of the mesh')
    .option('--subscriptions <files...>', "the older mesh's table of subscriptions, exported from DynamoDB")
    .option('--write-missing', 'also write what that table calls active and the lake does not hold')
    .option('--dry-run', 'show the files, write none')
    .option('--despite-gaps', 'write what could be read, also where the lake could not be read as a whole')
    .option('--administrator <login:id...>', 'who owns a new mesh and its accounts until somebody else is named')
    .option('--name <name>', 'the name of a new mesh', 'mesh')
    .option('--region <region>', 'the region of a new mesh (AWS_REGION)')
    .action(run(async () => (await import('./commands/import.ts')).importCommand));
  common(cli.command('codeowners').description('write .github/CODEOWNERS from the mesh files'))
    .option('--check', 'write nothing; exit with 1 where the code owners are not what the mesh files say', false)
    .option('--replace', 'also replace a file that was made by hand', false)
    .addHelpText('after', '\nThe mesh may be in any folder of the repository; the file is written at its top.')
    .action(run(async () => (await import('./commands/codeowners.ts')).codeownersCommand));
  declareLooks(cli, { common, lake, run });
  declareGitHub(cli.command('github'), { common, lake, run });
  cli
    .command('init')
    .description('make a repository for a mesh: files, workflows, and the settings to switch on; overwrites nothing')
    .argument('[directory]', 'the top of the repository', '.')
    .option('--central <account>', 'the account with the central catalog')
    .option('--region <region>', 'its region (AWS_REGION)')
    .option(
      '--administrator <login:id...>',
      'who approves changes of the mesh; gh api users/LOGIN --jq .id tells the id',
    )
    .option('--name <name>', 'the name of the mesh; by default that of the directory')
    .option('--empty', 'without the example of a product and a subscription', false)
    .option('--dry-run', 'write nothing, only tell', false)
    .addOption(formatOption(['text', 'json']))
    .addHelpText(
      'after',
      '\nWhere there is a mesh already, in mesh/, only what is around it is written, and the options that describe it are not needed.',
    )
    .action((directory: string, options: object) =>
      run(async () => (await import('./commands/init.ts')).initCommand)({
        ...options,
        directory,
        version: versionOf(),
      }),
    );
  declareBootstrap(patience(common(cli.command('bootstrap'))), (account, options) =>
    run(async () => (await import('./commands/bootstrap.ts')).bootstrapCommand)({ ...options, account }),
  );
  declareRequest(common(cli.command('request')), {
    common,
    run: (load) => async (given: unknown, more: unknown) => {
      const action = await load();
      code = await action((typeof given === 'string' ? { ...(more as object), id: given } : given) as never, console);
    },
  });
  cli
    .command('emulator')
    .description('run a Lake Formation, Glue, RAM and STS on this machine')
    .option('--seed <file>', 'the accounts, catalogs and permissions to start with, as YAML or JSON')
    .option('--port <number>', 'the port on 127.0.0.1; 0 takes a free one', wholeNumber('--port', 0, 65_535), 4599)
    .option('--journal <file>', 'append every call to a file, as JSON lines')
    .option('--wire <file>', 'append every request and answer as sent, keys of sessions included, as JSON lines')
    .option('--latency <milliseconds>', 'answer every call only after so long', wholeNumber('--latency', 0, 600_000), 0)
    .action(run(async () => (await import('./commands/emulator.ts')).emulatorCommand));
  cli
    .command('demo')
    .description('tell the whole story on this machine: plan, apply, drift, approval, a killed run')
    .action(run(async () => (await import('./demo/demo.ts')).demoCommand));
  if (args[0] === 'complete') (await import('@bomb.sh/tab/commander')).default(cli);
  try {
    await cli.parseAsync(args, { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 1;
    return explainFailure(thrown, console);
  }
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return version;
}

function common(command: Command, choices: readonly string[] = formats): Command {
  return command
    .option('--mesh <directory>', 'the directory of the mesh files', 'mesh')
    .addOption(formatOption(choices))
    .option('--quiet', 'no progress', false)
    .option('--verbose', 'say more', false);
}

function formatOption(choices: readonly string[]): Option {
  return new Option('--format <format>', 'how results are written').choices(choices).default('text');
}

function lake(command: Command): Command {
  return patience(
    trust(command)
      .option(
        '--approvals <source>',
        'a file of proofs, or `github` for the reviews there, which is the default in GitHub Actions',
      )
      .option(
        '--request-budget <number>',
        'how many requests to GitHub a run may make; what is left over waits for the next',
        wholeNumber('--request-budget', 0, 100_000),
        400,
      )
      .option(
        '--proof-cache <file>',
        "GitHub's answers about what cannot change, kept from run to run under the seal of MESHGATE_CACHE_KEY",
      )
      .option(
        '--account-timeout <seconds>',
        "how long the rest of the mesh waits for a consumer's account",
        positiveNumber('--account-timeout', 3600),
        60,
      )
      .option('--holds <file>', 'holds that count beside those of mesh.yaml'),
  );
}

function trust(command: Command): Command {
  return command.option(
    '--trust-root <commit>',
    'trust the mesh files as of this commit; HEAD trusts all that is committed (MESHGATE_TRUST_ROOT)',
  );
}

function patience(command: Command): Command {
  return command
    .option(
      '--tries <number>',
      'how often a call is made that is throttled or in conflict',
      wholeNumber('--tries', 1, 100),
      10,
    )
    .option('--timeout <seconds>', 'how long a call may go without an answer', positiveNumber('--timeout', 3600), 60);
}
