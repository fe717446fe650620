import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../src/emulator/wire/record.ts';
import { integer, listOf, oneOf, type Shape, structure, text } from '../../src/emulator/wire/shape.ts';
import { contractFaults } from './contract.ts';
import { judge } from './judge.ts';
import { differences } from './match.ts';
import type { Model } from './model.ts';
import { services } from './wire.ts';

const model: Model = {
  operations: {
    GetThing: { input: { shape: 'In' }, output: { shape: 'Out' }, errors: [{ shape: 'NotFound' }] },
  },
  shapes: {
    In: {
      type: 'structure',
      required: ['Name'],
      members: { Name: { shape: 'Name' }, Kind: { shape: 'Kind' }, Size: { shape: 'Size' } },
    },
    Out: {
      type: 'structure',
      members: { Names: { shape: 'Names' }, At: { shape: 'Time' }, Failures: { shape: 'Failures' } },
    },
    NotFound: { type: 'structure', members: { Message: { shape: 'Text' } }, error: { httpStatusCode: 404 } },
    Failures: { type: 'list', member: { shape: 'Failure' } },
    Failure: { type: 'structure', members: { ErrorCode: { shape: 'Text' } } },
    Name: { type: 'string', min: 1, max: 3, pattern: '[a-z\\uD800\\uDC00-\\uDBFF\\uDFFF]*' },
    Names: { type: 'list', member: { shape: 'Name' }, min: 1 },
    Kind: { type: 'string', enum: ['A', 'B'] },
    Size: { type: 'integer', min: 1, max: 9 },
    Text: { type: 'string' },
    Time: { type: 'timestamp' },
  },
};

function exchange(body: unknown, status: number, answer: unknown, header?: string): Exchange {
  const headers = header === undefined ? {} : { 'x-amzn-ErrorType': header };
  return {
    method: 'POST',
    path: '/GetThing',
    body: JSON.stringify(body),
    answer: { kind: 'answer', status, headers: { ...headers }, body: JSON.stringify(answer) },
  };
}

const fine = { Name: 'abc' };
const notFound = { __type: 'NotFound', Message: 'no' };
const violation = { __type: 'Invalid', Message: '1 validation error detected: too long' };

describe('the models find', () => {
  const judged = (one: Exchange) =>
    judge(
      services(() => model),
      one,
      () => undefined,
    ).faults;

  test.each([
    ['nothing in what is as they say', exchange(fine, 200, { Names: ['a', '\u{1F600}'], At: 1.5 }), []],
    ['nothing in a declared error', exchange(fine, 404, notFound, 'NotFound'), []],
    [
      'nothing in a forbidden request that is refused',
      exchange({}, 404, { ...notFound, Message: '1 validation error detected' }, 'NotFound'),
      [],
    ],
    [
      'an unknown member of an answer',
      exchange(fine, 200, { Nmaes: ['a'] }),
      ['the answer.Nmaes is not known to the model'],
    ],
    ['a list that is too short', exchange(fine, 200, { Names: [] }), ['the answer.Names is shorter than 1']],
    ['a member of another type', exchange(fine, 200, { At: '2026' }), ['the answer.At is not a number']],
    [
      'a text of another form',
      exchange(fine, 200, { Names: ['A'] }),
      [/^the answer\.Names\[0\] "A" is not of the form/],
    ],
    [
      'a missing member of a request that is answered',
      exchange({}, 200, {}),
      ['the request.Name is missing, and is answered'],
    ],
    [
      'a value that is none in a request that is answered',
      exchange({ ...fine, Kind: 'C' }, 200, {}),
      ['the request.Kind "C" is none of A,B, and is answered'],
    ],
    [
      'a number out of range',
      exchange({ ...fine, Size: 10 }, 200, {}),
      ['the request.Size is more than 9, and is answered'],
    ],
    [
      'an undeclared error',
      exchange(fine, 400, { __type: 'Other', Message: 'no' }, 'Other'),
      ['Other is not declared'],
    ],
    [
      'an error with two codes',
      exchange(fine, 404, notFound, 'Other'),
      ['the codes of the error differ: Other, NotFound', 'Other is not declared'],
    ],
    ['an error with another status', exchange(fine, 400, notFound, 'NotFound'), ['NotFound has status 400']],
    [
      'an undeclared error of a part of a batch',
      exchange(fine, 200, { Failures: [{ ErrorCode: 'NotFound' }, { ErrorCode: 'Other' }] }),
      ['Other is not declared'],
    ],
    [
      'an unknown member of an error',
      exchange(fine, 404, { ...notFound, Detail: 1 }, 'NotFound'),
      ['the error.Detail is not known to the model'],
    ],
    [
      'a request that they allow, refused for its shape',
      exchange(fine, 400, violation, 'Invalid'),
      [
        'the request is as the model says, and is refused: 1 validation error detected: too long',
        'Invalid is not declared',
      ],
    ],
  ] as const)('%s', (_, one, faults) => {
    expect(judged(one)).toEqual(
      faults.map((fault) => (typeof fault === 'string' ? fault : expect.stringMatching(fault))),
    );
  });
});

describe('the shapes of the emulator are compared with them', () => {
  const name = text(1, 3, /^[a-z\u{10000}-\u{10FFFF}]*$/u);
  const optional = { Kind: oneOf('A', 'B'), Size: integer(1, 9) };

  test.each<[string, Shape, readonly (string | RegExp)[]]>([
    ['the same', structure({ Name: name }, optional), []],
    ['a member less', structure({ Name: name }, { Kind: optional.Kind }), ['the request.Size is refused']],
    [
      'a member more',
      structure({ Name: name }, { ...optional, More: name }),
      ['the request.More is taken, and the model does not know it'],
    ],
    ['not required', structure({}, { Name: name, ...optional }), ['the request.Name is not required']],
    ['another length', structure({ Name: { ...name, max: 4 } }, optional), ['the request.Name ends at 4, not 3']],
    [
      'another alphabet',
      structure({ Name: { ...name, pattern: /^[a-z]*$/ } }, optional),
      [/^the request\.Name reads 3 texts otherwise/],
    ],
    [
      'another value',
      structure({ Name: name }, { ...optional, Kind: oneOf('A') }),
      [/^the request\.Kind takes \["A"\]/],
    ],
    ['another type', structure({ Name: listOf(name) }, optional), ['the request.Name is string, not list']],
  ])('%s', (_, shape, faults) => {
    expect(contractFaults(model, 'In', shape)).toEqual(
      faults.map((fault) => (typeof fault === 'string' ? fault : expect.stringMatching(fault))),
    );
  });
});

test.each<[unknown, unknown, readonly string[]]>([
  [{ a: 1 }, { a: 1, b: 2 }, []],
  [{ a: [1, 2] }, { a: [2, 1] }, []],
  [{ a: null, b: '<any>' }, { b: 0 }, []],
  [{ a: null }, { a: 0 }, ['the answer.a is there: 0']],
  [{ a: '<any>' }, {}, ['the answer.a is absent']],
  [{ a: 1 }, { a: 2 }, ['the answer.a is 2, not 1']],
  [{ a: { b: 1 } }, { a: 1 }, ['the answer.a is 1, not {"b":1}']],
  [[{ a: 1 }], [{ a: 1 }, { a: 2 }], ['the answer has {"a":2} besides']],
  [[{ a: 1 }, { a: 1 }], [{ a: 1 }], ['the answer lacks {"a":1}']],
])('an answer is compared: %j, %j', (expected, found, faults) => {
  expect(differences(expected, found)).toEqual(faults);
});
