import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { type Console, hasColour } from '../console.ts';
import { type Stage, setStage } from './stage.ts';
import { type Scene, story } from './story.ts';

/** Tells the whole story on this machine, with the real commands; exit code 1 where a step does not do what it says. */
export async function demoCommand(_: object, console: Console): Promise<number> {
  const colour = hasColour(console, 'out');
  const paint = pc.createColors(colour);
  const started = Date.now();
  const stage = await setStage(colour);
  // A demo that is ended leaves neither its emulator nor its directory behind.
  const stop = (): void => void stage.end().finally(() => console.exit(130));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    for (const [index, { title, tell, scenes }] of story.entries()) {
      console.out(`\n${paint.bold(paint.inverse(` ${index + 1} `))} ${paint.bold(title)}\n${paint.dim(tell)}\n\n`);
      for (const scene of scenes) {
        const fault = await play(scene, { stage, console, paint });
        if (fault === undefined) continue;
        console.err(`\n${paint.red('The demo failed:')} ${scene.typed}\n${fault}\n`);
        return 1;
      }
    }
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.out(
      `\n${paint.green(paint.bold('All of this ran here, against the emulator'))}, in ${seconds} seconds. Nothing of it is left behind.\n`,
    );
    return 0;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await stage.end();
  }
}

interface Playing {
  readonly stage: Stage;
  readonly console: Console;
  readonly paint: ReturnType<typeof pc.createColors>;
}

/** Plays a scene and answers what was wrong with it, if anything. */
async function play(scene: Scene, { stage, console, paint }: Playing): Promise<string | undefined> {
  console.out(`${paint.cyan('$')} ${paint.bold(scene.typed)}\n`);
  const { code, output } = await scene.act(stage);
  console.out(abridged(output, scene.show, paint));
  if (code !== 0) console.out(paint.dim(code === null ? 'killed\n' : `exit code ${code}\n`));
  if (output !== '' || code !== 0) console.out('\n');
  if (code !== scene.code)
    return `it ended with ${code ?? 'a signal'}, not with ${scene.code ?? 'a signal'}\n${output}`;
  const plain = stripVTControlCharacters(output);
  const missing = scene.says.filter((text) => !text.test(plain));
  return missing.length === 0 ? undefined : `its output does not say ${missing.map(String).join(' and ')}\n${output}`;
}

function abridged(output: string, { from, head, tail }: Scene['show'], paint: Playing['paint']): string {
  const lines = output.split('\n').filter((line, index, list) => line !== '' || index < list.length - 1);
  const start = from === undefined ? 0 : lines.findIndex((line) => from.test(stripVTControlCharacters(line)));
  const shown = lines.slice(Math.max(0, start));
  const before = lines.length - shown.length;
  if (shown.length <= head + tail + 1) return shown.map((line) => `${line}\n`).join('');
  const hidden = (count: number): string => paint.dim(`  … ${count} more lines`);
  return [
    ...(before === 0 ? [] : [hidden(before)]),
    ...shown.slice(0, head),
    hidden(shown.length - head - tail),
    ...(tail === 0 ? [] : shown.slice(-tail)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
