import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Check, Diagnosis } from '../../src/core/diagnosis.ts';
import { type DoctorCase, doctorCases, sound } from '../support/doctor-cases.ts';
import { schemaFaults } from '../support/output-schemas.ts';
import { runHere } from '../support/run-here.ts';
import { gitIn, type Stage, setStage, temporary, writesOf } from '../support/stage.ts';

const trusting = ['--trust-root', 'HEAD'];

async function stageOf({ lake, seed, mesh, isInGit, faults = [], prepare }: Partial<DoctorCase>): Promise<Stage> {
  const stage = await setStage({
    lake: { ...sound, ...lake },
    ...(mesh && { mesh }),
    ...(seed && { seed }),
    ...(isInGit === undefined ? {} : { isInGit }),
  });
  await prepare?.(stage);
  stage.emulator.setFaults(faults);
  return stage;
}

async function diagnosed(
  stage: Stage,
  one: Partial<DoctorCase>,
): Promise<Diagnosis & { readonly exit: number | null }> {
  const ran = await runHere(stage, ['doctor', '--format', 'json', '--tries', '2', ...(one.args ?? trusting)], one.env);
  expect(ran.err).toBe('');
  const diagnosis = JSON.parse(ran.out);
  expect(schemaFaults('doctor', diagnosis)).toEqual([]);
  return { ...diagnosis, exit: ran.code };
}

/** What was found and not sound, as code, severity or `unchecked`, and all its text. */
function troubles({ checks }: Diagnosis): readonly (readonly [string, string, string])[] {
  return checks.flatMap((check) => {
    if (check.result === 'ok' || (check.result === 'finding' && check.severity === 'note')) return [];
    if (check.result === 'unchecked' && check.onlyByDoing) return [];
    const kind = check.result === 'finding' ? check.severity : check.result;
    return [[check.code, kind, textOf(check)] as const];
  });
}

function textOf(check: Exclude<Check, { result: 'ok' }>): string {
  const why = check.result === 'finding' ? check.means : check.why;
  return [check.message, why, ...(check.remedy === undefined ? [] : [check.remedy]), ...check.commands].join('\n');
}

describe('doctor', { timeout: 120_000 }, () => {
  test.each(doctorCases)('with $name: exit code $code, and nothing is changed', async (one) => {
    const stage = await stageOf(one);
    const diagnosis = await diagnosed(stage, one);
    expect(troubles(diagnosis)).toEqual(
      one.says.map(([code, kind, text]) => [code, kind, expect.stringMatching(text)]),
    );
    expect(diagnosis.exit).toBe(one.code);
    expect(writesOf(stage)).toEqual([]);
  });

  test('every check says something in every run', async () => {
    const codes = async (one: Partial<DoctorCase>): Promise<readonly string[]> => [
      ...new Set((await diagnosed(await stageOf(one), one)).checks.map(({ code }) => code)),
    ];
    const { checkCodes } = await import('../../src/doctor/codes.ts');
    const all = Object.keys(checkCodes).sort();
    expect([...(await codes({}))].sort()).toEqual(all);
    expect([...(await codes({ mesh: { 'mesh.yaml': '' }, isInGit: false }))].sort()).toEqual(all);
  });

  test('in a shallow clone', async () => {
    const stage = await stageOf({});
    await stage.git('commit', '--quiet', '--allow-empty', '--message', 'Another');
    const clone = join(await temporary(), 'clone');
    await gitIn(stage.directory)('clone', '--quiet', '--depth', '1', `file://${stage.directory}`, clone);
    const { checks } = await diagnosed(stage, { args: [...trusting, '--mesh', join(clone, 'mesh')] });
    expect(checks.find(({ code }) => code === 'GIT_HISTORY')).toMatchObject({
      result: 'finding',
      severity: 'error',
      commands: [`git -C ${join(clone, 'mesh')} fetch --unshallow`],
    });
  });

  test('reads as text and as Markdown, what was found first there', async () => {
    const stage = await stageOf({ env: {}, lake: { resourcePolicy: {} } });
    const text = await runHere(stage, ['doctor']);
    expect(text.out).toMatch(
      /^Doctor for mesh town on lake 111122223333\/eu-west-1 through http:\/\/127\.0\.0\.1:\d+ as arn:aws:sts::/,
    );
    expect(text.out).toMatch(/\n {2}✓ MESH_FILES mesh is valid: 3 accounts, 2 products, 5 subscriptions\n/);
    expect(text.out).toMatch(
      /\n {2}! TRUST_ROOT no trust root is given\n {6}no file[^\n]*\n {6}once[^\n]*\n {6}\$ export /,
    );
    const markdown = await runHere(stage, ['doctor', '--format', 'markdown']);
    expect(markdown.out).toMatch(/^## Doctor: [^\n]*\n\n[^\n]*\n\n### (error|warning|note|not checked): /);
  });
});

/** The commands are for a shell: a shell must take each word as it was meant, whatever names it holds. */
test.each(["o'neil", 'a b', '$(reboot)', '`x`', 'x;y', '"', '\\', '*', "''", ''])(
  'a shell reads %j as it is',
  async (word) => {
    const { quoted } = await import('../../src/core/aws-command.ts');
    const { stdout } = await promisify(execFile)('sh', ['-c', `printf %s ${quoted(word)}`]);
    expect(stdout).toBe(word);
  },
);
