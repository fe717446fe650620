import { createHash } from 'node:crypto';
import { type Call, reading } from '../call.ts';
import { entityNotFound, invalidInput, ServiceFailure } from '../failure.ts';
import type { Lake, ResourcePolicy } from '../lake.ts';
import { pageOf } from '../paging.ts';
import type { Share } from '../ram/share.ts';
import { sourceOf } from '../store/source.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type {
  deleteResourcePolicyShape,
  putResourcePolicyShape,
  resourcePoliciesShape,
  resourcePolicyShape,
} from './shapes.ts';

/** GetResourcePolicy: the policy that the account wrote itself; of those that RAM made it says nothing. */
export function getResourcePolicy(call: Call, { ResourceArn }: Decoded<typeof resourcePolicyShape>): Output {
  const policy = isCatalog(call, ResourceArn) ? reading(call).policies.get('') : undefined;
  if (!policy) throw noPolicy();
  return render(policy);
}

/**
 * GetResourcePolicies: the account's own policy, and one for each share that RAM carries.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-getresourcepolicies.html
 */
export function getResourcePolicies(call: Call, request: Decoded<typeof resourcePoliciesShape>): Output {
  const own = reading(call).policies.get('');
  const shared = [...call.lake.shares.open().values()].map((share) => sharePolicy(call, share));
  const { items, token } = pageOf(call, [sourceOf([...(own ? [own] : []), ...shared])], {
    request: { ...request, question: 'policies' },
    keep: render,
  });
  return { GetResourcePoliciesResponseList: items, ...token };
}

/**
 * PutResourcePolicy: replaces the whole policy. Where RAM has made policies beside it, EnableHybrid must be TRUE:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html; with what code and text that is
 * refused is not documented.
 */
export function putResourcePolicy(call: Call, request: Decoded<typeof putResourcePolicyShape>): Output {
  if (!isCatalog(call, request.ResourceArn)) throw noPolicy();
  const known = call.lake.policies.get('');
  checkHash(known, request.PolicyHashCondition);
  if (request.PolicyExistsCondition === 'MUST_EXIST' && !known) throw conditionFailed('Policy does not exist');
  if (request.PolicyExistsCondition === 'NOT_EXIST' && known) throw conditionFailed('Policy already exists');
  if (call.lake.shares.open().size > 0 && request.EnableHybrid !== 'TRUE')
    throw invalidInput('EnableHybrid must be TRUE, since resources are shared through AWS RAM');
  if (!isJsonObject(request.PolicyInJson)) throw invalidInput('The policy is not valid JSON');
  const policy = policyOf(request.PolicyInJson, call.at, known?.createTime);
  call.lake.policies.set('', policy, call.at);
  record(call, known ? 'update' : 'create', request.PolicyInJson);
  return { PolicyHash: policy.hash };
}

/** DeleteResourcePolicy. */
export function deleteResourcePolicy(call: Call, request: Decoded<typeof deleteResourcePolicyShape>): Output {
  const known = isCatalog(call, request.ResourceArn) ? call.lake.policies.get('') : undefined;
  if (!known) throw noPolicy();
  checkHash(known, request.PolicyHashCondition);
  call.lake.policies.delete('', call.at);
  record(call, 'delete');
  return {};
}

/** A policy as it is kept. */
export function policyOf(text: string, at: number, createTime = at): ResourcePolicy {
  return { text, hash: createHash('sha256').update(text).digest('base64'), createTime, updateTime: at };
}

/** The ARN of a catalog, under which its policy stands. */
function catalogArn({ account, region }: Pick<Lake, 'account' | 'region'>): string {
  return `arn:aws:glue:${region}:${account}:catalog`;
}

function isCatalog({ lake }: Call, arn: string | undefined): boolean {
  return arn === undefined || arn === catalogArn(lake);
}

function render({ text, hash, createTime, updateTime }: ResourcePolicy): Output {
  return { PolicyInJson: text, PolicyHash: hash, CreateTime: createTime / 1000, UpdateTime: updateTime / 1000 };
}

function sharePolicy({ lake, at }: Call, { receiver, arn }: Share): ResourcePolicy {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: receiver },
    Action: ['glue:GetDatabase', 'glue:GetTable'],
    Resource: catalogArn(lake),
  };
  return policyOf(JSON.stringify({ Version: '2012-10-17', Id: arn, Statement: [statement] }), at);
}

function record(call: Call, verb: 'create' | 'update' | 'delete', value?: string): void {
  const what = { kind: 'resource-policy', catalogId: call.lake.account, name: 'catalog' };
  call.changes.push({ verb, what: value === undefined ? what : { ...what, value } });
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function checkHash(known: ResourcePolicy | undefined, condition: string | undefined): void {
  if (condition !== undefined && condition !== known?.hash) throw conditionFailed('Policy hash does not match');
}

function conditionFailed(message: string): ServiceFailure {
  return new ServiceFailure('ConditionCheckFailureException', message);
}

function noPolicy(): ServiceFailure {
  return entityNotFound('Policy not found');
}
