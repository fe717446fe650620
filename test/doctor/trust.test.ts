import { expect, test } from 'vitest';
import { siteOf } from '../../src/bootstrap/site.ts';
import { trustCentral, trustGitHub } from '../../src/bootstrap/trust.ts';
import { LakeFailure } from '../../src/core/lake.ts';
import type { LakeReading, RoleReading } from '../../src/doctor/reading.ts';
import { checkRoleRights } from '../../src/doctor/rules/role-rights.ts';
import { checkTrusts } from '../../src/doctor/rules/trust.ts';
import { declared } from '../support/example-pull.ts';
import { townMesh } from '../support/town.ts';

const site = (called: string) => {
  const found = siteOf(declared(townMesh), called);
  if (found === undefined) throw new Error(called);
  return found;
};
const repository = { owner: 'acme', ownerId: '1', name: 'mesh', id: '2' };
const Principal = { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' };
const github = (kind: 'observe' | 'apply') =>
  trustGitHub(site('central'), kind, { repository, isForPullRequests: false }).map((one) => ({ ...one, Principal }));
const [apply] = github('apply');
const member = trustCentral(site('marketing'), 'apply');
const claim = (name: string) => `token.actions.githubusercontent.com:${name}`;
const conditions = apply?.Condition?.['StringEquals'] ?? {};
const withClaims = (claims: object) => ({ ...apply, Condition: { StringEquals: { ...conditions, ...claims } } });
const { [claim('ref')]: _ref, ...withoutRef } = conditions;

function reading(more: Partial<RoleReading>): LakeReading {
  const role: RoleReading = {
    site: 'central',
    account: '111122223333',
    name: 'meshgate-apply',
    isNeeded: false,
    state: { isRead: true, value: undefined },
    expected: [apply],
    rights: undefined,
    ...more,
  };
  return { roles: [role], accounts: [] } as object as LakeReading;
}

const state = (...Statement: readonly unknown[]): RoleReading['state'] => ({
  isRead: true,
  value: { arn: '', trust: JSON.stringify({ Statement }) },
});
const failure = new LakeFailure({ operation: 'GetRole', code: 'AccessDenied', message: 'no', kind: 'final' });

test.each<[string, Partial<RoleReading>, readonly (readonly [result: string, text: RegExp])[]]>([
  ['as bootstrap makes it', { state: state(apply) }, [['ok', /trusts whom bootstrap would/]]],
  [
    'the same in other words',
    { state: state({ ...withClaims({ [claim('sub')]: [...(conditions[claim('sub')] ?? [])].reverse() }), Sid: 'X' }) },
    [['ok', /./]],
  ],
  [
    'one form of the subject only',
    { state: state(withClaims({ [claim('sub')]: 'repo:acme/mesh:environment:mesh-apply' })) },
    [['error', /statement Apply, holds sub to repo:acme\/mesh:environment:mesh-apply, in place of .* or repo:acme@1/]],
  ],
  [
    'another environment',
    {
      state: state(
        withClaims({ [claim('sub')]: ['repo:acme/mesh:environment:x', 'repo:acme@1/mesh@2:environment:x'] }),
      ),
    },
    [['error', /environment:x, in place of .*environment:mesh-apply/]],
  ],
  [
    'any branch',
    { state: state({ ...apply, Condition: { StringEquals: withoutRef } }) },
    [['error', /does not hold ref to refs\/heads\/main/]],
  ],
  [
    'a pattern for a subject',
    { state: state({ ...apply, Condition: { StringLike: { [claim('sub')]: 'repo:acme/*' } } }) },
    [['error', /holds sub to repo:acme\/\* \(StringLike\), in place of/]],
  ],
  [
    'somebody else as well',
    { state: state(apply, { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }) },
    [['error', /trusts besides: \{"Principal":\{"AWS":"\*"\}\}/]],
  ],
  ['a denial besides, which takes away', { state: state(apply, { ...apply, Effect: 'Deny' }) }, [['ok', /./]]],
  ['nobody', { state: state() }, [['error', /lacks bootstrap's statement Apply/]]],
  ['no policy at all', { state: { isRead: true, value: { arn: '', trust: 'no' } } }, [['unchecked', /whom role/]]],
  ['nobody who says', { state: { isRead: false, failure } }, [['unchecked', /whom role/]]],
  ['no role, where it may be another', {}, [['note', /there is no role/]]],
  ['no role, where runs need it', { isNeeded: true }, [['error', /there is no role/]]],
  ['no repository known, and a name alone', { state: state(apply), expected: undefined }, [['error', /by its ids/]]],
  [
    'no repository known, and no workflow let in',
    { state: state(...member), expected: undefined },
    [['warning', /no workflow of GitHub/]],
  ],
  ['a member as bootstrap makes it', { state: state(...member), expected: member }, [['ok', /./]]],
  [
    'a member that lets any role of the central account in',
    { state: state({ ...member[0], Condition: undefined }), expected: member },
    [['error', /does not hold aws:principalarn to .*; does not hold sts:rolesessionname to/]],
  ],
])('a role that trusts %s', (_, role, expected) => {
  const found = checkTrusts(reading(role)).map((one) => [
    one.result === 'finding' ? one.severity : one.result,
    one.message,
  ]);
  expect(found).toEqual(expected.map(([result, text]) => [result, expect.stringMatching(text)]));
});

const one = (action: string, isAllowed: boolean, missing: readonly string[] = []) => ({
  action,
  resource: '*',
  isAllowed,
  missing,
});

test.each<[string, RoleReading['rights'], string, RegExp]>([
  ['all', { isRead: true, value: [one('a:B', true), one('a:C', true)] }, 'ok', /what it is for, 2 actions/],
  ['not all', { isRead: true, value: [one('a:B', true), one('a:C', false)] }, 'finding', /not a:C$/],
  ['some on one resource', { isRead: true, value: [one('a:B', true), one('a:B', false)] }, 'finding', /not a:B$/],
  ['what hangs on something', { isRead: true, value: [one('a:B', false, ['x'])] }, 'unchecked', /a:B$/],
  ['what nobody tells', { isRead: false, failure }, 'unchecked', /may do/],
  ['nothing, for it is not there', undefined, 'finding', /no role of bootstrap/],
])('a role that may do %s', (_, rights, result, text) => {
  const [check] = checkRoleRights(reading({ rights }));
  expect([check?.result, check?.message]).toEqual([result, expect.stringMatching(text)]);
});
