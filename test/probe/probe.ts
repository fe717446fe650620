import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Clients, clientsFor, clientsOfRole, situation } from './aws.ts';
import { listingText, reportText, type Setting } from './report.ts';
import { cleanUp, probe, questions } from './run.ts';
import { sandboxName } from './sandbox.ts';

const help = `Usage: npm run probe -- --principal ARN [options]

Settles on a real account what AWS does not document about Lake Formation. Without --yes it only says what it would do.

  --principal ARN    a role of this account, no data lake administrator, that is given grants in the sandbox
  --region REGION    by default AWS_REGION
  --yes              do it
  --clean            only remove what runs that were killed have left (with --yes)
  --report FILE      write the report to a file as well
  --wait MS          how long after a change to look, by default 3000
`;

const { values: options } = parseArgs({
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

process.removeAllListeners('warning');
process.exitCode = await main();

async function main(): Promise<number> {
  const region = options.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (options.help) return say(help, 0);
  if (options.principal === undefined || region === undefined || !/^\d+$/.test(options.wait))
    return fail(`a --principal and a --region are needed, and --wait is a number of milliseconds\n\n${help}`);
  const clients = clientsFor(region);
  const { account, arn, administrators, parameters } = await situation(clients);
  const { principal } = options;
  if (!new RegExp(`^arn:aws[\\w-]*:iam::${account}:role/`).test(principal))
    return fail(`${principal} is no role of account ${account}\n`);
  if (administrators.includes(principal))
    return fail(`${principal} is a data lake administrator, who holds everything already: name another role\n`);
  if (!administrators.some((one) => isCaller(arn, one)))
    return fail(`${arn} is no data lake administrator, and would see only a part\n`);
  const database = sandboxName(randomBytes(4).toString('hex'));
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? `https://lakeformation.${region}.amazonaws.com`;
  const setting: Setting = { account, region, caller: arn, principal, endpoint, at: new Date() };
  if (!options.yes) return say(listingText(setting, database), 0);
  const asPrincipal = await clientsOfRole(clients, region, principal);
  if (options.clean) return clean(clients, asPrincipal);
  const parts = {
    clients,
    asPrincipal,
    account,
    caller: arn,
    parameters,
    database,
    principal,
    wait: Number(options.wait),
  };
  const answers = await probe(parts, ({ does }, index) => tell(`${index + 1} of ${questions.length}: ${does}`));
  const text = reportText(answers, setting);
  if (options.report !== undefined) writeFileSync(options.report, text);
  return say(text, 0);
}

async function clean(clients: Clients, asPrincipal: Clients | undefined): Promise<number> {
  const gone = await cleanUp(clients, asPrincipal);
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
