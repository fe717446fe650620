import type { Layer } from '../core/explanation.ts';
import { isKnown } from '../core/lifecycle.ts';
import type {
  Given,
  Happening,
  ShownAccount,
  ShownHold,
  ShownPrincipal,
  ShownProduct,
  ShownSubscription,
  ShownThing,
} from '../core/shown.ts';
import { stepsText } from './by-hand.ts';
import { visible } from './excerpt.ts';
import { section } from './explanation.ts';
import { extentText, layerText, marks, pullText, whoText } from './layers.ts';
import { joined, type Looks, type Pen, penFor } from './pen.ts';
import { rowsText, sourcesText, stateColour } from './subscriptions.ts';
import { rightsText } from './words.ts';
import { wrapped } from './wrap.ts';

/** Everything known about something, for a terminal. */
export function shownText(shown: ShownThing, looks: Looks): string {
  const pen = penFor(looks);
  return joined([
    ...bodyOf(shown, pen),
    ...section(
      'Holds',
      shown.holds.flatMap((hold) => holdText(hold, pen)),
      pen,
    ),
    ...section(
      'History',
      shown.history.flatMap((one) => happeningText(one, pen)),
      pen,
    ),
    '',
    ...sourcesText(shown.sources, pen),
  ]);
}

function bodyOf(shown: ShownThing, pen: Pen): readonly string[] {
  switch (shown.kind) {
    case 'subscription':
      return subscriptionText(shown, pen);
    case 'product':
      return productText(shown, pen);
    case 'account':
      return accountText(shown, pen);
    case 'principal':
      return principalText(shown, pen);
  }
}

function subscriptionText({ subscription: row, notes, gives, byHand }: ShownSubscription, pen: Pen): readonly string[] {
  const { state, since, blind, why, classes, purpose, product, producer, owners, consumer, principals, expires, file } =
    row;
  const { request, brought, readers = [] } = row;
  const mark = blind.length > 0 ? '?' : '';
  const when = since === undefined ? '' : ` since ${since.slice(0, 10)}`;
  return [
    `${pen.paint.bold(visible(row.subscription))}  ${stateColour(state, pen)(`${state}${mark}`)}${when}${marks(classes, pen)}`,
    ...wrapped(visible(why), 76).map((line) => `  ${pen.paint.dim(line)}`),
    '',
    ...fields([
      ['purpose', purpose],
      ['product', `${product}${producer === undefined ? ', gone from the files' : ` of ${producer}`}`],
      ['owners', mentions(owners)],
      ['consumer', consumer],
      ['principals', principals.map(whoText).join(', ')],
      ['readers', readers.map(whoText).join(', ')],
      ['until', expires ?? 'no end'],
      ['file', file],
      [
        'commit',
        brought === undefined
          ? ''
          : `${brought.commit.slice(0, 12)}, ${brought.at.slice(0, 10)}, written by ${brought.author}`,
      ],
      ['open', request === undefined ? '' : `#${request.pull} would ${request.does} it`],
      ...notes.map((note) => ['note', note] as const),
    ]),
    ...section(
      'Gives',
      gives.flatMap((one) => givenText(one, pen)),
      pen,
    ),
    ...section('By hand, in the account, which no run enters', stepsText(byHand, pen), pen),
  ];
}

function productText(shown: ShownProduct, pen: Pen): readonly string[] {
  const { product, description, producer, owners, database, enforce, tables, gives, subscriptions, counts, file } =
    shown;
  const widest = Math.max(0, ...tables.map(({ table }) => table.length));
  return [
    pen.paint.bold(visible(product)),
    ...fields([
      ['about', description ?? ''],
      ['producer', producer],
      ['owners', mentions(owners)],
      ['database', database],
      ['enforce', enforce],
      [
        'in the lake',
        counts === undefined
          ? ''
          : `${counts.managed} managed, ${counts.unmanaged} unmanaged, ${counts.protected} protected, ${counts.leftOut} left out`,
      ],
      ['file', file],
    ]),
    ...section(
      'Tables',
      tables.map(({ table, classes }) => `  ${visible(table).padEnd(widest)}${marks(classes, pen)}`),
      pen,
    ),
    ...section(
      'Gives by itself',
      gives.flatMap((one) => givenText(one, pen)),
      pen,
    ),
    ...section('Subscriptions', rowsText(subscriptions, pen).slice(1), pen),
  ];
}

