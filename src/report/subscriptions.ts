import { stringify } from 'csv-stringify/sync';
import { isKnown, type LifecycleState, lifecycleStates, nextApply } from '../core/lifecycle.ts';
import type { Sources, SubscriptionList, SubscriptionRow } from '../core/subscriptions.ts';
import { visible } from './excerpt.ts';
import { jsonText } from './json.ts';
import { joined, type Looks, type Pen, penFor } from './pen.ts';
import { counted } from './words.ts';
import { wrapped } from './wrap.ts';

/** The subscriptions of a mesh for a terminal, product by product. */
export function subscriptionsText(list: SubscriptionList, looks: Looks): string {
  const pen = penFor(looks);
  const { mesh, commit, subscriptions } = list;
  const head = `Subscriptions of mesh ${mesh} (${commit === null ? 'files outside git' : `commit ${commit.slice(0, 12)}`})`;
  return joined([
    pen.paint.bold(visible(head)),
    ...rowsText(subscriptions, pen),
    '',
    ...sourcesText(list.sources, pen),
    ...(subscriptions.some(({ blind }) => blind.length > 0)
      ? [pen.paint.dim('? may be further than that: what tells was not asked, or did not answer')]
      : []),
    ...wrapped(totals(list), 80).map(pen.paint.bold),
  ]);
}

/** Rows grouped by their product. */
export function rowsText(rows: readonly SubscriptionRow[], pen: Pen): readonly string[] {
  const widest = Math.min(20, Math.max(0, ...rows.map((row) => nameIn(row).length)));
  let product: string | undefined;
  const heads = ['', 'state', 'since', 'until'].map((head, index) => head.padEnd([widest, 10, 10, 10][index] ?? 0));
  const lines = rows.flatMap((row) => {
    const head = row.product === product ? [] : ['', productLine(row, pen)];
    product = row.product;
    return [...head, ...rowText(row, { widest, pen })];
  });
  return lines.length === 0 ? [] : ['', pen.paint.dim(`  ${heads.join('  ').trimEnd()}`), ...lines.slice(1)];
}

function productLine({ product, producer, owners }: SubscriptionRow, { paint }: Pen): string {
  const of = producer === undefined ? 'gone from the files' : `of ${producer}`;
  const [first, ...more] = owners;
  const whose = first === undefined ? '' : `, @${first}${more.length === 0 ? '' : ` and ${more.length} more`}`;
  return `${paint.bold(visible(product))}  ${paint.dim(visible(`${of}${whose}`))}`;
}

/** The part of a subscription's name that tells it from the others of its product. */
function nameIn({ subscription, product }: SubscriptionRow): string {
  return visible(subscription.slice(product.length + 1));
}

function rowText(
  row: SubscriptionRow,
  { widest, pen }: { readonly widest: number; readonly pen: Pen },
): readonly string[] {
  const { paint, verbose } = pen;
  const { state, blind, since, expires, classes, request, why, purpose, tables, permissions } = row;
  const name = nameIn(row);
  const isLong = name.length > widest;
  const mark = blind.length > 0 ? '?' : '';
  const cells = [
    (isLong ? '' : name).padEnd(widest),
    stateColour(state, pen)(`${state}${mark}`.padEnd(10)),
    (since ?? '').slice(0, 10).padEnd(10),
    (expires ?? '').padEnd(10),
    [
      ...classes.map((one) => paint.magenta(visible(`[${one}]`))),
      ...(request === undefined ? [] : [paint.cyan(`#${request.pull}`)]),
    ].join(' '),
  ];
  const detail = (text: string): readonly string[] =>
    wrapped(visible(text), 74).map((line) => `      ${paint.dim(line)}`);
  // What was not asked is said once, below.
  const told = verbose || (blind.length === 0 && !quiet.has(state) && why !== nextApply) ? detail(why) : [];
  const more = verbose
    ? [
        ...(purpose === '' ? [] : detail(purpose)),
        ...(permissions.length === 0
          ? []
          : detail(`${permissions.join(', ')}${tables.length === 0 ? '' : ` on ${tables.join(', ')}`}`)),
      ]
    : [];
  return [...(isLong ? [`  ${name}`] : []), `  ${cells.join('  ').trimEnd()}`, ...told, ...more];
}

