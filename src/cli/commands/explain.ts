import { columnsText } from '../../core/columns.ts';
import type { Explanation, Layer, Readers } from '../../core/explanation.ts';
import type { Principal } from '../../core/principal.ts';
import { compareText } from '../../core/problem.ts';
import { weigh } from '../../desire/sensitivity.ts';
import { absencesOn } from '../../explain/absences.ts';
import { localLayersOn, notPassedOn } from '../../explain/imported.ts';
import { type Ground, layersOn, readingOnly, type ThroughOf } from '../../explain/layers.ts';
import { type Target, targetText } from '../../explain/target.ts';
import { throughOf } from '../../explain/through.ts';
import { explanationJson, explanationText, readersJson, readersText } from '../../report/explanation.ts';
import { type Console, hasColour } from '../console.ts';
import { whyUnread } from '../look/accounts.ts';
import { adviceOn, productsOn } from '../look/advice.ts';
import { type Grounds, groundsOf } from '../look/ground.ts';
import { type Look, type LookOptions, look } from '../look/look.ts';
import { principalIn, targetIn } from '../look/names.ts';
import { type Registry, registryOf } from '../look/origins.ts';
import { readersIn, readingLayers } from '../look/readers.ts';
import { rowsOf } from '../look/rows.ts';
import { SetupProblem } from '../options.ts';

/** Options of `explain`. */
interface ExplainOptions extends LookOptions {
  readonly principal?: string;
  readonly resource?: string;
  readonly whoCanRead?: string;
}

/** Says why somebody has access, or what is missing; or who can read a column. Exit code 5: something that was asked did not answer. */
export async function explainCommand(options: ExplainOptions, console: Console): Promise<number> {
  const { principal, resource, whoCanRead } = options;
  const isAboutReaders = whoCanRead !== undefined;
  if (isAboutReaders ? principal !== undefined : principal === undefined || resource === undefined)
    throw new SetupProblem(
      'USAGE',
      isAboutReaders ? '--who-can-read asks about everybody' : 'explain needs a principal and a resource',
      'meshgate explain <principal> <database>[.<table>[.<column>]], or meshgate explain --who-can-read <database.table.column>',
    );
  const seen = await look(options, console);
  const grounds = await groundsOf(seen, rowsOf(seen), options.mesh);
  const question = { seen, grounds, registry: registryOf(seen, options, console.env) };
  const looks = { colour: hasColour(console, 'out'), names: seen.names, verbose: options.verbose };
  if (whoCanRead !== undefined) {
    const readers = await readersOf(targetIn(seen, whoCanRead), question);
    console.out(options.format === 'json' ? readersJson(readers) : readersText(readers, looks));
  } else {
    const who = principalIn(seen, principal ?? '');
    const explanation = await explanationOf(who, targetIn(seen, resource ?? ''), question);
    console.out(options.format === 'json' ? explanationJson(explanation) : explanationText(explanation, looks));
  }
  return seen.isIncomplete ? 5 : 0;
}

interface Question {
  readonly seen: Look;
  readonly grounds: Grounds;
  readonly registry: Registry;
}

async function explanationOf(principal: Principal, target: Target, question: Question): Promise<Explanation> {
  const { seen, grounds, registry } = question;
  const { ground, sight, askings } = grounds;
  const by = (holder: Principal) => throughOf(principal, holder);
  const layers = layersFor(principal, target, question);
  const asked = absencesOn(target, by, {
    sight,
    askings,
    nameOf: (id) => seen.names.get(id),
    unread: (account) => whyUnread(seen, account),
    ...(ground && { observed: ground.observed }),
  });
  const name = seen.names.get(principal.id);
  // Of a column it is the reading that counts: whoever describes the table does not see what is in it.
  const isAboutColumn = target.kind === 'table' && target.column !== undefined;
  const giving = layers.filter(({ isIdle }) => isIdle !== true);
  const counting = isAboutColumn ? readingOnly(giving) : giving;
  const isAsked =
    counting.some(({ footing }) => footing === 'declared') ||
    asked.some(({ permissions }) => !isAboutColumn || permissions.includes('SELECT'));
  const beside = isAboutColumn && ground !== undefined && counting.length === 0 ? readsBeside(target, by, ground) : [];
  return {
    ...headOf(seen, target),
    principal: { id: principal.id, ...(name !== undefined && { name }) },
    layers: await withOrigins(layers, registry),
    absences: await Promise.all(asked.map(async (one) => ({ ...one, origins: await registry.told(one.origins) }))),
    advice: isAsked ? [] : [...beside, ...passingOn(layers), ...adviceOn(seen, principal, target)],
  };
}

