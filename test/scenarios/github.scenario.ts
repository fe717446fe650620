import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Person } from '../../src/core/forge.ts';
import { GitHubTown } from '../support/github-town.ts';
import { asExpected, play, scenarioFiles, scenariosIn } from '../support/scenarios.ts';

// Accounts that stand for a change of login or a borrowed id are those of the scenarios that are not played here.
const isOne = ({ login, id }: Person, at: number, all: readonly Person[]): boolean =>
  all.findIndex((other) => other.id === id || other.login === login) === at;

describe.each(scenarioFiles())('%s', (file) => {
  const all = scenariosIn(file);
  test.each(all.filter(({ notOnHub }) => notOnHub === undefined))('$title', async (scenario) => {
    const directory = mkdtempSync(join(tmpdir(), 'meshgate-scenario-'));
    const towns: GitHubTown[] = [];
    try {
      const found = await play(scenario, directory, async (files, people) => {
        const town = await GitHubTown.start(files, people.filter(isOne));
        towns.push(town);
        return town;
      });
      asExpected(scenario, found);
    } finally {
      rmSync(directory, { recursive: true, force: true });
      for (const town of towns) await town.close();
    }
  });
  test('hardly any is left out', () => {
    expect(all.filter(({ notOnHub }) => notOnHub !== undefined).length).toBeLessThan(6);
  });
});
