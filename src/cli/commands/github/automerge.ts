import { judgeCandidate } from '../../../approve/automerge.ts';
import { ForgeFailure } from '../../../core/forge.ts';
import { readMesh } from '../../../declare/read.ts';
import { positionOf } from '../../../git/git.ts';
import { visible } from '../../../report/excerpt.ts';
import { exitCode } from '../../../report/exit.ts';
import { contentOf, type Standing } from '../../candidate-content.ts';
import type { Console } from '../../console.ts';
import { gitHub, type Hosted } from '../../hosted.ts';
import { loadMesh } from '../../load.ts';
import type { LakeOptions } from '../../options.ts';

/** Options of `github automerge`. */
interface AutomergeOptions extends LakeOptions {
  /** The name of the check that must be green. */
  readonly check: string;
  /** The workflow that is started after a merge. */
  readonly applyWorkflow: string;
  readonly dryRun: boolean;
}

/** Merges the open requests that need no human, and starts the apply. Exit code 5: something could not be looked at. */
export async function automergeCommand(options: AutomergeOptions, console: Console): Promise<number> {
  const standing: Standing = {
    declaration: await loadMesh(options.mesh),
    files: await readMesh(options.mesh),
    prefix: (await positionOf(options.mesh)).prefix,
  };
  const hosted = await gitHub(options, console.env);
  const { client, place, branch } = hosted;
  const { openPulls } = await import('../../../github/candidates.ts');
  let [merged, unread] = [0, 0];
  for (const number of await openPulls(client, { ...place, branch })) {
    try {
      const said = await consider(number, { options, standing, hosted });
      if (said.isMerged) merged += 1;
      console.out(`#${number} ${visible(said.text)}\n`);
    } catch (thrown) {
      if (!(thrown instanceof ForgeFailure)) throw thrown;
      unread += 1;
      console.out(`#${number} could not be looked at: ${visible(thrown.message)}; ${visible(thrown.remedy)}\n`);
    }
  }
  if (merged > 0) {
    const { dispatch } = await import('../../../github/merge.ts');
    await dispatch(client, { ...place, branch, workflow: options.applyWorkflow, reason: 'merge' });
    console.out(`${options.applyWorkflow} started\n`);
  }
  return exitCode({ isIncomplete: unread > 0, isRefused: false, isWithheld: false, isDifferent: false });
}

interface Setting {
  readonly options: AutomergeOptions;
  readonly standing: Standing;
  readonly hosted: Hosted;
}

async function consider(
  number: number,
  { options, standing, hosted: { client, place, branch } }: Setting,
): Promise<{ readonly text: string; readonly isMerged: boolean }> {
  const { lookAt } = await import('../../../github/candidates.ts');
  const looked = await lookAt(client, { ...place, branch, number, check: options.check });
  if (looked === undefined) return { text: 'is gone, or moved while it was looked at', isMerged: false };
  const verdict = judgeCandidate(looked.candidate, await contentOf(looked, standing));
  if (verdict.kind !== 'merge') return { text: `${verdict.kind}: ${verdict.reasons.join('; ')}`, isMerged: false };
  if (options.dryRun) return { text: 'would be merged', isMerged: false };
  const { merge } = await import('../../../github/merge.ts');
  const refusal = await merge(client, { ...place, number, head: looked.head });
  return refusal === undefined ? { text: 'merged', isMerged: true } : { text: refusal, isMerged: false };
}
