import { printedSteps, printedTemplate } from '../../bootstrap/render.ts';
import type { Wish } from '../../bootstrap/settings.ts';
import { type Site, siteOf, type Trusted } from '../../bootstrap/site.ts';
import { afterSteps, type Step, stepsOf } from '../../bootstrap/steps.ts';
import { limitsBroken, ownRoles, stackName, type Template, templateOf } from '../../bootstrap/template.ts';
import { toRepositoryIdentity } from '../../core/github-trust.ts';
import type { Declaration } from '../../declare/declaration.ts';
import { visible } from '../../report/excerpt.ts';
import { jsonText } from '../../report/json.ts';
import type { ActingOptions } from '../bootstrap/undertaking.ts';
import type { Console } from '../console.ts';
import { loadMesh } from '../load.ts';
import { type CommonOptions, SetupProblem } from '../options.ts';

/** Options of `bootstrap`. */
export interface BootstrapOptions extends CommonOptions, ActingOptions {
  /** An account file's name, or `central`. */
  readonly account: string;
  readonly deploy: boolean;
  readonly remove: boolean;
  readonly repository?: string;
  readonly pullRequests: boolean;
  readonly crossAccountVersion?: number;
  readonly closeDefaults: boolean;
  readonly dataRole?: string;
  readonly tries: number;
  readonly timeout: number;
}

/** The version from which grants across accounts work as the mesh files can say: https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html. */
const leastVersion = 4;

/** Prints what an account of the mesh needs, puts it there, or takes it back. */
export async function bootstrapCommand(options: BootstrapOptions, console: Console): Promise<number> {
  const site = siteNamed(await loadMesh(options.mesh), options.account);
  if (options.remove) {
    const [{ removal }, foundation] = await Promise.all([
      import('../bootstrap/remove.ts'),
      foundationOf(site, options),
    ]);
    return acting(await removal(site, foundation), options, console);
  }
  const trusted = site.duties.includes('central') ? trustedBy(options, console) : undefined;
  const template = templateOf(site, trusted);
  const [broken] = limitsBroken(site, template);
  if (broken !== undefined) throw new SetupProblem('TOO_LARGE', broken);
  const wish = wishOf(site, options);
  if (options.deploy) return deploy({ site, template, wish }, options, console);
  print({ site, template, wish }, options, console);
  return 0;
}

function siteNamed(declaration: Declaration, called: string): Site {
  const site = siteOf(declaration, called);
  if (site !== undefined) return site;
  const names = [...declaration.accounts.keys()].sort();
  throw new SetupProblem(
    'UNKNOWN_ACCOUNT',
    `the mesh has no account ${called}`,
    `name central${names.length === 0 ? '' : ` or one of ${names.slice(0, 20).join(', ')}`}`,
  );
}

function trustedBy(options: BootstrapOptions, { env }: Console): Trusted {
  const [owner, name] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  const own = `${owner}@${env['GITHUB_REPOSITORY_OWNER_ID'] ?? ''}/${name}@${env['GITHUB_REPOSITORY_ID'] ?? ''}`;
  const repository = toRepositoryIdentity(options.repository ?? own);
  if (repository !== undefined) return { repository, isForPullRequests: options.pullRequests };
  const what =
    options.repository === undefined
      ? 'nothing says which repository the roles are to trust'
      : `--repository ${options.repository} is not owner@id/name@id`;
  throw new SetupProblem(
    options.repository === undefined ? 'NO_REPOSITORY' : 'BAD_OPTION',
    what,
    `give --repository with its ids, which tell it from another of its name: gh api repos/{owner}/{repo} --jq '"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"'`,
  );
}

function wishOf(site: Site, { crossAccountVersion, closeDefaults }: BootstrapOptions): Wish {
  const { observe, apply } = ownRoles(site);
  const version = { least: crossAccountVersion ?? leastVersion, isAsked: crossAccountVersion !== undefined };
  return {
    administrator: apply,
    reader: observe,
    closes: closeDefaults,
    ...(site.duties.includes('central') ? { version } : {}),
  };
}

interface Prepared {
  readonly site: Site;
  readonly template: Template;
  readonly wish: Wish;
}

function print({ site, template, wish }: Prepared, options: BootstrapOptions, console: Console): void {
  const file = `meshgate-${site.called}.yaml`;
  const { dataRole } = options;
  const steps = stepsOf(site, wish, { file, ...(dataRole === undefined ? {} : { dataRole }) });
  const { called, account, region, duties } = site;
  if (options.format === 'json')
    console.out(jsonText({ format: 1, called, account, region, duties, stack: stackName(site), template, steps }));
  else if (options.format === 'markdown') console.out(printedSteps(template, steps, file));
  else console.out(printedTemplate(template, steps));
}

async function deploy(prepared: Prepared, options: BootstrapOptions, console: Console): Promise<number> {
  const [{ deployment }, foundation] = await Promise.all([
    import('../bootstrap/deploy.ts'),
    foundationOf(prepared.site, options),
  ]);
  const code = await acting(await deployment(prepared, foundation), options, console);
  if (code === 0) console.out(left(afterSteps(prepared.site, options.dataRole)));
  return code;
}

async function acting(
  undertaking: import('../bootstrap/undertaking.ts').Undertaking,
  options: BootstrapOptions,
  console: Console,
): Promise<number> {
  const { carryOut } = await import('../bootstrap/undertaking.ts');
  return carryOut(undertaking, options, console);
}

/** What is left to people. */
function left(steps: readonly Step[]): string {
  if (steps.length === 0) return '';
  const lines = steps.flatMap(({ title, why, commands, document }) => [
    title,
    `  ${why}`,
    ...commands.map((command) => `  $ ${command}`),
    ...(document === undefined
      ? []
      : JSON.stringify(document, null, 2)
          .split('\n')
          .map((line) => `  ${line}`)),
  ]);
  return `\nLeft to you:\n${lines.map(visible).join('\n')}\n`;
}

/** Connects to the account of a site, with credentials that belong to it. */
async function foundationOf(
  { account, region }: Site,
  { tries, timeout }: BootstrapOptions,
): Promise<import('../../core/foundation.ts').Foundation> {
  const [{ connectOwn }, { connectFoundation }, { patient }] = await Promise.all([
    import('../connect.ts'),
    import('../../aws/foundation.ts'),
    import('../../aws/retry.ts'),
  ]);
  const caller = await (await connectOwn(region, { tries, timeout })).caller();
  if (caller.account !== account)
    throw new SetupProblem(
      'OTHER_ACCOUNT',
      `the AWS credentials belong to account ${caller.account} (${caller.arn}), and this is about ${account}`,
      `use credentials of an administrator of ${account}`,
    );
  return connectFoundation({ account, region, retry: { ...patient, retries: tries - 1 }, timeout: timeout * 1000 });
}
