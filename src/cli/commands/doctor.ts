import { text as textOf } from 'node:stream/consumers';
import { explain } from '../../core/explain.ts';
import { diagnose } from '../../doctor/diagnose.ts';
import { diagnosisMarkdown } from '../../report/diagnosis-markdown.ts';
import { diagnosisText } from '../../report/diagnosis-text.ts';
import { diagnosisExit } from '../../report/exit.ts';
import { explainedJson, explainedMarkdown, explainedText } from '../../report/explained.ts';
import { diagnosisJson } from '../../report/json.ts';
import { type Console, hasColour } from '../console.ts';
import { type DoctorOptions, SetupProblem } from '../options.ts';

/** Tells what stands in the way of the mesh, and how it is mended; with `--explain`, what an error of AWS means. */
export async function doctorCommand(options: DoctorOptions, console: Console): Promise<number> {
  if (options.explain !== undefined) return explainCommand(options, console);
  // Loaded only now: explaining a text needs no AWS client.
  const { examine } = await import('../examine.ts');
  const diagnosis = diagnose(await examine(options, console, new Date()));
  const looks = { colour: hasColour(console, 'out'), verbose: options.verbose };
  if (options.format === 'json') console.out(diagnosisJson(diagnosis));
  else if (options.format === 'markdown') console.out(diagnosisMarkdown(diagnosis));
  else console.out(diagnosisText(diagnosis, looks));
  return diagnosisExit(diagnosis);
}

/** More than any error text is long. */
const longest = 65_536;

async function explainCommand({ explain: given, format }: DoctorOptions, console: Console): Promise<number> {
  const text = (given === true || given === '-' ? await textOf(process.stdin) : String(given)).slice(0, longest);
  if (text.trim() === '')
    throw new SetupProblem('BAD_OPTION', '--explain has no text', 'give the text of an AWS error, or pipe it in');
  const known = explain({ text });
  if (known === undefined)
    throw new SetupProblem(
      'UNKNOWN_ERROR',
      'this is no error of AWS that Meshgate knows',
      'give its code with the text, such as: InvalidInputException: Invalid principal',
    );
  if (format === 'json') console.out(explainedJson(known));
  else if (format === 'markdown') console.out(explainedMarkdown(known));
  else console.out(explainedText(known, hasColour(console, 'out')));
  return 0;
}
