import { expect, test } from 'vitest';
import { siteOf } from '../../src/bootstrap/site.ts';
import { providerArn, trustCentral, trustGitHub } from '../../src/bootstrap/trust.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { Seed } from '../../src/emulator/seed.ts';
import { startHub } from '../hub/hub.ts';
import { marketing, path, subscription, withMarketing } from '../support/consumer-town.ts';
import { declared } from '../support/example-pull.ts';
import { schemaFaults } from '../support/output-schemas.ts';
import { runHere } from '../support/run-here.ts';
import { type Env, type Stage, setStage } from '../support/stage.ts';
import { central, townMesh } from '../support/town.ts';

/** The central account's roles are the town's own, so that what runs here is let into the others. */
const files = {
  'mesh.yaml': `${townMesh['mesh.yaml']}runsAs: { observe: reader, apply: admin }\n`,
  'accounts/marketing.yaml': `${townMesh['accounts/marketing.yaml']}runsAs: { observe: meshgate-observe, apply: meshgate-apply }\n`,
  [path]: subscription(),
};
const declaration = declared({ ...townMesh, ...files });
const repository = { owner: 'acme', ownerId: '1', name: 'mesh', id: '2' };

/** Whom bootstrap lets a role trust. */
function trustOf(arn: string): object | undefined {
  const account = arn.split(':')[4];
  const site = siteOf(declaration, account === central ? 'central' : 'marketing');
  const kind = /(observe|reader)$/.test(arn) ? 'observe' : /(apply|admin)$/.test(arn) ? 'apply' : undefined;
  if (site === undefined || kind === undefined || ![central, marketing].includes(account ?? '')) return undefined;
  const Principal = { Federated: providerArn(site) };
  const trusted = { repository, isForPullRequests: true };
  const Statement =
    account === marketing
      ? trustCentral(site, kind)
      : trustGitHub(site, kind, trusted).map((one) => ({ ...one, Principal }));
  return { Version: '2012-10-17', Statement };
}

function bootstrapped(seed: Seed): Seed {
  const known = withMarketing()(seed);
  const accounts = Object.entries(known.accounts).map(([id, account]) => {
    const principals = (account.principals ?? []).map((one) => {
      const trustPolicy = trustOf(one.arn);
      return trustPolicy === undefined ? one : { ...one, trustPolicy: { ...trustPolicy } };
    });
    return [id, { ...account, principals }] as const;
  });
  return { ...known, accounts: Object.fromEntries(accounts) };
}

async function diagnosed(stage: Stage, env: Env = {}): Promise<Diagnosis['checks']> {
  const { out } = await runHere(stage, ['doctor', '--trust-root', 'HEAD', '--format', 'json'], env);
  const diagnosis = JSON.parse(out) as Diagnosis;
  expect(schemaFaults('doctor', diagnosis)).toEqual([]);
  return diagnosis.checks;
}

const of = (checks: Diagnosis['checks'], code: string) =>
  checks.filter((one) => one.code === code).map(({ result, message }) => `${result}: ${message}`);

test('roles as bootstrap makes them are let in, trusted, and may do what they are for', {
  timeout: 60_000,
}, async () => {
  const stage = await setStage({ mesh: files, seed: bootstrapped });
  const before = await diagnosed(stage);
  expect(of(before, 'ROLE_TRUST')).toEqual([
    `ok: role reader of central (${central}) trusts whom bootstrap would let it trust`,
    `ok: role admin of central (${central}) trusts whom bootstrap would let it trust`,
    `ok: role meshgate-observe of marketing (${marketing}) trusts whom bootstrap would let it trust`,
    `ok: role meshgate-apply of marketing (${marketing}) trusts whom bootstrap would let it trust`,
  ]);
  expect(of(before, 'ROLE_RIGHTS').map((text) => text.split(':')[0])).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(of(before, 'ACCOUNTS')[0]).toMatch(/^ok: marketing .* lets .*meshgate-apply in/);
  expect(of(before, 'ACCOUNT_VERSIONS')[0]).toMatch(/^ok/);
  expect(of(before, 'CONSUMER_STEPS')[0]).toMatch(
    /^finding: in marketing \(\d+\) 2 shares to be accepted, 1 resource link, 3 grants are not there yet/,
  );
  expect((await runHere(stage, ['apply', '--trust-root', 'HEAD'])).code).toBe(0);
  expect(of(await diagnosed(stage), 'CONSUMER_STEPS')[0]).toMatch(/^ok: all that the mesh files ask for/);
  // Only the role that is of the same kind is let in.
  const asNobody = { AWS_ACCESS_KEY_ID: 'AKIA0000000000NOBODY', AWS_SECRET_ACCESS_KEY: 'secret-NOBODY' };
  expect(of(await diagnosed(stage, asNobody), 'ACCOUNTS')[0]).toMatch(/^unchecked: whether marketing/);
  // A repository that was renamed is known by its ids.
  const env = { GITHUB_REPOSITORY: 'acme/lake', GITHUB_REPOSITORY_ID: '2', GITHUB_REPOSITORY_OWNER_ID: '1' };
  const renamed = await diagnosed(stage, env);
  expect(of(renamed, 'ROLE_TRUST').join('\n')).toMatch(
    /statement Apply, .*in place of .*acme\/lake\/\.github\/workflows\/apply\.yml/,
  );
});

test('GitHub is asked for the rules of the branch, and whom it passes over', { timeout: 120_000 }, async () => {
  const hub = await startHub({ files: { '.github/CODEOWNERS': '* @nobody-here\n' } });
  try {
    const stage = await setStage();
    await stage.write('.github/CODEOWNERS', '* @nobody-here\n');
    const token = hub.workflowToken({ contents: 'read' });
    const env = { GITHUB_REPOSITORY: hub.repository, GITHUB_API_URL: hub.url, MESHGATE_GITHUB_PACE: '5' };
    const checks = of(await diagnosed(stage, { ...env, GITHUB_TOKEN: token }), 'BRANCH_RULES');
    expect(checks).toContainEqual('finding: main is not guarded: changes need no pull request');
    expect(checks.join('\n')).toMatch(/\.github\/CODEOWNERS:1:\d+ GitHub says: Unknown owner/);
    const wrong = of(await diagnosed(stage, { ...env, GITHUB_TOKEN: 'wrong' }), 'BRANCH_RULES');
    expect(wrong).toEqual(['unchecked: the rules of the default branch']);
  } finally {
    await hub.close();
  }
});
