import { setTimeout as delay } from 'node:timers/promises';
import {
  type Stack as ApiStack,
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { Foundation, Stack, StackEnd, StackRequest, StackResource } from '../core/foundation.ts';
import { LakeFailure } from '../core/lake.ts';
import { pagesOf } from './pages.ts';
import { type RetryPolicy, retrying } from './retry.ts';

type StackCalls = Pick<Foundation, 'stack' | 'createStack' | 'updateStack' | 'deleteStack' | 'settled'>;

/** Stacks of CloudFormation. */
export function stackCalls(client: CloudFormationClient, policy: RetryPolicy): StackCalls {
  const write = { policy, isRead: false };
  return {
    stack: async (name) => {
      const found = await describe(client, policy, name);
      return found === undefined ? undefined : toStack(client, policy, found);
    },
    createStack: async (request) => {
      const command = new CreateStackCommand({ ...toApi(request), OnFailure: 'DELETE' });
      return (await retrying('CreateStack', () => client.send(command), write)).StackId ?? request.name;
    },
    updateStack: async (id, request) => {
      const command = new UpdateStackCommand({ ...toApi(request), StackName: id });
      try {
        await retrying('UpdateStack', () => client.send(command), write);
      } catch (thrown) {
        if (!isValidation(thrown, 'No updates are to be performed')) throw thrown;
      }
    },
    deleteStack: async (id) => {
      await retrying('DeleteStack', () => client.send(new DeleteStackCommand({ StackName: id })), write);
    },
    settled: async (id, onStatus) => {
      for (let wait = 250; ; wait = Math.min(5000, wait * 2)) {
        const found = await describe(client, policy, id);
        // By its name a stack that was deleted is not found any more.
        const status = found?.StackStatus ?? 'DELETE_COMPLETE';
        if (!status.endsWith('_IN_PROGRESS') || status === 'REVIEW_IN_PROGRESS')
          return ended(client, policy, { id, status });
        onStatus(status);
        await delay(wait);
      }
    },
  };
}

/** A stack by its name or id; undefined where there is none. */
async function describe(
  client: CloudFormationClient,
  policy: RetryPolicy,
  name: string,
): Promise<ApiStack | undefined> {
  try {
    const call = () => client.send(new DescribeStacksCommand({ StackName: name }));
    return (await retrying('DescribeStacks', call, { policy, isRead: true })).Stacks?.[0];
  } catch (thrown) {
    if (isValidation(thrown, 'does not exist')) return undefined;
    throw thrown;
  }
}

/** CloudFormation says many things with one code, and tells them apart by the text alone. */
function isValidation(thrown: unknown, text: string): boolean {
  return thrown instanceof LakeFailure && thrown.code === 'ValidationError' && thrown.message.includes(text);
}

async function toStack(client: CloudFormationClient, policy: RetryPolicy, found: ApiStack): Promise<Stack> {
  const StackName = found.StackId ?? found.StackName ?? '';
  const read = { policy, isRead: true };
  const resources: Record<string, StackResource> = {};
  for await (const { StackResourceSummaries = [] } of pagesOf({
    operation: 'ListStackResources',
    policy,
    ask: (NextToken) => client.send(new ListStackResourcesCommand({ StackName, NextToken })),
    tokenOf: (page) => page.NextToken,
  }))
    for (const { LogicalResourceId: name = '', ResourceType: type = '', ...one } of StackResourceSummaries)
      if (name !== '' && one.ResourceStatus !== 'DELETE_COMPLETE')
        resources[name] = { type, id: one.PhysicalResourceId ?? '' };
  const call = () => client.send(new GetTemplateCommand({ StackName, TemplateStage: 'Original' }));
  const { TemplateBody = '' } = await retrying('GetTemplate', call, read);
  const { Tags = [], Parameters = [], StackStatus = '' } = found;
  return {
    id: StackName,
    status: StackStatus,
    tags: pairs(Tags.map(({ Key, Value }) => [Key, Value])),
    parameters: pairs(Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue])),
    template: TemplateBody,
    resources,
  };
}

function pairs(list: readonly (readonly [string | undefined, string | undefined])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(list.map(([key = '', value = '']) => [key, value]));
}

/** How work on a stack ended, with the first event that says why it failed. */
async function ended(
  client: CloudFormationClient,
  policy: RetryPolicy,
  { id, status }: { readonly id: string; readonly status: string },
): Promise<StackEnd> {
  const isWell = status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE';
  const reason = isWell ? undefined : await firstFault(client, policy, id);
  return reason === undefined ? { status } : { status, reason };
}

/** What failed first since somebody last asked for something; what was only cancelled is nobody's fault. Events come newest first. */
async function firstFault(client: CloudFormationClient, policy: RetryPolicy, id: string): Promise<string | undefined> {
  try {
    const call = () => client.send(new DescribeStackEventsCommand({ StackName: id }));
    const { StackEvents = [] } = await retrying('DescribeStackEvents', call, { policy, isRead: true });
    const begun = StackEvents.findIndex((event) => event.ResourceStatusReason === 'User Initiated');
    const failed = StackEvents.slice(0, begun === -1 ? StackEvents.length : begun).filter(
      ({ ResourceStatus = '', ResourceStatusReason = '' }) =>
        ResourceStatus.endsWith('_FAILED') && !/cancelled/i.test(ResourceStatusReason),
    );
    const first = failed.at(-1);
    return first === undefined ? undefined : `${first.LogicalResourceId}: ${first.ResourceStatusReason}`;
  } catch (thrown) {
    if (isValidation(thrown, 'does not exist')) return undefined;
    throw thrown;
  }
}

function toApi({ name, template, parameters, tags }: StackRequest) {
  return {
    StackName: name,
    TemplateBody: template,
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}
