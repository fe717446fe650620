import type { Check } from '../../core/diagnosis.ts';
import type { Fact } from '../../core/fact.ts';
import { finding, ok, unread } from '../check.ts';
import type { AccountReading } from '../reading.ts';
import { counted } from '../words.ts';

const code = 'CONSUMER_STEPS';

/** What is left to do in each account into which subscriptions reach, by a run or by its administrator. */
export function checkSteps(accounts: readonly AccountReading[]): readonly Check[] {
  if (accounts.length === 0) return [ok(code, "no subscription reaches into a consumer's own catalog")];
  return accounts.map(({ name, id, steps, entry }): Check => {
    const who = `${name} (${id})`;
    if (entry === undefined)
      return steps.length === 0
        ? ok(code, `the mesh files ask for nothing in ${who} now`)
        : finding(code, `${counted(steps.length, 'step')} for the administrator of ${who}`, {
            severity: 'note',
            means: 'which of them are done is not known, for no run enters it; done twice they do no harm',
            remedy: steps.map(({ what }) => what).join('; '),
            commands: steps.map(({ command }) => command),
          });
    if (!entry.missing.isRead) return unread(code, `what is missing in ${who}`, entry.missing.failure);
    const missing = entry.missing.value;
    if (missing.length === 0) return ok(code, `all that the mesh files ask for in ${who} is there`);
    return finding(code, `in ${who} ${wordsOf(missing)} not there yet`, {
      severity: 'note',
      means: 'whoever reads through it waits',
      remedy: 'the next apply sees to what is approved; plan says what waits, and for what',
      commands: ['meshgate plan'],
    });
  });
}

function wordsOf(facts: readonly Fact[]): string {
  const of = (kind: Fact['kind']): number => facts.filter((fact) => fact.kind === kind).length;
  const words = [
    [of('acceptance'), 'share to be accepted'],
    [of('resource-link'), 'resource link'],
    [of('grant'), 'grant'],
    [of('opt-in'), 'opt-in'],
  ] as const;
  const said = words.flatMap(([count, what]) =>
    count === 0
      ? []
      : [count === 1 ? `1 ${what}` : `${count} ${what.replace(/^(share|resource link|grant|opt-in)/, '$1s')}`],
  );
  return `${said.join(', ')} ${facts.length === 1 ? 'is' : 'are'}`;
}
