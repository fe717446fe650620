import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { grantorReads, readActions, writeActions } from '../src/core/actions.ts';
import { lifecycle } from '../src/core/lifecycle.ts';
import { problemCodes } from '../src/core/problem-codes.ts';
import { checkCodes } from '../src/doctor/codes.ts';

const top = new URL('../', import.meta.url);
const readme = readFileSync(new URL('README.md', top), 'utf8');

describe('README', () => {
  it('explains every code of a problem in the words of the program', () => {
    const shown = /<!-- problems -->\n([\s\S]*)\n<!-- \/problems -->/.exec(readme)?.[1]?.split('\n').slice(2);
    const codes = Object.entries(problemCodes).sort(([a], [b]) => (a < b ? -1 : 1));
    expect(shown).toEqual(codes.map(([code, meaning]) => `| ${code} | ${meaning} |`));
  });

  it('says what each state of a subscription means in the words of the program', () => {
    const shown = /<!-- lifecycle -->\n([\s\S]*)\n<!-- \/lifecycle -->/.exec(readme)?.[1]?.split('\n').slice(2);
    expect(shown).toEqual(Object.entries(lifecycle).map(([state, meaning]) => `| ${state} | ${meaning} |`));
  });

  it('lists every check of doctor in the words of the program', () => {
    const shown = /<!-- checks -->\n([\s\S]*)\n<!-- \/checks -->/.exec(readme)?.[1]?.split('\n').slice(2);
    expect(shown).toEqual(Object.entries(checkCodes).map(([code, { sound }]) => `| ${code} | ${sound} |`));
  });

  it('lists the actions that doctor looks for', () => {
    const row = (name: string): readonly string[] => {
      const cells = readme.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';
      return [...cells.matchAll(/`((?:lakeformation|glue):\w+)`/g)].map(([, action = '']) => action).sort();
    };
    expect(row('plan, drift')).toEqual([...readActions].sort());
    expect(row('apply, besides')).toEqual([...writeActions, ...grantorReads].sort());
  });

  it('links to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)].map(([, path]) => path ?? '');
    expect(links).toContain('schemas/plan.schema.json');
    expect(links.filter((path) => !existsSync(new URL(path, top)))).toEqual([]);
  });

  it('names the commands and the scripts as they are', () => {
    const scripts: Record<string, string> = JSON.parse(readFileSync(new URL('package.json', top), 'utf8')).scripts;
    expect(readme).toContain('npm ci && npm run demo');
    expect(readme).toContain('npm ci && npm test');
    expect(scripts).toMatchObject({ demo: expect.any(String), test: expect.any(String) });
  });
});
