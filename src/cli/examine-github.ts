import { incidentsOf } from '../approve/guardrails.ts';
import type { GuardState, OwnersState } from '../core/diagnosis.ts';
import { ForgeFailure } from '../core/forge.ts';
import type { Console } from './console.ts';
import { gitHub } from './hosted.ts';
import { type DoctorOptions, SetupProblem } from './options.ts';

/** Requests that a look at the rules takes at most. */
const requestBudget = 20;

/** What GitHub says of what guards the default branch, where the environment names a repository and a token. */
export async function guardState(
  options: DoctorOptions,
  { env }: Console,
  owners: OwnersState | undefined,
): Promise<GuardState> {
  try {
    const { client, place, branch } = await gitHub({ ...options, requestBudget, accountTimeout: 0 }, env);
    const { rulesOf } = await import('../github/guarding.ts');
    const { ownerErrors } = await import('../github/owner-errors.ts');
    const [rules, errors] = await Promise.all([
      rulesOf(client, { ...place, branch }),
      // Without a file there is nothing to ask; that there is none is said of the file itself.
      owners?.isThere === false ? [] : ownerErrors(client, { ...place, ref: branch }),
    ]);
    const nothing = { activity: [], owners: [], isShallow: false, hasTrustRoot: true, canAcknowledge: false };
    const incidents = incidentsOf({ branch, rules, errors, acknowledged: new Set(), ...nothing });
    return { branch, incidents: incidents.map(({ message, remedy }) => ({ message, remedy })) };
  } catch (thrown) {
    if (thrown instanceof SetupProblem && thrown.code === 'NO_GITHUB') return { unasked: thrown.message };
    if (thrown instanceof ForgeFailure) return { unread: thrown.message, remedy: thrown.remedy };
    throw thrown;
  }
}
