import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { Contract } from './contract/contract.ts';
import { type Described, Description } from './contract/description.ts';
import { type Hub, startHub } from './hub.ts';

const description = new Description([
  ...['pulls/list', 'pulls/get', 'pulls/create', 'pulls/merge', 'pulls/list-files'],
  'issues/create-comment',
]);
const contract = new Contract(description);
const operation = (id: string) => description.operations.find((one) => one.id === id) as Described;
const path = { owner: 'acme', repo: 'mesh' };
const file = {
  ...{ sha: 'a'.repeat(40), filename: 'a', status: 'added', additions: 1, deletions: 0, changes: 1 },
  ...{ blob_url: 'https://x.org/a', raw_url: 'https://x.org/a', contents_url: 'https://x.org/a' },
};

test('GitHub is asked for nothing that it does not describe', () => {
  expect(() => new Description(['pulls/ponder'])).toThrow('GitHub describes no operation pulls/ponder');
});

describe('what is off the description is found', () => {
  test.each<[string, string, Partial<{ path: Record<string, string>; query: Record<string, string>; body: unknown }>]>([
    ['an unknown parameter', 'pulls/list', { query: { stat: 'all' } }],
    ['a value that no parameter has', 'pulls/list', { query: { state: 'merged' } }],
    ['a number that is none', 'pulls/get', { path: { ...path, pull_number: 'one' } }],
    ['a missing field of a body', 'pulls/create', { body: { head: 'a', title: 'b' } }],
    ['a misspelt field of a body', 'pulls/merge', { path: { ...path, pull_number: '1' }, body: { method: 'squash' } }],
    ['a body where none belongs', 'pulls/list', { body: {} }],
    ['a field of the wrong type', 'issues/create-comment', { path: { ...path, issue_number: '1' }, body: { body: 1 } }],
  ])('asked: %s', (_, id, asked) => {
    expect(contract.requestFaults(operation(id), { path, query: {}, body: undefined, ...asked })).not.toEqual([]);
  });

  test.each<[string, string, number, unknown]>([
    ['a missing field', 'pulls/list-files', 200, [{ ...file, filename: undefined }]],
    ['a misspelt field', 'pulls/list-files', 200, [{ ...file, previous: 'b' }]],
    ['a value that the field has not', 'pulls/list-files', 200, [{ ...file, status: 'deleted' }]],
    ['an object for a list', 'pulls/list-files', 200, {}],
    ['a status that the operation has not', 'pulls/list-files', 201, [file]],
    ['no body where one belongs', 'pulls/list-files', 200, undefined],
    ['a refusal of another form', 'pulls/merge', 405, { error: 'no' }],
    ['a refusal at the front door of another form', 'pulls/list-files', 404, 'gone'],
  ])('answered: %s', (_, id, status, body) => {
    const given = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
    expect(contract.answerFaults(operation(id), { status, body: given })).not.toEqual([]);
  });
});

test('and what is on it is not', () => {
  const asked = { path, query: { state: 'all', per_page: '100' }, body: undefined };
  expect(contract.requestFaults(operation('pulls/list'), asked)).toEqual([]);
  expect(
    contract.answerFaults(operation('pulls/list-files'), { status: 200, body: [{ ...file, patch: '@@' }] }),
  ).toEqual([]);
  expect(contract.answerFaults(operation('pulls/list-files'), { status: 404, body: { message: 'Not Found' } })).toEqual(
    [],
  );
});

describe('a hub tells at its end', () => {
  let hub: Hub;
  afterEach(() => hub.close().catch(() => undefined));

  test.each([
    ['of an operation that it does not have', '/repos/acme/mesh/hooks', 501],
    ['of a parameter that GitHub does not have', '/repos/acme/mesh/pulls?stat=all', 200],
    ['of a value that GitHub does not take', '/repos/acme/mesh/pulls?state=merged', 200],
  ])('%s', async (_, url, status) => {
    hub = await startHub();
    const answer = await fetch(`${hub.url}${url}`, { headers: { authorization: `Bearer ${hub.token('acme')}` } });
    expect(answer.status).toBe(status);
    await expect(hub.close()).rejects.toThrow("off GitHub's description");
  });
});

test('that the hub itself breaks is no answer of GitHub’s', async () => {
  const hub = await startHub();
  hub.repo.bare.setRef('refs/heads/broken', '1'.repeat(40));
  const headers = { authorization: `Bearer ${hub.token('acme')}` };
  expect((await fetch(`${hub.url}/repos/acme/mesh/branches/broken`, { headers })).status).toBe(500);
  await expect(hub.close()).rejects.toThrow('the hub broke');
});

test('the hub stands apart: it imports nothing of what it is to judge', () => {
  const folder = new URL('.', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(30);
  const imports = sources.flatMap((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    return [...text.matchAll(/\bfrom '([^']+)'/g)].map(([, from = '']) => ({
      name,
      from,
      to: new URL(from, new URL(name, folder)),
    }));
  });
  const outside = imports.filter(({ from, to }) => from.startsWith('.') && !to.href.startsWith(folder.href));
  expect(outside).toEqual([]);
});
