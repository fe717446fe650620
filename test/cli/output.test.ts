import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schemaFaults } from '../support/output-schemas.ts';
import { setStage } from '../support/stage.ts';
import { byHand, openShops } from '../support/town.ts';

// What a terminal would obey: an escape sequence, C1's, a title, a return, a change of the writing direction.
const hostile = 'x\u001b[31mred\u009b2J\u001b]0;title\u0007\r\u202eback';
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

const root = ['--trust-root', 'HEAD'];

describe.concurrent('output', { timeout: 60_000 }, () => {
  test('as JSON is one object that its schema describes', async () => {
    const stage = await setStage({ lake: { grants: [byHand, openShops] } });
    for (const command of ['plan', 'drift']) {
      const ran = await stage.run([command, ...root, '--format', 'json', '--verbose']);
      expect(ran.err).toBe('');
      const plan = JSON.parse(ran.out);
      expect(schemaFaults('plan', plan)).toEqual([]);
      expect(plan).toMatchObject({ format: 1, mesh: 'town', summary: { grant: 34, revoke: 4 } });
      expect(plan.protected).toHaveLength(1);
    }
    const ran = await stage.run(['apply', ...root, '--format', 'json']);
    expect(schemaFaults('outcomes', JSON.parse(ran.out))).toEqual([]);
    expect(schemaFaults('outcomes', { format: 1, plan: {} })).not.toEqual([]);
  });

  test('as Markdown is a report that a pull request shows', async () => {
    const stage = await setStage({ lake: { grants: [byHand, openShops] } });
    const plan = await stage.run(['plan', ...root, '--format', 'markdown']);
    expect(plan.out).toMatch(/^## Plan: 34 to grant, 4 to revoke, 3 to create\\?\.\n/);
    expect(plan.out).toMatch(/\n### Open past the mesh: [\s\S]*\n- ALL on table stores\.shops: IAM/);
    const drift = await stage.run(['drift', ...root, '--format', 'markdown']);
    expect(drift.out).toMatch(/^## Drift: /);
    const apply = await stage.run(['apply', ...root, '--format', 'markdown']);
    expect(apply.out).toMatch(/^## Applied: /);
    expect([plan.err, drift.err, apply.err]).toEqual(['', '', '']);
  });

  test('of drift names what differs, and who changed it when', async () => {
    const stage = await setStage();
    await stage.run(['apply', ...root]);
    await stage.write(
      'mesh/subscriptions/sales/stores/finance.yaml',
      (await read(stage.directory, 'finance')).replace('shops', 'visits'),
    );
    await stage.git('commit', '--quiet', '--all', '--message', 'Finance reads visits');
    const ran = await stage.run(['drift', ...root]);
    expect(ran.out).toMatch(
      /Missing: [\s\S]*\n {2}\+ grant {3}DESCRIBE, SELECT on table stores\.visits with grant option for finance \(444455556666\)\n/,
    );
    expect(ran.out).toMatch(
      /Extra: [\s\S]*\n {2}- revoke {2}DESCRIBE, SELECT on table stores\.shops with grant option for finance \(444455556666\)\n {6}last changed \d{4}-\d\d-\d\dT[\d:.]+Z by arn:aws:(iam|sts)::111122223333:\S*admin/,
    );
    expect(ran).toMatchObject({ code: 2, err: '' });
  });

  test('of drift warns where IAM_ALLOWED_PRINCIPALS opens a declared product', async () => {
    const stage = await setStage({ lake: { grants: [openShops] } });
    const ran = await stage.run(['drift', ...root]);
    const [, section = ''] = /\nOpen past the mesh: (.*IAM_ALLOWED_PRINCIPALS[\s\S]*?)\n\n/.exec(ran.out) ?? [];
    expect(section).toContain('ALL on table stores.shops');
    expect(section).toContain('whatever the mesh files say');
    expect(section).toContain(
      'once everyone who needs access has a grant of their own, say `iamAllowedPrincipals: revoke` in the product file',
    );
    expect(ran.out).not.toMatch(/Protected:/);
  });

  test('has colour only where it is asked for, keeps results with --quiet, and with --verbose says where each change comes from', async () => {
    const stage = await setStage();
    const plain = await stage.run(['plan', ...root]);
    expect(plain.out).not.toMatch(/\u001b|because/);
    const colour = await stage.run(['plan', ...root], { FORCE_COLOR: '1' });
    expect(colour.out).toContain('\u001b[32m');
    expect(colour.out.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.out);
    expect(await stage.run(['plan', ...root, '--quiet'], { FORCE_COLOR: '1', NO_COLOR: '1' })).toEqual(plain);
    const verbose = await stage.run(['plan', ...root, '--verbose']);
    expect(verbose.out).toContain('because mesh/subscriptions/sales/orders/finance.yaml:');
    expect([plain.err, verbose.err]).toEqual(['', '']);
    const problem = await stage.run(['plan', '--mesh', 'nowhere'], { FORCE_COLOR: '1' });
    expect(problem.err).toContain('\u001b[31m');
  });

  test('holds nothing of AWS that a terminal would obey', async () => {
    const filters = [{ database: 'sales', table: 'orders', name: `filter-${hostile}`, rows: `region = '${hostile}'` }];
    const stage = await setStage({
      lake: { grants: [{ ...byHand, lastUpdatedBy: `arn:aws:iam::111122223333:role/${hostile}` }], filters },
    });
    for (const args of [
      ['drift', '--format', 'json'],
      ['plan', '--format', 'markdown'],
      ['apply', '--verbose'],
    ]) {
      const ran = await stage.run([...args, ...root]);
      expect(ran.out).toContain('[31mred');
      expect(ran.out).not.toMatch(obeyed);
      expect(ran.err).toBe('');
    }
  });

  test('holds nothing of the files that a terminal would obey', async () => {
    const stage = await setStage();
    await writeFile(join(stage.directory, 'mesh', `${hostile}.yaml`), 'kind: Nothing');
    await stage.write(
      'mesh/accounts/finance.yaml',
      `apiVersion: meshgate/v1\nkind: Account\nid: "444455556666"\nroles: ["${hostile}"]\n`,
    );
    await stage.write('approvals.yaml', `apiVersion: "${hostile.replaceAll('\r', '')}"\n`);
    for (const args of [
      ['validate'],
      ['validate', '--format', 'json'],
      ['validate', '--format', 'markdown'],
      ['plan'],
      ['plan', '--mesh', hostile],
      ['plan', '--trust-root', hostile],
    ]) {
      const ran = await stage.run(args);
      expect(ran.code).toBe(1);
      expect(`${ran.out}${ran.err}`).toContain('31mred');
      expect(`${ran.out}${ran.err}`).not.toMatch(obeyed);
    }
    await stage.git('checkout', '--quiet', '--', 'mesh');
    await stage.git('clean', '--quiet', '--force', 'mesh');
    const ran = await stage.run(['plan', '--approvals', 'approvals.yaml']);
    expect(ran.code).toBe(1);
    expect(ran.err).not.toMatch(obeyed);
  });
});

async function read(directory: string, consumer: string): Promise<string> {
  return await readFile(join(directory, `mesh/subscriptions/sales/stores/${consumer}.yaml`), 'utf8');
}
