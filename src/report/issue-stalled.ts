import { type Issue, issueOf } from './issue.ts';
import { fixed, safe } from './markup.ts';

/** Since when something waits to be applied. */
interface Told {
  /** When the newest run began that ended well, ISO. */
  readonly good: string | undefined;
  readonly since: string;
  readonly what: 'moved' | 'started';
}

/** The issue on a workflow that should have applied something, and has not; undefined where nothing waits. */
export function stalledIssue(
  stalled: Told | undefined,
  { workflow, branch, run }: { readonly workflow: string; readonly branch: string; readonly run?: string | undefined },
): Issue | undefined {
  if (stalled === undefined) return undefined;
  const { good, since, what } = stalled;
  const happened = what === 'moved' ? `${branch} was moved at ${since}` : `a run was started at ${since}`;
  const last = good === undefined ? 'none ever has' : `the last that did began at ${good}`;
  return issueOf('stalled', {
    title: `Stalled: no run of ${workflow} has ended well for more than a day`,
    finding: [good ?? 'never'],
    blocks: [
      fixed(
        '',
        safe(`${happened}, and no run that began since has ended well; ${last}.`, 400),
        '',
        'What was merged since is not applied, and access that should have ended may not have.',
        '',
        '- **to do**: see how the runs ended, and who cancelled them. A workflow of any branch can name the same `concurrency` group and so cancel a run, or make it wait. Then run it by hand:',
        '',
        '```sh',
        `gh workflow run ${workflow.replaceAll(/[^\w.-]/g, '')}`,
        '```',
      ),
    ],
    run,
  });
}
