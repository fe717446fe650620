import fc from 'fast-check';
import { expect, test } from 'vitest';
import { letShare, mayShare, statementsOf } from '../../src/doctor/policy.ts';

const resources = ['catalog', 'database/*', 'table/*/*'].map((one) => `arn:aws:glue:eu-west-1:111122223333:${one}`);
const share = {
  Effect: 'Allow',
  Action: 'glue:ShareResource',
  Principal: { Service: 'ram.amazonaws.com' },
  Resource: resources,
};
const deny = { ...share, Effect: 'Deny', Resource: '*' };
const other = { AWS: 'arn:aws:iam::222233334444:root' };

test.each<[kind: string, name: string, statements: readonly object[]]>([
  ['shares', 'the statement of the guide', [share]],
  ['shares', 'every action and resource', [{ ...share, Action: '*', Resource: '*' }]],
  ['shares', 'globs', [{ ...share, Action: ['glue:Share*'], Resource: 'arn:aws:glue:eu-west-1:111122223333:*' }]],
  ['shares', 'everybody', [{ ...share, Principal: '*' }]],
  ['shares', 'one statement for each resource', resources.map((Resource) => ({ ...share, Resource }))],
  ['shares', 'a denial of somebody else', [share, { ...deny, Principal: other }]],
  ['shares', 'a denial of something else', [share, { ...deny, Action: 'glue:DeleteTable' }]],
  ['shares', 'a denial of all but this', [share, { ...deny, Action: undefined, NotAction: 'glue:Share*' }]],
  ['silent', 'nothing', []],
  ['silent', 'another action', [{ ...share, Action: 'glue:GetTable' }]],
  ['silent', 'another principal', [{ ...share, Principal: other }]],
  ['silent', 'another service', [{ ...share, Principal: { Service: ['s3.amazonaws.com'] } }]],
  ['silent', 'the catalog alone', [{ ...share, Resource: resources[0] }]],
  ['silent', 'another region', [{ ...share, Resource: resources.map((one) => one.replace('eu-west-1', 'us-east-1')) }]],
  ['silent', 'a condition', [{ ...share, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]],
  ['silent', 'a negation', [{ ...share, Principal: undefined, NotPrincipal: other }]],
  ['denied', 'a denial', [share, deny]],
  ['denied', 'a denial of everything to everybody', [share, { ...deny, Action: 'glue:*', Principal: { AWS: '*' } }]],
  ['unclear', 'a denial under a condition', [share, { ...deny, Condition: {} }]],
  ['unclear', 'a denial of all but something', [share, { ...deny, Action: undefined, NotAction: 'glue:GetTable' }]],
  ['unclear', 'a denial of all but somebody', [share, { ...deny, Principal: undefined, NotPrincipal: other }]],
])('%s: %s', (kind, _, statements) => {
  const read = statementsOf(JSON.stringify({ Statement: statements }));
  expect(mayShare(read ?? [], resources).kind).toBe(kind);
});

test.each(['', 'null', '[]x', '"text"', '{"Statement":["x"]}', '{"Statement":[[]]}', '{"Statement":null}'])(
  '%j is no policy',
  (text) => {
    expect(statementsOf(text)).toBeUndefined();
  },
);

test('one statement need not be in a list, and none may be there', () => {
  expect(statementsOf('{"Statement":{"Effect":"Allow"}}')).toEqual([{ Effect: 'Allow' }]);
  expect(statementsOf('{}')).toEqual([]);
});

test('what doctor adds leaves the rest of the policy as it is', () => {
  const text = JSON.stringify({ Version: '2008-10-17', Id: 'mine', Statement: { Effect: 'Allow', Sid: 'first' } });
  const mended = JSON.parse(letShare(text, resources));
  expect(mended).toMatchObject({
    Version: '2008-10-17',
    Id: 'mine',
    Statement: [{ Effect: 'Allow', Sid: 'first' }, {}],
  });
  expect(mayShare(mended.Statement, resources)).toEqual({ kind: 'shares' });
});

test('no policy throws, and what doctor adds always helps where nothing is denied', () => {
  const statement = fc.dictionary(fc.constantFrom('Effect', 'Action', 'Principal', 'Resource'), fc.jsonValue());
  fc.assert(
    fc.property(fc.array(statement), (found) => {
      const text = JSON.stringify({ Statement: found });
      if (mayShare(statementsOf(text) ?? [], resources).kind !== 'silent') return;
      expect(mayShare(statementsOf(letShare(text, resources)) ?? [], resources).kind).toBe('shares');
    }),
  );
});
