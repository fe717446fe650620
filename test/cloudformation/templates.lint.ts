import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, test } from 'vitest';
import { bootstrap, meshIn, repository, setUpMesh } from '../support/bootstrap-mesh.ts';
import { run } from '../support/python.ts';
import { temporary } from '../support/stage.ts';

const example = fileURLToPath(new URL('../../mesh', import.meta.url));

/** What cfn-lint finds in a template, of whatever weight. */
async function lint(template: string): Promise<readonly string[]> {
  const file = join(await temporary(), 'template.yaml');
  await writeFile(file, template);
  // It ends with the sum of 2 for errors, 4 for warnings and 8 for remarks (https://github.com/aws-cloudformation/cfn-lint#exit-codes).
  const args = ['--format', 'json', '--include-checks', 'I', '--regions', 'eu-west-1', '--template', file];
  const out = await run(inject('cfnLint'), args, { codes: [0, 2, 4, 6, 8, 10, 12, 14] });
  const found = JSON.parse(out === '' ? '[]' : out) as readonly Finding[];
  return found
    .filter(({ Rule }) => !Object.hasOwn(waived, Rule.Id))
    .map(({ Rule, Message, Location }) => `${Rule.Id} line ${Location.Start.LineNumber}: ${Message}`);
}

interface Finding {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Start: { readonly LineNumber: number } };
}

/** What does not hold here, with the reason. */
const waived: Readonly<Record<string, string>> = {
  I3042: 'a template is made for one account, region and partition, and says them where they can be read',
};

async function printed(args: readonly string[], mesh = example): Promise<string> {
  const { out, err, code } = await bootstrap([...args, '--mesh', mesh]);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return out;
}

describe('cfn-lint finds nothing', () => {
  test.each([
    ['central', ['central', ...repository, '--pull-requests']],
    ['a producer', ['retail']],
    ['a consumer', ['marketing']],
    ['both', ['city']],
  ])('%s', async (_, args) => {
    expect(await lint(await printed(args))).toEqual([]);
  });

  test('with a role for public metadata, in another partition', async () => {
    const files = setUpMesh('111122223333');
    const china = { ...files, 'mesh.yaml': (files['mesh.yaml'] ?? '').replace('eu-west-1', 'cn-north-1') };
    for (const mesh of [files, china]) expect(await lint(await printed(repository, await meshIn(mesh)))).toEqual([]);
  });
});

describe('cfn-lint finds a planted fault', () => {
  test.each([
    ['AWS::IAM::OIDCProvider', 'AWS::IAM::OpenIDProvider', /E3006/],
    ['Ref: Observe', 'Ref: Observer', /Observer/],
    ['Effect: Allow', 'Effect: Permit', /Permit/],
    ['glue:GetTables', 'glue:FetchTables', /FetchTables|fetchtables/],
    ['RoleName: meshgate-apply', 'RoleName: [meshgate-apply]', /RoleName|string/],
    ['DeletionPolicy: RetainExceptOnCreate', 'DeletionPolicy: Keep', /Keep/],
  ])('%j becomes %j', async (from, to, finding) => {
    const template = await printed(['central', ...repository]);
    expect(template).toContain(from);
    expect((await lint(template.replace(from, to))).join('\n')).toMatch(finding);
  });
});
