import type { Rule } from '../world.ts';

/** A ruleset of a repository. */
export interface Ruleset {
  readonly id: number;
  name: string;
  target: 'branch' | 'tag' | 'push';
  enforcement: 'active' | 'disabled' | 'evaluate';
  conditions: { readonly ref_name: { readonly include: readonly string[]; readonly exclude: readonly string[] } };
  rules: readonly Rule[];
  bypass_actors: readonly {
    readonly actor_id: number | null;
    readonly actor_type: string;
    readonly bypass_mode: 'always' | 'pull_request' | 'exempt';
  }[];
  readonly createdAt: string;
  updatedAt: string;
}
