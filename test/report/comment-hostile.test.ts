import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Asking } from '../../src/core/asking.ts';
import type { Plan } from '../../src/core/plan.ts';
import { annotations, uncommanded } from '../../src/report/annotations.ts';
import { commentMarker, commentOf, longestComment, type PullReport } from '../../src/report/comment.ts';
import { outcomeComment } from '../../src/report/comment-outcome.ts';
import { fingerprintIn, type Issue, type IssueKind, markerOf } from '../../src/report/issue.ts';
import { expiringIssue, waitingIssue } from '../../src/report/issue-dates.ts';
import { driftIssue, withheldIssue } from '../../src/report/issue-drift.ts';
import { escapeHtml } from '../../src/report/markup.ts';
import { checkSummary } from '../../src/report/summary.ts';
import { changeOf, grantOf, planOf, revokeOf, role, table } from '../support/builders.ts';

const nasty = [
  '| a | [link](http://evil.example) ![](x) <img src=x onerror=alert(1)> </details> <!-- meshgate:plan --> @ada',
  '`code` **bold** _it_ #12 GH-12 $x$ &lt; www.evil.example https://evil.example\n## Approved\n- [x] done\n',
  '--> <!-- meshgate:drift 0123456789ab -->',
  '</summary></details><script>',
  '```\n@everyone\n```',
  '\u202e\u2066\u200b\u0000\u001b[2J',
];
const anyText = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 5000 }),
);
const person = fc.record({ login: anyText, id: fc.integer({ min: 1 }) });
const people = fc.array(person, { maxLength: 12 });
const asking: fc.Arbitrary<Asking> = fc.record({
  file: anyText,
  what: fc.constantFrom('added', 'changed', 'removed'),
  missing: fc.array(
    fc.record({
      count: fc.integer({ min: 1, max: 9 }),
      people,
      role: anyText,
      because: fc.array(anyText, { maxLength: 12 }),
    }),
    { maxLength: 2 },
  ),
  against: fc.array(person, { maxLength: 2 }),
  settled: anyText,
});

function change(text: string, index: number, isTaken: boolean) {
  const grant = grantOf({ principal: index % 2 === 0 ? role(text) : text, resource: table(`${text}${index}`) });
  const more = {
    id: index.toString(16).padStart(12, '0'),
    product: text,
    classes: [text],
    pii: true,
    because: [{ place: { file: text, line: 1, column: 1 }, subscription: text }],
  };
  return isTaken ? revokeOf(grant, more) : changeOf(grant, more);
}

const plan: fc.Arbitrary<Plan> = fc
  .tuple(fc.array(anyText, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), anyText)
  .map(([texts, times, text]) => {
    const changes = Array.from({ length: times }, () => texts)
      .flat()
      .map((one, index) => change(one, index, index % 3 === 0));
    return planOf({
      changes,
      leftOut: changes.slice(0, 5),
      withheld: changes.slice(0, 30).map((one) => ({ change: one, code: 'X', reason: text, remedy: text })),
      refusals: [{ code: text, message: text, hint: text, changes: [] }],
      notes: [{ code: 'X', message: text }],
      summary: { ...planOf().summary, grant: changes.length },
    });
  });

const report: fc.Arbitrary<PullReport> = fc.record({
  base: anyText,
  head: anyText,
  plan: fc.option(plan, { nil: undefined }),
  noPlan: anyText,
  live: fc.oneof(plan, anyText),
  askings: fc.array(asking, { maxLength: 30 }),
  endings: fc.array(
    fc.record({
      subscription: anyText,
      was: fc.option(anyText, { nil: undefined }),
      is: fc.option(anyText, { nil: undefined }),
    }),
    { maxLength: 10 },
  ),
  problems: fc.array(
    fc.record({
      code: anyText,
      message: anyText,
      hint: anyText,
      place: fc.record({ file: anyText, line: fc.nat(), column: fc.nat() }),
    }),
    { maxLength: 200 },
  ),
  names: fc.array(fc.tuple(anyText, anyText), { maxLength: 5 }).map((entries) => new Map(entries)),
});

const ours = new Set(['<details>', '<summary>', '</summary>', '</details>', '<sub>', '</sub>']);

