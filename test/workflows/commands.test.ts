import { expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { workflowFiles } from './workflows.ts';

const lines = new Set(
  workflowFiles().flatMap(({ text }) =>
    [...text.matchAll(/^ +run: npx --no-install meshgate (.+)$/gm)].map(([, line = '']) => line),
  ),
);

test('the workflows call the command line', () => {
  expect(lines.size).toBeGreaterThan(5);
});

test.each([...lines])('meshgate %s is a command with these options', async (line) => {
  const words = line.split(' ');
  const command = words[0] === 'github' ? words.slice(0, 2) : words.slice(0, 1);
  let help = '';
  const out = (text: string): void => {
    help += text;
  };
  const isTerminal = { out: false, err: false };
  const code = await program([...command, '--help'], { out, err: out, env: {}, exit: () => undefined, isTerminal });
  expect({ code, help }).toEqual({ code: 0, help: expect.stringMatching(`^Usage: meshgate ${command.join(' ')} `) });
  for (const option of words.filter((word) => word.startsWith('--'))) expect(help).toContain(`  ${option} `);
});
