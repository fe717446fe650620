import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { questions } from '../../src/request/issue-form.ts';
import { type RequestTown, requestTown } from '../support/request-town.ts';

const towns: RequestTown[] = [];
afterAll(async () => {
  for (const { hub } of towns.splice(0)) await hub.close();
});

const here = { owner: 'acme', repo: 'mesh' };
const asked = {
  Product: 'sales/stores',
  Consumer: 'marketing',
  Name: 'visits',
  Tables: 'visits',
  Principals: 'analysts',
  Purpose: 'Plan @everyone’s route',
};
const file = 'mesh/subscriptions/sales/stores/marketing.visits.yaml';

function bodyOf(answers: Readonly<Record<string, string>>): string {
  return Object.keys(questions)
    .map((label) => `### ${label}\n\n${answers[label] ?? '_No response_'}`)
    .join('\n\n');
}

/** A town with an app, in which eve has opened an issue; and what a run of the workflow says to an event. */
async function opened(answers: Readonly<Record<string, string>> = asked, by = 'eve') {
  const town = await requestTown();
  towns.push(town);
  const { hub } = town;
  hub.join('mesh-app[bot]', 'write', { type: 'Bot' });
  hub.join('mallory', 'read');
  const { data: issue } = await hub
    .as(by)
    .octokit.rest.issues.create({ ...here, title: 'Access', body: bodyOf(answers) });
  const event = async (more: object = {}, body = bodyOf(answers)): Promise<string> => {
    const path = join(town.directory, '..', `event-${Math.random()}.json`);
    await hub.as(by).octokit.rest.issues.update({ ...here, issue_number: issue.number, body });
    const payload = {
      action: 'opened',
      issue: { ...issue, body },
      sender: issue.user,
      repository: { default_branch: 'main' },
      ...more,
    };
    await writeFile(path, JSON.stringify(payload));
    return path;
  };
  const run = async (path: string, env: Readonly<Record<string, string>> = {}) =>
    await town.run(['github', 'intake'], {
      GITHUB_EVENT_PATH: path,
      GITHUB_TOKEN: hub.workflowToken({ contents: 'read', issues: 'write' }),
      MESHGATE_APP_TOKEN: hub.token('mesh-app[bot]'),
      MESHGATE_GITHUB_PACE: '10',
      ...env,
    });
  const comments = async () =>
    (await hub.as('ada').octokit.rest.issues.listComments({ ...here, issue_number: issue.number })).data;
  const pulls = async () => (await hub.as('ada').octokit.rest.pulls.list({ ...here, state: 'all' })).data;
  return { ...town, issue, event, run, comments, pulls, branch: `meshgate/issue-${issue.number}` };
}