/** What is wrong with a text that people and GitHub read; mentions are wrong only where nobody is to be notified. */
function faultsIn(text: string, marker: RegExp, mayMention = false): readonly string[] {
  const lines = text.split('\n');
  const rest = lines
    .slice(1)
    .join('\n')
    .replaceAll(/```sh\n[\s\S]*?\n```/g, '')
    // What the next run reads, at the very end: ids alone.
    .replace(/\n<!-- meshgate:noted (?:\*|[0-9a-f ]+) -->\n$/, '');
  const active = rest.replaceAll(/\\[\\`*_{}[\]()#+!|~$]/g, '');
  const faults: string[] = [];
  if (!marker.test(lines[0] ?? '')) faults.push('it does not begin with its marker');
  if (text.length > 65_536 || rest.length > longestComment) faults.push(`it has ${text.length} characters`);
  if (/<!--|-->/.test(rest)) faults.push('it holds a comment of HTML');
  if (/[\p{Cc}\p{Cs}]/u.test(rest.replaceAll('\n', ''))) faults.push('it holds what cannot be seen');
  for (const [tag] of active.matchAll(/<[^>]*>?/g)) if (!ours.has(tag)) faults.push(`it holds the tag ${tag}`);
  for (const kind of ['details', 'summary'])
    if (active.split(`<${kind}>`).length !== active.split(`</${kind}>`).length) faults.push(`${kind} is left open`);
  const mentioning = mayMention
    ? active.replaceAll(/(?<![\w`])@[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?(?= |$)/gm, '')
    : active;
  if (/@(?!\u200d)/.test(mentioning)) faults.push('it mentions somebody');
  if (/:\/\/|www\.|`|\bGH-\d/i.test(active)) faults.push('it holds an address, a reference or code');
  for (const row of lines.filter((line) => line.startsWith('|')))
    if (![6, 7].includes(row.replaceAll(/\\./g, '').split('|').length))
      faults.push('a row has another number of cells');
  return faults;
}

const runs = { numRuns: 150 };

describe('whatever the files say', () => {
  test('the comment is within the limit, and holds nothing that means something', () => {
    fc.assert(
      fc.property(report, (one) => {
        const text = commentOf(one);
        if (text !== undefined) expect(faultsIn(text, /^<!-- meshgate:plan -->$/)).toEqual([]);
      }),
      runs,
    );
  });

  test('so is the comment after the merge', () => {
    fc.assert(
      fc.property(plan, anyText, (one, text) => {
        const outcomes = one.changes.map((each, index) => ({
          change: each,
          status: index % 2 === 0 ? ('applied' as const) : ('failed' as const),
          reason: text,
          hint: text,
        }));
        const body = outcomeComment({ commit: text, asOf: text, outcomes, withheld: one.withheld, names: new Map() });
        expect(faultsIn(body, /^<!-- meshgate:plan -->$/)).toEqual([]);
      }),
      runs,
    );
  });

  test('so are the issues, which notify nobody but whom they name', () => {
    const check = (issue: Issue | undefined, kind: IssueKind): void => {
      if (issue === undefined) return;
      expect(
        faultsIn(
          issue.body,
          new RegExp(`^<!-- meshgate:${kind} [0-9a-f]{12} -->$`),
          kind === 'expiring' || kind === 'waiting',
        ),
      ).toEqual([]);
      expect(issue.body.startsWith(markerOf(kind))).toBe(true);
      expect(fingerprintIn(kind, issue.body)).toBe(issue.fingerprint);
    };
    fc.assert(
      fc.property(plan, anyText, people, (one, text, some) => {
        const told = { names: new Map([[text, text]]) };
        check(driftIssue(one, told), 'drift');
        check(withheldIssue(one, told), 'withheld');
        check(
          expiringIssue([{ subscription: text, file: text, expires: text, consumers: some, producers: some }]),
          'expiring',
        );
        check(waitingIssue([{ pull: 1, title: text.replaceAll('#', ''), days: 3, people: some }]), 'waiting');
      }),
      runs,
    );
  });

  test('no annotation is more than one line, and no text is a command', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 30 }), (texts) => {
        const problems = texts.map((text) => ({
          code: text,
          message: text,
          hint: text,
          place: { file: text, line: 1, column: 1 },
        }));
        const lines = annotations(problems).split('\n').slice(0, -1);
        expect(lines.length).toBe(Math.min(10, texts.length));
        for (const line of lines) expect(line).toMatch(/^::error [^:\n\r]*::[^\n\r]*$/);
        const [first, ...rest] = uncommanded(texts.join('\n'), 'f0e1').trimEnd().split('\n');
        expect([first, rest.at(-1)]).toEqual(['::stop-commands::f0e1', '::f0e1::']);
      }),
      runs,
    );
  });

  test('nothing in HTML means something', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"'`|\\]|@(?!\u200d)|:\/\//);
      }),
    );
  });
});

