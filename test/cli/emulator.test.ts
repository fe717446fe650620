import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { meshgate, start } from '../support/meshgate.ts';
import { setStage, temporary } from '../support/stage.ts';

const seed = fileURLToPath(new URL('../../mesh/x-emulator.yaml', import.meta.url));

describe.concurrent('meshgate emulator', { timeout: 60_000 }, () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'prints its address and keys, answers, keeps a journal, and ends with 0 on %s',
    async (signal) => {
      const cwd = await temporary();
      const running = start(
        ['emulator', '--seed', seed, '--port', '0', '--journal', 'calls.jsonl', '--wire', 'wire.jsonl'],
        { cwd },
      );
      const [, url = ''] = await running.says(/\nexport AWS_ENDPOINT_URL=(http:\/\/127\.0\.0\.1:\d+)\n/);
      await running.says(
        /# arn:aws:iam::111122223333:role\/meshgate-apply: AWS_ACCESS_KEY_ID=AKIAMESHGATEAPPLY001 AWS_SECRET_ACCESS_KEY=emulator-only-apply\n/,
      );
      expect(await (await fetch(`${url}/_emulator/health`)).json()).toEqual({ status: 'ok' });
      const credentials = { accessKeyId: 'AKIAMESHGATEAPPLY001', secretAccessKey: 'emulator-only-apply' };
      const sts = new STSClient({ endpoint: url, region: 'eu-west-1', credentials });
      expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '111122223333' });
      running.child.kill(signal);
      expect(await running.ended).toMatchObject({ code: 0, signal: null, err: '' });
      const lines = (await readFile(join(cwd, 'calls.jsonl'), 'utf8')).trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line).operation)).toEqual(['GetCallerIdentity']);
      const wire = (await readFile(join(cwd, 'wire.jsonl'), 'utf8')).trimEnd().split('\n');
      expect(wire.map((line) => JSON.parse(line).body)).toEqual(['Action=GetCallerIdentity&Version=2011-06-15']);
    },
  );

  test('starts empty without a seed', async () => {
    const running = start(['emulator', '--port', '0'], { cwd: await temporary() });
    await running.says(/^Lake Formation, Glue, RAM and STS at http:\/\/127\.0\.0\.1:\d+\nexport AWS_ENDPOINT_URL=/);
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0, err: '' });
  });

  const wrong: readonly (readonly [string, string, readonly string[], RegExp])[] = [
    [
      'a seed that is not there',
      '',
      ['--seed', 'nowhere.yaml'],
      /^BAD_SEED the seed nowhere\.yaml cannot be read: ENOENT/,
    ],
    [
      'a seed that is no YAML',
      'accounts: {',
      ['--seed', 'seed.yaml'],
      /^BAD_SEED the seed seed\.yaml cannot be read: .+ at line 1/,
    ],
    [
      'an empty seed',
      '',
      ['--seed', 'seed.yaml'],
      /^BAD_SEED seed\.yaml: accounts: is missing; mesh\/x-emulator\.yaml is an example\n/,
    ],
    [
      'a seed that is a list',
      '[1]',
      ['--seed', 'seed.yaml'],
      /^BAD_SEED seed\.yaml: .+; mesh\/x-emulator\.yaml is an example\n/,
    ],
    [
      'a seed with faults',
      'accounts: { "1": {}, "111122223333": { colour: red } }',
      ['--seed', 'seed.yaml'],
      /^BAD_SEED seed\.yaml: .*accounts\.1.*; .*accounts\.111122223333.*colour/,
    ],
    ['a port that is none', '', ['--port', 'http'], /^BAD_OPTION --port http is no whole number from 0 to 65535\n/],
    ['a port too high', '', ['--port', '70000'], /^BAD_OPTION --port 70000 is no whole number from 0 to 65535\n/],
    [
      'a latency that is none',
      '',
      ['--latency', 'slow', '--port', '0'],
      /^BAD_OPTION --latency slow is no whole number/,
    ],
    [
      'a journal that cannot be written',
      '',
      ['--journal', 'nowhere/calls.jsonl', '--port', '0'],
      /^NO_JOURNAL the journal nowhere\/calls\.jsonl cannot be written: ENOENT/,
    ],
    [
      'a wire file that cannot be written',
      '',
      ['--wire', 'nowhere/wire.jsonl', '--port', '0'],
      /^NO_JOURNAL the wire file nowhere\/wire\.jsonl cannot be written: ENOENT/,
    ],
  ];
  test.each(wrong)('%s: exit code 1, and what would be right', async (_, text, args, says) => {
    const stage = await setStage({ isInGit: false });
    await stage.write('seed.yaml', text);
    const ran = await stage.run(['emulator', ...args]);
    expect(ran.err).toMatch(says);
    expect(ran).toMatchObject({ code: 1, out: '' });
  });

  test('a port in use: exit code 1', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = String(typeof address === 'object' ? address?.port : address);
    const ran = await meshgate(['emulator', '--port', port], { cwd: await temporary() });
    server.close();
    expect(ran).toMatchObject({
      code: 1,
      out: '',
      err: `PORT_IN_USE port ${port} is in use; give another with --port\nNothing was written.\n`,
    });
  });
});
