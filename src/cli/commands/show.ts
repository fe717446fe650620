import { jsonText } from '../../report/json.ts';
import { shownText } from '../../report/shown.ts';
import { type Console, hasColour } from '../console.ts';
import { groundsOf } from '../look/ground.ts';
import { type LookOptions, look } from '../look/look.ts';
import { registryOf } from '../look/origins.ts';
import { rowsOf } from '../look/rows.ts';
import { shownOf } from '../look/shown.ts';
import { thingIn } from '../look/thing.ts';

/** Shows everything that is known about a subscription, product, account or principal. Exit code 5: something that was asked did not answer. */
export async function showCommand(options: LookOptions & { readonly what: string }, console: Console): Promise<number> {
  const seen = await look(options, console);
  const rows = rowsOf(seen);
  const thing = thingIn(seen, rows, options.what);
  const grounds = await groundsOf(seen, rows, options.mesh);
  const registry = registryOf(seen, options, console.env);
  const shown = await shownOf(thing, { seen, rows, grounds, registry, mesh: options.mesh });
  const looks = { colour: hasColour(console, 'out'), names: seen.names, verbose: options.verbose };
  console.out(options.format === 'json' ? jsonText(shown) : shownText(shown, looks));
  return seen.isIncomplete ? 5 : 0;
}
