import { test } from 'vitest';
import { setStage } from '../support/stage.ts';
import { openShops, byHand, keysOf } from '../support/town.ts';
test('try', { timeout: 60000 }, async () => {
  const stage = await setStage({ lake: { grants: [byHand, openShops] } });
  const t = Date.now();
  const show = async (args: string[], env = {}) => { const t = Date.now(); const r = await stage.run(args, env); process.stdout.write(`\n$ ${args.join(' ')} ${JSON.stringify(env)} => ${r.code} ${r.signal} ${Date.now()-t}ms\n${r.out}--- err\n${r.err}\n`); };
  await show(['plan', '--trust-root', 'HEAD'], keysOf.nobody);
  await show(['apply', '--trust-root', 'HEAD'], keysOf.nobody);
  await show(['apply', '--trust-root', 'HEAD'], keysOf.outsider);
  await show(['drift', '--trust-root', 'HEAD']);
  await show(['apply', '--trust-root', 'HEAD']);
  await show(['drift', '--trust-root', 'HEAD']);
  process.stdout.write(stage.emulator.journal().map((e) => e.operation).join(' '));
  void t;
});