/** States in which nobody has to do anything. */
const quiet: ReadonlySet<LifecycleState> = new Set([
  'granted',
  'active',
  'imported',
  'expiring',
  'archived',
  'withdrawn',
]);

/** The colour of a state: green for access, yellow for what somebody has to do, red for what was cut or refused. */
export function stateColour(state: LifecycleState, { paint }: Pen): (text: string) => string {
  switch (state) {
    case 'granted':
    case 'imported':
    case 'active':
      return paint.green;
    case 'requested':
    case 'approved':
    case 'invited':
    case 'expiring':
      return paint.yellow;
    case 'held':
    case 'expired':
    case 'denied':
      return paint.red;
    case 'revoked':
    case 'archived':
    case 'withdrawn':
      return paint.dim;
  }
}

/** What was not asked, or did not answer. */
export function sourcesText({ lake, approvals, requests, gaps, notes }: Sources, { paint }: Pen): readonly string[] {
  const unknown = [
    ...(isKnown(lake) ? [] : [`Not known, what the lake holds: ${lake.unknown}`]),
    ...(approvals === undefined ? [] : [`Not known, what is approved: ${approvals.unknown}`]),
    ...(isKnown(requests) ? [] : [`Not known, pull requests and reviews: ${requests.unknown}`]),
    ...gaps.map((gap) => `Not read: ${gap}`),
    ...notes.map((note) => `To know: ${note}`),
  ];
  return unknown.flatMap((line) =>
    wrapped(visible(line), 78).map((part, index) => paint.yellow(index === 0 ? part : `  ${part}`)),
  );
}

function totals({ subscriptions, hidden }: SubscriptionList): string {
  const by = lifecycleStates.flatMap((state) => {
    const count = subscriptions.filter((row) => row.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  const rest = hidden === 0 ? '' : ` ${hidden} that ${hidden === 1 ? 'is over is' : 'are over are'} not shown (--all).`;
  return `${counted(subscriptions.length, 'subscription')}${by.length === 0 ? '' : `: ${by.join(', ')}`}.${rest}`;
}

/** The list as one JSON object; `schemas/list.schema.json` describes it. */
export function subscriptionsJson(list: SubscriptionList): string {
  return jsonText(list);
}

const columns: Readonly<Record<string, (row: SubscriptionRow) => string | readonly string[] | number | undefined>> = {
  subscription: ({ subscription }) => subscription,
  state: ({ state }) => state,
  since: ({ since }) => since,
  not_known: ({ blind }) => blind,
  expires: ({ expires }) => expires,
  product: ({ product }) => product,
  producer: ({ producer }) => producer,
  owners: ({ owners }) => owners,
  consumer: ({ consumer }) => consumer,
  principals: ({ principals }) => principals.map(({ id }) => id),
  readers: ({ readers }) => readers?.map(({ id }) => id),
  database: ({ database }) => database,
  tables: ({ tables }) => tables,
  permissions: ({ permissions }) => permissions,
  classes: ({ classes }) => classes,
  purpose: ({ purpose }) => purpose,
  why: ({ why }) => why,
  commit: ({ brought }) => brought?.commit,
  committed_at: ({ brought }) => brought?.at,
  commit_author: ({ brought }) => brought?.author,
  pull_request: ({ request }) => request?.pull,
  file: ({ file }) => file,
};

/** The list as CSV by RFC 4180, with a head; several values of a cell stand behind each other, with a space between. No cell is a formula to a spreadsheet. */
export function subscriptionsCsv({ subscriptions }: SubscriptionList): string {
  const cell = (value: ReturnType<(typeof columns)[string]>): string =>
    visible((typeof value === 'object' ? value.join(' ') : `${value ?? ''}`).replaceAll(/\s+/g, ' ').trim());
  const rows = subscriptions.map((row) => Object.values(columns).map((of) => cell(of(row))));
  // https://owasp.org/www-community/attacks/CSV_Injection
  return stringify([Object.keys(columns), ...rows], { escape_formulas: true, record_delimiter: 'windows' });
}
