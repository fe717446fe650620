import { stackChanges } from '../../bootstrap/differences.ts';
import { mergeSettings, type Wish } from '../../bootstrap/settings.ts';
import { roleArn, type Site } from '../../bootstrap/site.ts';
import { type Choice, ownRoles, stackName, type Template, tag } from '../../bootstrap/template.ts';
import { providerArn } from '../../bootstrap/trust.ts';
import type { Foundation, Stack, StackEnd, StackRequest } from '../../core/foundation.ts';
import { audience, issuer } from '../../core/github-trust.ts';
import { LakeFailure } from '../../core/lake.ts';
import { SetupProblem } from '../options.ts';
import type { Progress } from '../progress.ts';
import { settingsAct, settingsElsewhere } from './settings.ts';
import type { Act, Undertaking } from './undertaking.ts';

/** What is to be set up, and how it is to be. */
export interface Deployment {
  readonly site: Site;
  readonly template: Template;
  readonly wish: Wish;
}

/** What is to be done so that an account is as a site says. */
export async function deployment({ site, template, wish }: Deployment, foundation: Foundation): Promise<Undertaking> {
  const stack = await ownStack(site, foundation);
  const parameters = await choices({ site, template }, stack, foundation);
  await checkRoles(site, stack, foundation);
  const settings = await foundation.settings();
  const roles = ownRoles(site);
  const gone = rolesMade(site, stack).filter((arn) => arn !== roles.observe && arn !== roles.apply);
  const without = mergeSettings(settings, { gone }).settings;
  const { regions } = site;
  const request = {
    name: stackName(site),
    template: JSON.stringify(template),
    parameters,
    tags: { [tag]: site.mesh },
  };
  return {
    title: `Meshgate's foundation in account ${site.account} (${site.called}), region ${site.region}:`,
    acts: [
      // A role that is deleted while it is an administrator keeps every later change of the settings from being made.
      ...settingsAct(foundation, { settings, wish: { gone }, title: 'data lake settings, before roles go' }),
      ...(await settingsElsewhere(foundation, { regions, wish: { gone } })),
      ...stackAct({ template, request }, stack, foundation),
      ...settingsAct(foundation, { settings: without, wish, title: 'data lake settings' }),
      ...(await settingsElsewhere(foundation, { regions, wish })),
    ],
    notes: notesOf(site, parameters, settings, wish),
  };
}

/** The stack of a site; one that carries its name and not its tag is somebody else's. */
export async function ownStack(site: Site, foundation: Foundation): Promise<Stack | undefined> {
  const stack = await foundation.stack(stackName(site));
  if (stack === undefined) return undefined;
  const whose = stack.tags[tag];
  if (whose !== site.mesh)
    throw new SetupProblem(
      'STACK_TAKEN',
      `account ${site.account} has a stack ${stackName(site)} that is not this mesh's: ${whose === undefined ? `it has no tag ${tag}` : `its tag ${tag} says ${whose}`}`,
      `if it is, tag it: aws cloudformation update-stack --stack-name ${stackName(site)} --use-previous-template --capabilities CAPABILITY_NAMED_IAM --tags Key=${tag},Value=${site.mesh} --region ${site.region}`,
    );
  return stack;
}

/** The ARNs of the roles that a stack made for Meshgate to work with. */
export function rolesMade(site: Site, stack: Stack | undefined): readonly string[] {
  const names = ['Observe', 'Apply'].flatMap((name) => stack?.resources[name]?.id ?? []);
  return names.filter((name) => name !== '').map((name) => roleArn(site, site.account, name));
}

/** Which of the things that an account has once the stack makes: those that it made before, and those that nobody did. */
async function choices(
  { site, template }: Pick<Deployment, 'site' | 'template'>,
  stack: Stack | undefined,
  foundation: Foundation,
): Promise<Readonly<Record<string, string>>> {
  const looks: Readonly<Record<Choice, readonly [resource: string, find: () => Promise<unknown>]>> = {
    MakeProvider: ['GitHub', () => reusable(site, foundation)],
    MakePublicReader: ['PublicReader', () => foundation.role(site.publicReader ?? '')],
  };
  const chosen = Object.keys(template.Parameters ?? {}).map(async (name) => {
    const [resource, find] = looks[name as Choice];
    const isOwn = stack?.resources[resource] !== undefined;
    return [name, isOwn || (await find()) === undefined ? 'yes' : 'no'] as const;
  });
  return Object.fromEntries(await Promise.all(chosen));
}

