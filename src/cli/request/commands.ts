import type { Command } from 'commander';
import type { Console } from '../console.ts';

/** What `program` hands over: the options of every command, and the way to run one. */
interface Ways {
  readonly common: (command: Command) => Command;
  readonly run: (
    load: () => Promise<(options: never, console: Console) => Promise<number>>,
  ) => (given: unknown, more: unknown) => Promise<void>;
}

/** Declares `request` with its options, and what it does with a subscription that is there. */
export function declareRequest(request: Command, { common, run }: Ways): void {
  asking(request)
    .description('ask for access: write the subscription, show what it comes to, open the pull request')
    .enablePositionalOptions()
    .option('--product <domain/product>', 'the data product')
    .option('--as <account>', 'the consuming account, by the name of its file')
    .option('--name <name>', 'tells a second subscription of the account to the product from the first')
    .option('--table <names...>', 'tables, by name or pattern')
    .option('--database', "the product's database itself")
    .option('--location <arns...>', 'data locations')
    .option('--column <names...>', 'only these columns, by name or pattern')
    .option('--exclude <names...>', 'all columns but these; or but those of a class, such as pii')
    .option('--rows <predicate>', 'only these rows, such as "region = \'EU\'"')
    .option('--permission <names...>', 'permissions, or one preset (default: read)')
    .option('--principal <names...>', 'for these principals of the account, not for the account as a whole')
    .option('--import <database>', "the name of a resource link in the account's own catalog, through which it reads")
    .option('--region <region>', "the region of that link, if not the central catalog's")
    .option('--reader <names...>', 'principals of the account that read through it')
    .option('--expires <date>', 'the last day: YYYY-MM-DD, or a duration such as 90d, 12w, 6m, 1y')
    .option('--purpose <text>', 'what the data will be used for')
    .addHelpText('after', help)
    .action(run(async () => (await import('../commands/request.ts')).requestCommand));
  asking(common(request.command('extend').description('ask for a later end of a subscription')))
    .argument('<subscription>', 'its file, or <domain>/<product>/<account>[.<name>]')
    .requiredOption('--expires <date>', 'the new last day, or a duration from today')
    .action(run(async () => (await import('../commands/request-change.ts')).extendCommand));
  asking(common(request.command('narrow').description('take a part of a subscription away')))
    .argument('<subscription>', 'its file, or <domain>/<product>/<account>[.<name>]')
    .option('--drop-table <names...>', 'tables that go')
    .option('--drop-column <names...>', 'columns that go, of all its tables')
    .option('--drop-permission <names...>', 'permissions that go')
    .option('--drop-principal <names...>', 'principals that go')
    .option('--expires <date>', 'an earlier last day')
    .action(run(async () => (await import('../commands/request-change.ts')).narrowCommand));
  asking(common(request.command('end').description('end a subscription: its file goes')))
    .argument('<subscription>', 'its file, or <domain>/<product>/<account>[.<name>]')
    .action(run(async () => (await import('../commands/request-change.ts')).endCommand));
}

function asking(command: Command): Command {
  return command
    .option('--remote <name>', 'the remote of the repository on GitHub', 'origin')
    .option('--link', 'print a link that makes the change in the browser; nothing is pushed', false)
    .option('--yes', 'open the pull request without asking', false)
    .option('--dry-run', 'only show the file, what it comes to, and who must approve', false);
}

const help = `
On a terminal, what is not given is asked for. The request is made against the remote's default branch; the working
tree, its branch and its index stay as they are. GITHUB_TOKEN (or GH_TOKEN) opens the pull request; without one a link
is printed. Run again after a failure or a kill, it goes on where it was.

  meshgate request --product sales/orders --as marketing --table orders --exclude pii --expires 90d --purpose "Campaigns"
  meshgate request extend sales/orders/marketing --expires 2027-06-30`;