/** Every way in which somebody gets at a target: by the central catalog, and by the lake of its own account. */
function layersFor(principal: Principal, target: Target, { seen, grounds }: Question): readonly Layer[] {
  const { ground, locals } = grounds;
  if (ground === undefined) return [];
  const by = (holder: Principal) => throughOf(principal, holder);
  const central = layersOn(target, by, ground);
  const own = locals.find(({ account }) => account === principal.account);
  if (own === undefined) return central;
  const local = localLayersOn(target, by, own);
  const isOneOfIt = principal.kind !== 'account';
  const who = seen.names.get(principal.id) ?? principal.id;
  return [...local, ...(isOneOfIt ? notPassedOn(central, local, who) : central)];
}

/** What an account holds already, and a subscription may pass on. */
function passingOn(layers: readonly Layer[]): readonly string[] {
  const files = layers.flatMap(({ isIdle, through, origins }) =>
    isIdle === true && through === 'its account'
      ? origins.flatMap(({ subscription, place }) => (subscription === undefined ? [] : [place.file]))
      : [],
  );
  return [...new Set(files)].map((file) => `its account holds it already: list it under import.grants in ${file}`);
}

/** What is read of the other columns of a table. */
function readsBeside(target: Extract<Target, { kind: 'table' }>, by: ThroughOf, ground: Ground): readonly string[] {
  const { database, table } = target;
  const others = readingOnly(layersOn({ kind: 'table', database, table }, by, ground));
  return others.flatMap(({ on: { columns = 'all' }, through }) =>
    columns === 'all' || through !== 'itself' ? [] : [`SELECT reaches other columns: ${columnsText(columns)}`],
  );
}

async function readersOf(target: Target, question: Question): Promise<Readers> {
  const { seen, grounds, registry } = question;
  if (target.kind !== 'table')
    throw new SetupProblem(
      'USAGE',
      `${targetText(target)} is no table`,
      'give <database>.<table>, or <database>.<table>.<column>',
    );
  const layers = await withOrigins(readingLayers(target, grounds), registry);
  return { ...headOf(seen, target), ...readersIn(seen, layers) };
}

function headOf(seen: Look, target: Target) {
  const { declaration, commit, now, sources } = seen;
  return {
    format: 1 as const,
    mesh: declaration.mesh.value.name,
    commit,
    asOf: now.toISOString(),
    resource: targetText(target),
    classes: classesOn(seen, target),
    sources,
  };
}

/** The classes of a column, or of a table as a whole, in all products that have it. */
function classesOn(seen: Look, target: Target): readonly string[] {
  if (target.kind !== 'table') return [];
  const { database, table, column } = target;
  const entry = seen.catalog.databases.get(database);
  const classes = productsOn(seen, target).flatMap((id) => {
    const product = seen.declaration.products.get(id)?.value;
    if (product === undefined) return [];
    const sensitivity = weigh(product, entry);
    return column === undefined
      ? sensitivity.touched('SELECT', { kind: 'table', table, columns: 'all' })
      : [...sensitivity.ofColumn(table, column)];
  });
  return [...new Set(classes)].sort(compareText);
}

async function withOrigins(layers: readonly Layer[], registry: Registry): Promise<readonly Layer[]> {
  return Promise.all(
    layers.map(async ({ path, ...layer }) => ({
      ...layer,
      origins: await registry.told(layer.origins),
      ...(path && {
        path: await Promise.all(path.map(async (step) => ({ ...step, origins: await registry.told(step.origins) }))),
      }),
    })),
  );
}
