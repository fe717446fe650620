import { join } from 'node:path';
import { expect, test } from 'vitest';
import { applyScene, soundRules } from '../support/apply-scene.ts';
import { temporary } from '../support/stage.ts';
import { keysOf } from '../support/town.ts';

const asking = 'mesh/subscriptions/sales/orders/finance.campaigns.yaml';
const request =
  'apiVersion: meshgate/v1\nkind: Subscription\npurpose: Campaigns\naccess:\n  - { tables: [orders], columns: { include: [id, email] }, permissions: read }\n';

test('what became of the parts is told as one run tells it, and what none tells of was not done', {
  timeout: 60_000,
}, async () => {
  const scene = await applyScene();
  try {
    const { hub } = scene;
    hub.as('fay').commit({ [asking]: request }, { branch: 'ask' });
    const number = await hub.as('fay').open('ask');
    await scene.check(number);
    await hub.as('bob').approve(number);
    await hub.as('fay').merge(number, 'squash');
    hub.setRules(soundRules);
    const folder = await temporary();
    const whole = join(folder, 'whole.plan');
    const may = { contents: 'read', actions: 'read', pull_requests: 'write', issues: 'write' } as const;
    const env = { GITHUB_TOKEN: hub.workflowToken(may), MESHGATE_CACHE_KEY: 'k'.repeat(32), ...keysOf.admin };
    const run = (...args: readonly string[]) => scene.look(args, env);
    const told = async () => (await scene.comments(number)).map(({ body }) => body.split('\n')[1]);

    expect((await run('plan', '--accounts', '1/1', '--out', join(folder, 'read.part'))).code).toBe(0);
    const planned = await run('github', 'plan', '--merge', folder, '--out', whole);
    expect(planned).toMatchObject({ code: 0, err: '', out: expect.stringContaining('[pii]') });
    const report = ['github', 'report', '--plan', whole, '--outcomes', folder];
    for (const none of [folder, join(folder, 'none')]) {
      const lost = await run(...report.slice(0, -1), none);
      expect(lost.code).toBe(5);
      expect(lost.out).toContain('has left no word');
    }
    const done = await run('apply', '--plan', whole, '--turn', '2', '--out', join(folder, 'turn.outcomes'));
    expect(done.code).toBe(0);
    expect(await run(...report)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('Told 1 pull requests.'),
    });
    expect(await told()).toEqual(['### Applied: 4 applied']);
    const later = await scene.look(report, { ...env, GITHUB_RUN_ID: '8' });
    expect(later).toMatchObject({ code: 1, err: expect.stringMatching(/OTHER_PLAN .* is of run 7, and this is 8/) });
  } finally {
    await scene.end();
  }
});

test('a hold that comes after the plan is not undone by it, and where nobody can tell nothing is given', {
  timeout: 60_000,
}, async () => {
  const scene = await applyScene();
  try {
    const { hub } = scene;
    const folder = await temporary();
    const whole = join(folder, 'whole.plan');
    const may = { contents: 'read', actions: 'read', pull_requests: 'write', issues: 'write' } as const;
    const env = { GITHUB_TOKEN: hub.workflowToken(may), MESHGATE_CACHE_KEY: 'k'.repeat(32), ...keysOf.admin };
    const run = (args: string, more = {}) => scene.look(args.split(' '), { ...env, ...more });
    // No more than the jobs of the turns may do.
    const turning = { GITHUB_TOKEN: hub.workflowToken({ contents: 'read', pull_requests: 'read', issues: 'read' }) };
    const turn = `apply --plan ${whole} --turn 2 --out ${join(folder, 'turn.outcomes')}`;
    const heldBy = (account: string) => scene.held().filter((atom) => atom.includes(`"${account}"`));

    expect((await run(`plan --accounts 1/1 --out ${join(folder, 'read.part')}`)).code).toBe(0);
    expect((await run(`github plan --merge ${folder} --out ${whole}`)).code).toBe(0);
    expect(await run(turn, { GITHUB_TOKEN: '' })).toMatchObject({ code: 1, err: expect.stringMatching(/^NO_GITHUB/) });
    hub.setFaults([{ kind: 'forbidden', operation: 'pulls/list' }]);
    const unread = await run(turn, turning);
    expect(unread).toMatchObject({ code: 5, out: expect.stringContaining('HOLDS_UNREAD') });
    expect(heldBy('333344445555')).toEqual([]);
    hub.setFaults([]);
    const holds = 'holds:\n  - { scope: { account: marketing }, reason: Leaked., until: 2099-12-31 }\n';
    const file = 'mesh/mesh.yaml';
    hub
      .as('ada')
      .commit({ [file]: `${String(hub.repo.bare.file(hub.tip(), file)).trimEnd()}\n${holds}` }, { branch: 'hold' });
    await hub.as('ada').open('hold');
    const done = await run(turn, turning);
    expect(done).toMatchObject({ code: 5, out: expect.stringMatching(/it is no longer to be done: a hold/) });
    expect(heldBy('333344445555')).toEqual([]);
    expect(heldBy('444455556666')).not.toEqual([]);
    const report = await run(`github report --plan ${whole} --outcomes ${folder}`);
    expect(report).toMatchObject({ code: 5, out: expect.stringMatching(/it is no longer to be done: a hold/) });
  } finally {
    await scene.end();
  }
});
