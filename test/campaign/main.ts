import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';
import { type Family, families } from './draw.ts';
import { replay } from './replay.ts';
import { work } from './worker.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '10000' },
    from: { type: 'string', default: '0' },
    law: { type: 'string', multiple: true, default: [] },
    family: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string' },
    'shrink-seconds': { type: 'string', default: '30' },
    worker: { type: 'boolean', default: false },
    replay: { type: 'boolean', default: false },
  },
});

if (values.worker) work();
else if (values.replay) process.exitCode = await replay(positionals);
else {
  const only = [
    ...values.family.filter((name): name is Family => name in families),
    ...Object.entries(families).flatMap(([name, { laws }]) =>
      values.law.some((law) => laws.includes(Number(law))) ? [name as Family] : [],
    ),
  ];
  process.exitCode = await campaign({
    seed: Number(values.seed),
    count: Number(values.count),
    from: Number(values.from),
    only,
    jobs: values.jobs === undefined ? undefined : Number(values.jobs),
    shrinkSeconds: Number(values['shrink-seconds']),
  });
}
