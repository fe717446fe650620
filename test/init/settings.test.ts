import { describe, expect, test } from 'vitest';
import { settings } from '../../src/init/settings.ts';
import { Contract } from '../hub/contract/contract.ts';
import { Description } from '../hub/contract/description.ts';
import { routerOf } from '../hub/contract/router.ts';

const description = new Description([
  'repos/create-repo-ruleset',
  'actions/set-github-actions-default-workflow-permissions-repository',
  'actions/set-github-actions-permissions-repository',
  'repos/create-or-update-environment',
  'repos/create-deployment-branch-policy',
]);
const contract = new Contract(description);
const route = routerOf(description.operations);

const calls = settings
  .flatMap(({ commands }) => commands)
  .filter((command) => /^gh api \S+ --method /.test(command))
  .map((command) => [command.split('\n')[0] ?? '', command] as const);

describe("the settings are such as GitHub's description of its API takes", () => {
  test('there are calls', () => {
    expect(calls.length).toBeGreaterThan(7);
  });

  test.each(calls)('%s', (_, command) => {
    const [, address = '', method = '', rest = ''] = /^gh api (\S+) --method (\S+)([\s\S]*)$/.exec(command) ?? [];
    const path = `/${address.replace('{owner}', 'somebody').replace('{repo}', 'mesh')}`;
    const routed = route(method, path);
    if (routed === undefined) throw new Error(`GitHub describes no ${method} ${path}`);
    expect(contract.requestFaults(routed.operation, { path: routed.path, query: {}, body: bodyOf(rest) })).toEqual([]);
  });
});

/** What gh sends: the input given, or fields, of which `-F` takes numbers and booleans for what they are. */
function bodyOf(rest: string): unknown {
  const [, long, short] = /<<'JSON'\n([\s\S]*)\nJSON$|<<<'(.*)'$/.exec(rest) ?? [];
  const input = long ?? short;
  if (input !== undefined) return JSON.parse(input);
  const fields = [...rest.matchAll(/-([fF]) (\w+)=(\S+)/g)];
  return Object.fromEntries(
    fields.map(([, kind, name, value = '']) => [name, kind === 'F' ? JSON.parse(value) : value]),
  );
}
