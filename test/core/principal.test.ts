import { describe, expect, test } from 'vitest';
import {
  isCaller,
  isForeignIamPrincipal,
  isServiceLinked,
  type Principal,
  passesOn,
  toPrincipal,
} from '../../src/core/principal.ts';

const forms: readonly (readonly [identifier: string, principal: Principal])[] = [
  ['111122223333', { id: '111122223333', kind: 'account', account: '111122223333' }],
  ['arn:aws:iam::111122223333:root', { id: '111122223333', kind: 'account', account: '111122223333' }],
  ['arn:aws-us-gov:iam::111122223333:root', { id: '111122223333', kind: 'account', account: '111122223333' }],
  [
    '111122223333:IAMPrincipals',
    { id: '111122223333:IAMPrincipals', kind: 'all-iam-principals', account: '111122223333' },
  ],
  ['IAM_ALLOWED_PRINCIPALS', { id: 'IAM_ALLOWED_PRINCIPALS', kind: 'iam-allowed-principals' }],
  ['EVERYONE', { id: 'IAM_ALLOWED_PRINCIPALS', kind: 'iam-allowed-principals' }],
  same('arn:aws:iam::111122223333:role/analyst', 'iam-role', '111122223333'),
  same('arn:aws:iam::111122223333:role/team/a+b=c,d.e@f-g_h', 'iam-role', '111122223333'),
  same('arn:aws-cn:iam::111122223333:role/analyst', 'iam-role', '111122223333'),
  same('arn:aws:iam::111122223333:user/ann', 'iam-user', '111122223333'),
  same('arn:aws:iam::111122223333:saml-provider/idp:user/ann@example.org', 'saml-user', '111122223333'),
  same('arn:aws:iam::111122223333:saml-provider/idp:group/data readers', 'saml-group', '111122223333'),
  same('arn:aws:identitystore:::user/a1b2c3d4-0000', 'identity-center-user'),
  same('arn:aws:identitystore:::group/a1b2c3d4-0000', 'identity-center-group'),
  same('arn:aws:organizations::999900001111:organization/o-abcdefghij', 'organization'),
  same('arn:aws:organizations::999900001111:ou/o-abcdefghij/ou-ab12-cdefgh34', 'organizational-unit'),
  same('arn:aws:sts::111122223333:assumed-role/analyst/session', 'other'),
  same('arn:aws:quicksight:eu-west-1:111122223333:user/default/ann', 'other'),
  same('11112222333', 'other'),
  same('everyone', 'other'),
  same('', 'other'),
];

function same(id: string, kind: Principal['kind'], account?: string): readonly [string, Principal] {
  return [id, account === undefined ? { id, kind } : { id, kind, account }];
}

describe('an identifier', () => {
  test.each(forms)('%s', (identifier, principal) => {
    expect(toPrincipal(identifier)).toEqual(principal);
  });

  test.each(forms)('%s: its canonical form is its own', (_, principal) => {
    expect(toPrincipal(principal.id)).toEqual(principal);
  });
});

describe('what a principal may have', () => {
  test.each([
    ['111122223333', true, false],
    ['444455556666', true, false],
    ['arn:aws:iam::111122223333:role/analyst', false, false],
    ['arn:aws:iam::444455556666:role/analyst', false, true],
    ['arn:aws:iam::444455556666:user/ann', false, true],
    ['444455556666:IAMPrincipals', false, true],
    ['arn:aws:iam::444455556666:saml-provider/idp:user/ann', false, true],
    ['arn:aws:identitystore:::user/a1', false, false],
    ['arn:aws:organizations::999900001111:organization/o-abcdefghij', true, false],
    ['arn:aws:organizations::999900001111:ou/o-abcdefghij/ou-ab12-cdefgh34', true, false],
    ['IAM_ALLOWED_PRINCIPALS', false, false],
  ])('%s passes on: %s, is a foreign IAM principal: %s', (identifier, passes, isForeign) => {
    expect(passesOn(toPrincipal(identifier))).toBe(passes);
    expect(isForeignIamPrincipal(toPrincipal(identifier), '111122223333')).toBe(isForeign);
  });

  test.each([
    ['arn:aws:iam::111122223333:role/aws-service-role/lakeformation.amazonaws.com/X', true],
    ['arn:aws:iam::111122223333:role/aws-service-role-like', false],
    ['arn:aws:iam::111122223333:user/aws-service-role/x', false],
  ])('%s is service-linked: %s', (identifier, isLinked) => {
    expect(isServiceLinked(toPrincipal(identifier))).toBe(isLinked);
  });
});

describe('a caller', () => {
  const session = 'arn:aws:sts::111122223333:assumed-role/deploy/run-7';
  test.each([
    [session, 'arn:aws:iam::111122223333:role/deploy', true],
    [session, 'arn:aws:iam::111122223333:role/ci/team/deploy', true],
    [session, 'arn:aws:iam::111122223333:role/ci/deployer', false],
    [session, 'arn:aws:iam::111122223333:role/predeploy', false],
    [session, 'arn:aws:iam::444455556666:role/deploy', false],
    [session, 'arn:aws:iam::111122223333:user/deploy', false],
    [session, session, true],
    ['arn:aws:iam::111122223333:user/ann', 'arn:aws:iam::111122223333:user/ann', true],
    ['arn:aws:iam::111122223333:user/ann', 'arn:aws:iam::111122223333:user/team/ann', false],
    ['arn:aws:iam::111122223333:role/deploy', 'arn:aws:iam::111122223333:role/deploy', true],
  ])('%s is %s: %s', (caller, principal, is) => {
    expect(isCaller(caller, principal)).toBe(is);
  });
});
