import { type Issue, issueOf } from './issue.ts';
import { fixed, safe } from './markup.ts';
import { counted } from './words.ts';

/** What is not guarded as it should be, with what would be right. */
interface Told {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** The commit that it is about, where it is about one. */
  readonly commit?: string;
}

/** The issue on what guards the mesh beside the proof of its files; undefined where all is sound. */
export function incidentIssue(incidents: readonly Told[], run?: string): Issue | undefined {
  if (incidents.length === 0) return undefined;
  return issueOf('incident', {
    title: `Incident: ${counted(incidents.length, 'thing')} guarded less than it should be`,
    finding: incidents.map(({ code, message }) => `${code} ${message}`),
    blocks: [
      fixed(
        '',
        'Every file is still proven by itself before it gives anything. But code, lock file, workflows, and holds in open pull requests are guarded by these alone.',
      ),
      {
        head: [''],
        rows: incidents.map(
          ({ code, message, remedy }) =>
            `- **${safe(code)}** ${safe(message, 400)}\n  - **to do**: ${safe(remedy, 400)}`,
        ),
        foot: [],
        rank: 1,
      },
    ],
    run,
    noted: incidents.flatMap(({ commit }) => commit ?? []),
  });
}