/** The provider that is there already; one that would refuse our tokens is no use, and somebody else's to change. */
async function reusable(site: Site, foundation: Foundation): Promise<unknown> {
  const arn = providerArn(site);
  const found = await foundation.provider(arn);
  if (found === undefined || found.audiences.includes(audience)) return found;
  throw new SetupProblem(
    'PROVIDER_AUDIENCE',
    `account ${site.account} has the provider ${issuer} already, without the audience ${audience}`,
    `add it: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id ${audience}`,
  );
}

/** Roles of these names that the stack did not make are somebody else's. */
async function checkRoles(site: Site, stack: Stack | undefined, foundation: Foundation): Promise<void> {
  const own = rolesMade(site, stack);
  const found = await Promise.all(
    [site.roles.observe, site.roles.apply].map(async (name) => (await foundation.role(name)) ?? ''),
  );
  const taken = found.filter((arn) => arn !== '' && !own.includes(arn));
  if (taken.length === 0) return;
  throw new SetupProblem(
    'ROLE_TAKEN',
    `account ${site.account} has ${taken.join(' and ')} already, which this did not make`,
    "choose other names with runsAs in mesh.yaml or the account's file, or remove them",
  );
}

function stackAct(
  { template, request }: { readonly template: Template; readonly request: StackRequest },
  stack: Stack | undefined,
  foundation: Foundation,
): readonly Act[] {
  // A creation that was rolled back leaves a stack with nothing in it, which can only be deleted.
  const isEmpty = stack !== undefined && /^(ROLLBACK_COMPLETE|REVIEW_IN_PROGRESS)$/.test(stack.status);
  const title = `stack ${request.name}`;
  if (stack === undefined || isEmpty) {
    const made = Object.entries(template.Resources).flatMap(([name, { Type, Condition }]) =>
      Condition === undefined || request.parameters[Condition] === 'yes' ? [`make ${name} (${Type})`] : [],
    );
    const act = async (progress: Progress): Promise<void> => {
      if (stack !== undefined) await deleteStack(foundation, stack.id, progress);
      await finish(await foundation.createStack(request), foundation, progress);
    };
    return [{ title, changes: made, act }];
  }
  const changes = stackChanges(stack, { template, parameters: request.parameters });
  const isBusy = stack.status.endsWith('_IN_PROGRESS');
  if (changes.length === 0 && !isBusy) return [];
  const act = async (progress: Progress): Promise<void> => {
    // A run that was killed leaves CloudFormation at work.
    await foundation.settled(stack.id, progress.show);
    if (changes.length > 0) await foundation.updateStack(stack.id, request);
    await finish(stack.id, foundation, progress);
  };
  return [{ title, changes: isBusy ? [`wait for what is under way (${stack.status})`, ...changes] : changes, act }];
}

async function finish(id: string, foundation: Foundation, progress: Progress): Promise<void> {
  const end = await foundation.settled(id, (status) => progress.show(`stack: ${status}`));
  if (end.status !== 'CREATE_COMPLETE' && end.status !== 'UPDATE_COMPLETE') throw stackFailure('UpdateStack', end);
}

/** Deletes a stack, and waits for it. */
export async function deleteStack(foundation: Foundation, id: string, progress: Progress): Promise<void> {
  await foundation.deleteStack(id);
  const end = await foundation.settled(id, (status) => progress.show(`stack: ${status}`));
  if (end.status !== 'DELETE_COMPLETE') throw stackFailure('DeleteStack', end);
}

function stackFailure(operation: string, { status, reason }: StackEnd): LakeFailure {
  const message = reason ?? 'CloudFormation does not say why; see the events of the stack';
  return new LakeFailure({ operation, code: status, message, kind: 'final' });
}

function notesOf(
  site: Site,
  parameters: Readonly<Record<string, string>>,
  settings: Awaited<ReturnType<Foundation['settings']>>,
  wish: Wish,
): readonly string[] {
  const defaults = [settings.CreateDatabaseDefaultPermissions, settings.CreateTableDefaultPermissions];
  const isOpen = wish.closes !== true && defaults.some((list = []) => list.length > 0);
  return [
    ...(parameters['MakeProvider'] === 'no' ? [`the provider ${issuer} is there already, and used as it is`] : []),
    ...(parameters['MakePublicReader'] === 'no' ? [`the role ${site.publicReader} is there already, and stays`] : []),
    ...(isOpen
      ? ['new databases and tables stay open to IAM_ALLOWED_PRINCIPALS; --close-defaults opens them to nobody']
      : []),
    ...(wish.version !== undefined &&
    settings.Parameters?.['CROSS_ACCOUNT_VERSION'] === undefined &&
    !wish.version.isAsked
      ? ['the settings name no cross-account version, so it is left alone; --cross-account-version sets one']
      : []),
  ];
}