describe('github intake', { timeout: 60_000 }, () => {
  test('an issue becomes one pull request by the app and one comment, however often it runs; an edit changes it', async () => {
    const at = await opened();
    const first = await at.run(await at.event());
    expect(first).toMatchObject({ code: 0, err: '' });
    const [pull, ...others] = await at.pulls();
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      title: 'marketing (visits) gets sales/stores',
      user: { login: 'mesh-app[bot]' },
      head: { ref: at.branch },
    });
    expect(pull?.body).toContain(
      `Closes #${at.issue.number}\n<!-- meshgate:asked issue=${at.issue.number} id=${at.issue.user?.id} -->`,
    );
    expect(pull?.body).toContain('> Plan @\u200deveryone’s route');
    const tip = at.hub.tip(at.branch);
    await at.run(await at.event());
    expect(at.hub.tip(at.branch)).toBe(tip);
    const until = bodyOf({ ...asked, Expires: '2999-12-31' });
    await at.run(await at.event({ action: 'edited', changes: { body: { from: '' } } }, until));
    expect(await at.fileOn(at.branch, file)).toMatch(/^expires: 2999-12-31$/m);
    expect(await at.pulls()).toMatchObject([{ title: 'marketing (visits) gets sales/stores until 2999-12-31' }]);
    expect(await at.comments()).toMatchObject([
      { user: { login: 'github-actions[bot]' }, body: expect.stringContaining(`#${pull?.number} asks for this.`) },
    ]);
    // A run of before that is started again says what its author has corrected.
    const old = await at.event();
    await at.event({}, until);
    expect((await at.run(old)).out).toContain('says something else by now');
    expect(await at.fileOn(at.branch, file)).toMatch(/^expires: 2999-12-31$/m);
    // What was decided stays so.
    await at.hub.as('bob').close(pull?.number ?? 0);
    await at.run(await at.event());
    expect(await at.pulls()).toMatchObject([{ state: 'closed' }]);
    expect((await at.comments()).map(({ body }) => body)).toEqual([
      expect.stringContaining('is closed, so nothing more comes of this issue'),
    ]);
  });

  test('only what the author wrote counts, and only when it was written', async () => {
    const at = await opened();
    const bob = at.hub.user('bob');
    const cases = [
      { action: 'edited', changes: { body: { from: '' } }, sender: { login: bob.login, id: bob.id } },
      { action: 'edited', changes: { title: { from: '' } } },
      { action: 'reopened' },
      { action: 'labeled' },
    ];
    for (const more of cases) expect((await at.run(await at.event(more))).out).toMatch(/^Nothing to do: /);
    expect([await at.pulls(), await at.comments()]).toEqual([[], []]);
  });

  test('problems are told in one comment, which goes when they are mended', async () => {
    const at = await opened({ ...asked, Tables: 'vists', Expires: 'soon', Purpose: 'x' });
    expect(await at.run(await at.event())).toMatchObject({ code: 0 });
    const [said, ...others] = await at.comments();
    expect(others).toEqual([]);
    expect(said?.body).toMatch(/`BAD_DATE` "Expires" soon is neither[\s\S]*`TOO_SHORT`/);
    await at.run(await at.event({ action: 'edited', changes: { body: { from: '' } } }, bodyOf(asked)));
    expect(await at.comments()).toMatchObject([{ id: said?.id, body: expect.stringContaining('asks for this') }]);
  });

  test('a stranger asks only for an account that they own', async () => {
    const at = await opened(asked, 'mallory');
    const issue = { ...at.issue, author_association: 'NONE' };
    await at.run(await at.event({ issue }));
    expect(await at.comments()).toMatchObject([
      { body: expect.stringContaining('`NOT_AN_OWNER` mallory is no owner of the account marketing') },
    ]);
    expect(await at.pulls()).toEqual([]);
  });

  test('a pull request that somebody else opened from a branch of that name is not the request', async () => {
    const at = await opened();
    at.hub.as('bob').commit({ 'x.txt': 'x' }, { branch: at.branch });
    const theirs = await at.hub.as('bob').open(at.branch);
    const tip = at.hub.tip(at.branch);
    await at.run(await at.event());
    expect(at.hub.tip(at.branch)).toBe(tip);
    expect((await at.comments()).map(({ body }) => body)).toEqual([
      expect.stringContaining(`#${theirs} is open from the branch that this request should have`),
    ]);
    await at.hub.as('bob').close(theirs);
    await at.run(await at.event());
    expect((await at.pulls()).map(({ user, state }) => [user?.login, state])).toEqual([
      ['mesh-app[bot]', 'open'],
      ['bob', 'closed'],
    ]);
  });

  test('without an app the answer is a link that makes the file', async () => {
    const at = await opened();
    await at.run(await at.event(), { MESHGATE_APP_TOKEN: '' });
    const [said] = await at.comments();
    const link = new URL(/\((https:[^)]+)\)/.exec(said?.body ?? '')?.[1] ?? '');
    expect(link.pathname).toBe('/acme/mesh/new/main');
    expect(link.searchParams.get('filename')).toBe(file);
    expect(await at.pulls()).toEqual([]);
  });
});
