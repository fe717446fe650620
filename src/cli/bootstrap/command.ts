import { type Command, Option } from 'commander';
import { wholeNumber } from '../options.ts';

/** Declares `bootstrap` with its options. */
export function declareBootstrap(command: Command, run: (account: string, options: object) => Promise<void>): void {
  command
    .description('set up an account of the mesh: prints a CloudFormation template with the steps around it')
    .argument('[account]', 'the name of its account file, or `central`', 'central')
    .option(
      '--repository <owner@id/name@id>',
      'the one repository whose main branch the central roles trust (in GitHub Actions, its own)',
    )
    .option('--pull-requests', 'let its pull requests read the lake, too', false)
    .option('--deploy', 'do it, with credentials of an administrator of the account', false)
    .addOption(
      new Option('--remove', 'take back what this made in the account, and nothing else')
        .default(false)
        .conflicts(['deploy', 'repository', 'pullRequests', 'closeDefaults', 'crossAccountVersion', 'dataRole']),
    )
    .option('--dry-run', 'with --deploy or --remove: only show what would be done', false)
    .option('--yes', 'with --deploy or --remove: do not ask', false)
    .option(
      '--cross-account-version <number>',
      'the least version of sharing between accounts; it is raised only, and 4 by default',
      wholeNumber('--cross-account-version', 3, 9),
    )
    .option('--close-defaults', 'open new databases and tables to nobody, rather than to whomever IAM lets in', false)
    .option('--data-role <arn>', 'the role with which the S3 paths are registered, for the policies of their buckets')
    .addHelpText(
      'after',
      '\nIt prints by default, and touches nothing. What it does with --deploy and --remove it shows first, and asks.\nRun it again at any time: it changes what differs, and says so where nothing does.',
    )
    .action((account: string, options: object) => run(account, options));
}
