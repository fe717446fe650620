import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, test } from 'vitest';
import { asExpected, play, playWithoutGit, scenarioFiles, scenariosIn, startOf } from '../support/scenarios.ts';
import { TownHub } from '../support/town-hub.ts';

const directory = mkdtempSync(join(tmpdir(), 'meshgate-scenario-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

// Where it is about what git makes of history, git itself tells it; `npm run scenarios` plays all of them with git.
const withGit: readonly string[] = ['history.yaml', 'authority.yaml'];

describe.each(scenarioFiles())('%s', (file) => {
  test.each(scenariosIn(file))('$title', async (scenario) => {
    const found = withGit.includes(file)
      ? await play(scenario, directory)
      : await playWithoutGit(scenario, new TownHub(startOf(scenario.base ?? {})));
    asExpected(scenario, found);
  });
});