describe('a change of a thousand tables', () => {
  const changes = Array.from({ length: 3000 }, (_, index) =>
    change(`a_rather_long_name_of_a_product_${index}`, index, index % 2 === 0),
  );
  const large: PullReport = {
    base: '1'.repeat(40),
    head: '2'.repeat(40),
    plan: planOf({ changes, summary: { ...planOf().summary, grant: 1500, revoke: 1500 } }),
    askings: [
      {
        file: 'mesh/mesh.yaml',
        what: 'changed',
        missing: [{ count: 1, people: [{ login: 'ada', id: 1 }], role: 'an administrator', because: [] }],
        against: [],
      },
    ],
    endings: [],
    problems: [],
    names: new Map(),
    run: 'https://github.example/acme/mesh/actions/runs/7',
  };
  const text = commentOf(large) ?? '';

  test('fills the comment, keeps the verdict and what is taken away, and says what is left out', () => {
    expect(text.length).toBeLessThanOrEqual(longestComment);
    expect(text.length).toBeGreaterThan(longestComment - 1000);
    expect(text.split('\n').slice(0, 2)).toEqual([
      commentMarker,
      '### 1500 to grant, 1500 to revoke (1500 of sensitive data) · waits for @\u200dada',
    ]);
    expect(text).toContain('**revoke SELECT**');
    expect(text).toMatch(
      /_\d+ more left out here; \[the job summary\]\(https:\/\/github\.example\/acme\/mesh\/actions\/runs\/7\) has all of it_/,
    );
    expect(text).toContain('full text');
  });

  test('is whole in the summary', () => {
    expect(checkSummary(large)).toContain('a\\_rather\\_long\\_name\\_of\\_a\\_product\\_2999');
  });

  test('is cut in a summary over its limit, which says so', () => {
    const noted = changes.map((one) => ({ ...one, note: `${one.id} `.repeat(40) }));
    const summary = checkSummary({ ...large, plan: planOf({ changes: noted }) });
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
    expect(summary).toContain('Too long to be shown here');
  });
});

test('nothing to say is nothing', () => {
  const quiet = { base: 'a', head: 'b', plan: undefined, askings: [], endings: [], problems: [], names: new Map() };
  expect(commentOf(quiet)).toBeUndefined();
  expect(driftIssue(planOf(), { names: new Map() })).toBeUndefined();
  expect(withheldIssue(planOf(), { names: new Map() })).toBeUndefined();
  expect(expiringIssue([])).toBeUndefined();
  expect(waitingIssue([])).toBeUndefined();
});

test('a finding keeps its fingerprint until it changes', () => {
  const [a, b] = [change('a', 1, true), change('b', 2, false)];
  const of = (plan: Partial<Plan>): string | undefined => driftIssue(planOf(plan), { names: new Map() })?.fingerprint;
  expect(of({ changes: [a, b] })).toBe(
    of({ changes: [b, { ...a, updatedAt: '2026-01-01T00:00:00Z' }], asOf: '2027-01-01T00:00:00Z' }),
  );
  expect(of({ changes: [a, b] })).not.toBe(of({ changes: [a] }));
  expect(of({ gaps: [{ lake: 'x', code: 'X', message: 'x', blocks: 'all' }] })).toBeDefined();
  const days = (count: number) => waitingIssue([{ pull: 1, title: 'x', days: count, people: [] }])?.fingerprint;
  expect(days(3)).toBe(days(4));
});
