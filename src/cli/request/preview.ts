import type { Asking } from '../../core/asking.ts';
import { dayOf } from '../../core/day.ts';
import type { Plan } from '../../core/plan.ts';
import type { Problem } from '../../core/problem.ts';
import type { Declaration } from '../../declare/declaration.ts';
import { planOffline } from '../../offline.ts';
import { askingsOf, overlongIn } from '../../pull.ts';
import { pathOf } from '../../request/wanted.ts';

/** What a request changes for whom, and whose approval it takes. */
export interface Preview {
  readonly plan: Plan;
  /** Nobody's, where it is undefined. */
  readonly asking: Asking | undefined;
  /** What would keep it from being proven, whoever approves it. */
  readonly problems: readonly Problem[];
}

/** Two versions of a mesh that differ in one subscription. */
export interface Versions {
  readonly before: Declaration;
  readonly after: Declaration;
  /** The subscription's key. */
  readonly key: string;
  readonly now: Date;
}

/** What the files alone tell of a request: the plan of it, and who must approve why, as the pull request will say. */
export async function previewOf({ before, after, key, now }: Versions): Promise<Preview> {
  const files = [pathOf(key)];
  const [asking] = await askingsOf({ before, after, files });
  const problems = await overlongIn({ before, after, files }, dayOf(now));
  return { problems, plan: planOffline({ before, after, base: '', commit: null, files, now }), asking };
}
