import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { actionsOf } from '../../src/bootstrap/policies.ts';
import { siteOf } from '../../src/bootstrap/site.ts';
import { loadMesh } from '../../src/cli/load.ts';
import { runHere } from '../support/run-here.ts';
import { setStage } from '../support/stage.ts';

/** What runs with the credentials of whoever sets an account up, not with the roles that this makes. */
const ofBootstrap = ['foundation.ts', 'identity-provider.ts', 'stacks.ts'];

/** What AWS asks for beside the calls: https://docs.aws.amazon.com/lake-formation/latest/dg/required-permissions-for-grant.html. */
const askedByAws = ['lakeformation:GrantPermissions', 'lakeformation:RevokePermissions'];

/** Every operation that the adapter knows to call, as the action that IAM asks for. */
function called(): readonly string[] {
  const folder = new URL('../../src/aws/', import.meta.url);
  const text = readdirSync(folder)
    .filter((name) => !ofBootstrap.includes(name))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  const imports = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '@aws-sdk\/client-(\w+)'/g)];
  const actions = imports.flatMap(([, names = '', service = '']) =>
    [...names.matchAll(/(\w+)Command\b/g)].map(([, operation]) => `${service}:${operation}`),
  );
  // Whoever has credentials may ask whose they are: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
  // Which roles may be taken on is a statement of its own, by name.
  const apart = ['sts:GetCallerIdentity', 'sts:AssumeRole'];
  return [...new Set(actions)].filter((action) => !apart.includes(action)).toSorted();
}

const mesh = fileURLToPath(new URL('../../mesh', import.meta.url));
const declaration = await loadMesh(mesh);
const siteNamed = (name: string) => {
  const site = siteOf(declaration, name);
  if (site === undefined) throw new Error(`the example has no ${name}`);
  return site;
};

describe('the roles may do what the code calls, and nothing else', () => {
  test('all roles together', () => {
    const given = ['central', 'marketing', 'retail', 'city'].flatMap((name) =>
      (['observe', 'apply'] as const).flatMap((role) => actionsOf(siteNamed(name), role)),
    );
    expect([...new Set(given)].toSorted()).toEqual([...new Set([...called(), ...askedByAws])].toSorted());
  });

  test('the role that reads may change nothing', () => {
    for (const name of ['central', 'marketing', 'retail', 'city'])
      expect(actionsOf(siteNamed(name), 'observe').filter((action) => !/:(Get|List|Simulate)/.test(action))).toEqual(
        [],
      );
  });

  test('parameters of databases are written only where the mesh keeps some', () => {
    const { catalogParameters, ...value } = declaration.mesh.value;
    expect(catalogParameters).not.toBe(undefined);
    const without = siteOf({ ...declaration, mesh: { ...declaration.mesh, value } }, 'central');
    expect(without && actionsOf(without, 'apply')).not.toContain('glue:UpdateDatabase');
    expect(actionsOf(siteNamed('central'), 'apply')).toContain('glue:UpdateDatabase');
  });
});

describe('what the journal of a run shows, its role may do', () => {
  test.each([
    ['observe', [['plan'], ['drift'], ['doctor'], ['import', '--dry-run']], 'GetDatabases'],
    ['apply', [['apply', '--trust-root', 'HEAD'], ['doctor']], 'BatchGrantPermissions'],
  ] as const)('%s', async (role, commands, telling) => {
    const stage = await setStage();
    for (const command of commands) expect((await runHere(stage, command)).code).not.toBe(1);
    const journal = stage.emulator.journal().filter(({ service }) => service !== 'sts');
    expect(journal.map(({ operation }) => operation)).toContain(telling);
    const site = siteOf(await loadMesh(join(stage.directory, 'mesh')), 'central');
    const may = site === undefined ? [] : actionsOf(site, role);
    const made = new Set(journal.map(({ service, operation }) => `${service}:${operation}`));
    expect([...made].filter((action) => !may.includes(action))).toEqual([]);
  });
});
