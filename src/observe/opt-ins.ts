import type { OptIn } from '../core/fact.ts';
import type { LakeReader } from '../core/lake.ts';
import { compareText } from '../core/problem.ts';
import { addFact, type Facts } from './facts.ts';
import { type OnGap, unread } from './gaps.ts';

/** Reads who is opted in; where that cannot be told, what has to do with the databases waits on which somebody may be. */
export async function readOptIns(
  reader: LakeReader,
  databases: ReadonlySet<string>,
  { facts, gap }: { readonly facts: Facts; readonly gap: OnGap },
): Promise<void> {
  if (databases.size === 0) return;
  try {
    for (const optIn of await listOptIns(reader)) addFact(facts, optIn);
  } catch (thrown) {
    const hint = 'allow the role lakeformation:ListLakeFormationOptIns, and run again';
    for (const database of [...databases].sort(compareText))
      gap({ code: 'NO_OPT_INS', ...unread(`who is opted in on ${database}`, thrown, hint), database, blocks: 'all' });
  }
}

/** All opt-ins of a lake. */
export async function listOptIns(reader: LakeReader): Promise<readonly OptIn[]> {
  const optIns: OptIn[] = [];
  for await (const page of reader.optIns()) optIns.push(...page);
  return optIns;
}
