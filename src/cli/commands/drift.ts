import { driftFindings, exitCode } from '../../report/exit.ts';
import { planJson } from '../../report/json.ts';
import { planMarkdown } from '../../report/markdown.ts';
import { driftText } from '../../report/text.ts';
import { type Console, hasColour } from '../console.ts';
import type { LakeOptions } from '../options.ts';
import { prepare } from '../prepare.ts';

/** Tells where the lake differs from the mesh files; changes nothing. */
export async function driftCommand(options: LakeOptions, console: Console): Promise<number> {
  const { planned, names } = await prepare(options, console, { now: new Date() });
  const { plan } = planned;
  if (options.format === 'json') console.out(planJson(plan));
  else if (options.format === 'markdown') console.out(planMarkdown(plan, names, 'Drift'));
  else console.out(driftText(plan, { colour: hasColour(console, 'out'), names, verbose: options.verbose }));
  return exitCode(driftFindings(plan));
}
