import { readFileSync } from 'node:fs';
import { inject, test } from 'vitest';
import { judge } from './judge.ts';
import { readModel } from './model.ts';
test('x', () => {
  const models = { lakeformation: readModel(inject('models'), 'lakeformation'), glue: readModel(inject('models'), 'glue'), sts: readModel(inject('models'), 'sts') };
  const seen = new Set<string>();
  const count = new Map<string, { n: number; example: string }>();
  const ends = new Map<string, number>();
  for (const line of readFileSync(process.env['WIRE'] ?? '', 'utf8').trimEnd().split('\n')) {
    const e = JSON.parse(line);
    const v = judge(models, e, (m) => seen.add(m));
    ends.set(`${v.operation} ${v.end}`, (ends.get(`${v.operation} ${v.end}`) ?? 0) + 1);
    for (const f of v.faults) {
      const k = `${v.operation}: ${f}`.slice(0, 300);
      const c = count.get(k) ?? { n: 0, example: `${e.body.slice(0, 300)} => ${JSON.stringify(e.answer).slice(0, 400)}` };
      c.n += 1;
      count.set(k, c);
    }
  }
  for (const [k, c] of [...count].toSorted()) console.log(`${c.n} ${k}\n      ${c.example}`);
  console.log([...ends].toSorted().map(([k, n]) => `${n} ${k}`).join('\n'));
});
