import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { argumentsFrom, BadArgument, checkWritable, runScript, wholeNumber } from '../support/arguments.ts';
import { clientsFor, clientsOfRole, situation } from './aws.ts';
import { leftText, listingText, reportText, type Setting } from './report.ts';
import { cleanUp, leftovers, probe, questions, textOf } from './run.ts';
import { sandboxName } from './sandbox.ts';

const help = `Usage: npm run probe -- --principal ARN [options]

Settles on a real account what AWS does not document about Lake Formation. Without --yes it only says what it would do.

  --principal ARN    a role of this account, no data lake administrator, that is given grants in the sandbox
  --region REGION    by default AWS_REGION
  --yes              do it
  --clean            only remove all sandboxes that runs have left, while none goes on (with --yes)
  --report FILE      write the report to a file as well
  --wait MS          how long after a change to look, by default 3000
`;

process.removeAllListeners('warning');
await runScript(help, main);

async function main(): Promise<number> {
  const { values: options } = argumentsFrom({
    options: {
      principal: { type: 'string' },
      region: { type: 'string' },
      yes: { type: 'boolean', default: false },
      clean: { type: 'boolean', default: false },
      report: { type: 'string' },
      wait: { type: 'string', default: '3000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) return say(help, 0);
  const region = options.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  const { principal, report } = options;
  if (principal === undefined || region === undefined) throw new BadArgument('a --principal and a --region are needed');
  const wait = wholeNumber('--wait', options.wait, 0);
  const clients = clientsFor(region);
  try {
    const { account, arn, administrators, parameters } = await situation(clients);
    if (!new RegExp(`^arn:aws[\\w-]*:iam::${account}:role/`).test(principal))
      return fail(`${principal} is no role of account ${account}\n`);
    if (administrators.includes(principal))
      return fail(`${principal} is a data lake administrator, who holds everything already: name another role\n`);
    if (!administrators.some((one) => isCaller(arn, one)))
      return fail(`${arn} is no data lake administrator, and would see only a part\n`);
    const database = sandboxName(randomBytes(4).toString('hex'));
    const endpoint = process.env['AWS_ENDPOINT_URL'] ?? `https://lakeformation.${region}.amazonaws.com`;
    const setting: Setting = { account, region, caller: arn, principal, endpoint, at: new Date() };
    if (!options.yes) {
      const left = await leftovers(clients, undefined);
      return say(options.clean ? cleaning(left) : listingText(setting, { database, left }), 0);
    }
    const asPrincipal = await clientsOfRole(clients, region, principal);
    if (options.clean) return await clean({ clients, asPrincipal });
    checkWritable('--report', report);
    const others = await leftovers(clients, asPrincipal);
    if (others.length > 0) process.stderr.write(leftText(others));
    const parts = { clients, asPrincipal, account, caller: arn, parameters, database, principal, wait };
    const { answers, left } = await probe(parts, {
      onProgress: ({ does }, index) => tell(`${index + 1} of ${questions.length}: ${does}`),
      signal: interruption(),
    });
    const text = reportText(answers, setting);
    say(text, 0);
    if (report !== undefined) writeFileSync(report, text);
    return left === undefined ? 0 : fail(`The sandbox is there still (${left}): remove it with --clean --yes.\n`);
  } catch (thrown) {
    if (thrown instanceof BadArgument) throw thrown;
    return fail(`AWS gave no answer that goes on: ${textOf(thrown)}\n`);
  }
}

/** Told to end, the probe ends the question under way and removes its sandbox; told again, it dies. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.stderr.write('Stopping: the sandbox is removed first.\n');
      controller.abort();
    });
  return controller.signal;
}

function cleaning(left: readonly string[]): string {
  if (left.length === 0) return 'No sandbox is left.\n';
  return `${left.join(', ')} would be removed. Nothing was done. Run again with --yes to do it, while no other run goes on.\n`;
}

async function clean(eyes: Parameters<typeof cleanUp>[0]): Promise<number> {
  const gone = await cleanUp(eyes);
  return say(gone.length === 0 ? 'No sandbox is left.\n' : `Removed ${gone.join(', ')}.\n`, 0);
}

function isCaller(arn: string, administrator: string): boolean {
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  return arn === administrator || (role !== undefined && administrator.endsWith(`/${role}`));
}

function tell(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

function fail(text: string): number {
  process.stderr.write(text);
  return 1;
}
