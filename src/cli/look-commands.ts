import { type Command, Option } from 'commander';
import { lifecycleStates } from '../core/lifecycle.ts';
import type { Console } from './console.ts';
import { wholeNumber } from './options.ts';

/** What `program` hands over: the options of commands, and the way to run one. */
interface Ways {
  readonly common: (command: Command, formats?: readonly string[]) => Command;
  readonly lake: (command: Command) => Command;
  readonly run: (
    load: () => Promise<(options: never, console: Console) => Promise<number>>,
  ) => (given: object) => Promise<void>;
}

/** Declares the commands that tell how things stand, and why. */
export function declareLooks(cli: Command, { common, lake, run }: Ways): void {
  const looking = (command: Command, formats: readonly string[]): Command =>
    lake(common(command, formats)).option('--offline', 'ask neither AWS nor GitHub: only what git knows', false);
  looking(cli.command('list').description('list subscriptions with where they stand'), ['text', 'json', 'csv'])
    .option('--owner <names...>', 'of products of these owners: logins, or names of producing accounts')
    .option('--principal <names...>', 'for these principals or consuming accounts: names or identifiers')
    .option('--product <names...>', 'to these products: <domain>/<product>, or patterns')
    .option('--database <names...>', 'in these databases: names or patterns')
    .option('--tables <names...>', 'to any of these tables: names or patterns')
    .option('--permissions <names...>', 'that give any of these permissions')
    .option('--status <states...>', 'in these states')
    .option('--pii', 'that cover personal or otherwise sensitive data')
    .option('--no-pii', 'that do not')
    .option('--expiring <days>', 'that end within so many days', wholeNumber('--expiring', 0, 100_000))
    .option('--since <date>', 'that are as they are since this day or later, YYYY-MM-DD')
    .addOption(new Option('--all', 'also what is over: denied, withdrawn, revoked, archived').default(false))
    .addHelpText(
      'after',
      `
Filters may be combined: of one any value fits, of several each must.
States: ${lifecycleStates.join(', ')}.
Pull requests are asked for where GITHUB_REPOSITORY and GITHUB_TOKEN are set. What cannot be asked is said to be unknown.
Exit codes: 0; 5 something that was asked did not answer; 1 mesh files or options are no good.`,
    )
    .action(run(async () => (await import('./commands/list.ts')).listCommand));
  looking(
    cli.command('show').description('show everything known about a subscription, product, account or principal'),
    ['text', 'json'],
  )
    .argument('<what>', '<domain>/<product>/<account>[.<name>], <domain>/<product>, an account, a principal, or a file')
    .addHelpText(
      'after',
      '\nExit codes: 0; 5 something that was asked did not answer; 1 mesh files or names are no good.',
    )
    .action((what: string, options: object) =>
      run(async () => (await import('./commands/show.ts')).showCommand)({ ...options, what }),
    );
  looking(cli.command('explain').description('say why somebody has access, or what is missing'), ['text', 'json'])
    .argument('[principal]', 'a name of the mesh files, or an identifier')
    .argument('[resource]', '<database>[.<table>[.<column>]], or an S3 path')
    .option('--who-can-read <column>', 'who can read <database>.<table>.<column>, and by what')
    .addHelpText('after', explainHelp)
    .action((principal: string | undefined, resource: string | undefined, options: object) =>
      run(async () => (await import('./commands/explain.ts')).explainCommand)({
        ...options,
        ...(principal !== undefined && { principal }),
        ...(resource !== undefined && { resource }),
      }),
    );
}

const explainHelp = `
  meshgate explain marketing health_clinical.patients.zip
  meshgate explain --who-can-read health_clinical.patients.ssn

Every way of access is told, declared or not: own grants, those of the account, all tables, IAM_ALLOWED_PRINCIPALS,
administrators, creators, grants by hand. Who asked and who approved stands at GitHub, and is asked for where
GITHUB_REPOSITORY and GITHUB_TOKEN are set.
Exit codes: 0; 5 something that was asked did not answer; 1 mesh files, names or options are no good.`;
