import { test } from 'vitest';
import { setStage } from '../support/stage.ts';
test('try', { timeout: 60000 }, async () => {
  const stage = await setStage();
  stage.emulator.setFaults([{ kind: 'internal', operation: 'BatchGrantPermissions', times: 1 }]);
  await stage.run(['apply', '--trust-root', 'HEAD', '--tries', '3']);
  for (const l of await stage.ledger()) if (l.event !== 'start') process.stdout.write(`${l.event} ${l['action']} ${String(l['key']).replaceAll('\n', '|')} ${l['answer']} ${l['status']} ${l['code']} ${l['message']} ${l['reason']}\n`);
});
