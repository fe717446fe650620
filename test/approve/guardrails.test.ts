import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type BranchRule, incidentsOf, type Voided } from '../../src/approve/guardrails.ts';
import type { Problem } from '../../src/core/problem.ts';

interface Case {
  readonly title: string;
  readonly rules?: 'sound' | readonly BranchRule[];
  /** Laid over the sound rule `pull_request`. */
  readonly with?: Readonly<Record<string, unknown>>;
  readonly activity?: readonly { readonly type: string; readonly after?: string }[];
  readonly owners?: readonly Problem[];
  readonly errors?: readonly Problem[] | 'unread';
  readonly isShallow?: boolean;
  readonly hasTrustRoot?: boolean;
  readonly acknowledged?: readonly string[];
  readonly voided?: readonly Voided[];
  readonly canAcknowledge?: boolean;
  readonly incidents?: readonly string[];
}

const file = new URL('../cases/guardrails/guardrails.yaml', import.meta.url);
const { cases } = parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };
const sound = {
  require_code_owner_review: true,
  dismiss_stale_reviews_on_push: true,
  require_last_push_approval: true,
  required_approving_review_count: 1,
};

describe('what guards a mesh', () => {
  test.each(cases)(
    '$title',
    ({
      rules,
      with: laid,
      activity,
      owners,
      errors = [],
      isShallow,
      hasTrustRoot,
      acknowledged,
      incidents,
      ...more
    }) => {
      const inForce =
        rules !== 'sound'
          ? rules
          : [
              { type: 'pull_request', parameters: { ...sound, ...laid } },
              { type: 'non_fast_forward' },
              { type: 'deletion' },
              { type: 'required_status_checks' },
            ];
      const happened = activity?.map(({ type, after = 'a'.repeat(40) }) => ({
        type,
        after,
        actor: 'mallory',
        at: '2026-06-15T10:00:00Z',
      }));
      const found = incidentsOf({
        branch: 'main',
        ...(inForce && { rules: inForce }),
        ...(happened && { activity: happened }),
        owners: owners ?? [],
        ...(errors === 'unread' ? {} : { errors }),
        isShallow: isShallow ?? false,
        hasTrustRoot: hasTrustRoot ?? true,
        acknowledged: new Set(acknowledged),
        voided: more.voided ?? [],
        canAcknowledge: more.canAcknowledge ?? true,
      });
      expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual(incidents ?? []);
      expect(found.every(({ remedy }) => remedy.length > 0)).toBe(true);
      if (more.canAcknowledge === false) expect(found[0]?.remedy).toMatch(/MESHGATE_CACHE_KEY/);
    },
  );
});