function accountText(shown: ShownAccount, pen: Pen): readonly string[] {
  const { account, id, roles, owners, principals, produces, subscriptions, file } = shown;
  return [
    pen.paint.bold(visible(`${account} (${id})`)),
    ...fields([
      ['roles', roles.join(', ')],
      ['owners', mentions(owners)],
      ['produces', produces.join(', ')],
      ...principals.map(({ name = '', id: own }) => ['principal', `${name} (${own})`] as const),
      ['file', file],
    ]),
    ...section('Subscriptions', rowsText(subscriptions, pen).slice(1), pen),
  ];
}

function principalText({ principal, account, subscriptions, layers }: ShownPrincipal, pen: Pen): readonly string[] {
  return [
    pen.paint.bold(visible(whoText(principal))),
    ...fields([['account', account ?? '']]),
    ...section('Subscriptions', rowsText(subscriptions, pen).slice(1), pen),
    ...section(
      'Holds in the lake',
      layers.flatMap((layer) => heldText(layer, pen)),
      pen,
    ),
  ];
}

/** One line for what the files ask for, with who asks; for all else why it is there. */
function heldText(layer: Layer, pen: Pen): readonly string[] {
  const { footing, origins, permissions, on, classes, account, isIdle } = layer;
  if (footing !== 'declared' || permissions.length === 0 || isIdle === true || pen.verbose)
    return layerText(layer, pen);
  const by = [...new Set(origins.map(({ subscription, product }) => subscription ?? product ?? 'mesh.yaml'))].join(
    ', ',
  );
  const where = account === undefined ? '' : `, in the lake of ${account.name ?? account.id}`;
  const what = pen.paint.green(visible(`${permissions.join(', ')} on ${extentText(on, pen)}${where}`));
  return [`  ${what}${marks(classes, pen)}  ${pen.paint.dim(visible(by))}`];
}

/** Names with their values, those without one left out. */
function fields(all: readonly (readonly [name: string, value: string])[]): readonly string[] {
  const told = all.filter(([, value]) => value !== '');
  return told.flatMap(([name, value]) =>
    wrapped(visible(value), 66).map((line, index) => `  ${(index === 0 ? name : '').padEnd(11)} ${line}`),
  );
}

function mentions(logins: readonly string[]): string {
  return logins.map((login) => `@${login}`).join(', ');
}

function givenText({ principal, permissions, withGrantOption, on, isLive }: Given, pen: Pen): readonly string[] {
  const { paint } = pen;
  const { what, option } = rightsText(permissions, withGrantOption);
  const sign = isLive === undefined ? '?' : isLive ? '=' : '+';
  const colour = isLive === true ? paint.green : paint.yellow;
  const note = isLive === false ? paint.dim(' (not there)') : '';
  return [
    `  ${colour(visible(`${sign} ${what} on ${extentText(on, pen)}${option} for ${principal.name ?? principal.id}`))}${note}`,
  ];
}

function holdText({ scope, reason, until, isOver, place }: ShownHold, { paint }: Pen): readonly string[] {
  const end = isOver ? `ended with ${until}` : `until ${until}`;
  const line = visible(`${scope}, ${end}: ${reason}`);
  return [`  ${isOver ? paint.dim(line) : paint.red(line)}  ${paint.dim(visible(`${place.file}:${place.line}`))}`];
}

function happeningText({ at, what, state, commit, author, pull }: Happening, pen: Pen): readonly string[] {
  const { paint } = pen;
  const day = (at ?? '').slice(0, 10).padEnd(10);
  const reached = (state ?? '').padEnd(9);
  const by =
    commit === undefined ? '' : paint.dim(visible(`  commit ${commit.slice(0, 12)}, written by ${author ?? 'nobody'}`));
  return [
    `  ${day}  ${state === undefined ? reached : stateColour(state, pen)(reached)}  ${visible(what)}${by}`,
    ...(pull !== undefined && isKnown(pull) ? [`                         ${paint.dim(visible(pullText(pull)))}`] : []),
  ];
}
