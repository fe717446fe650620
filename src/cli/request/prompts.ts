import { intro } from '@clack/prompts';
import { classesOf, pii } from '../../desire/classes.ts';
import { visible } from '../../report/excerpt.ts';
import type { RequestFlags } from '../../request/flags.ts';
import { until } from '../../request/until.ts';
import type { Base } from './base.ts';
import {
  type Choice,
  columnChoices,
  consumerChoices,
  presetChoices,
  principalChoices,
  productChoices,
  tableChoices,
} from './choices.ts';
import { line, one, output, several } from './questions.ts';

/** Asks a person for what the flags do not say. */
export async function askForRest(
  flags: RequestFlags,
  { declaration, label }: Base,
  today: string,
): Promise<RequestFlags> {
  intro(`Ask for access, against ${visible(label)}`, { output });
  const product = flags.product ?? (await one('Which product?', productChoices(declaration)));
  const account = flags.as ?? (await one('For which account?', consumerChoices(declaration)));
  const file = declaration.products.get(product)?.value;
  // What is given wrongly by a flag is told with all else that is wrong.
  if (file === undefined || !declaration.accounts.has(account)) return { ...flags, product, as: account };
  const isOnTables = flags.database !== true && flags.location === undefined;
  const table =
    flags.table ?? (isOnTables ? await several('Which tables?', tableChoices(declaration, file)) : undefined);
  const permission = flags.permission ?? [await one('What with them?', presetChoices(declaration), 'read')];
  const limits =
    table === undefined
      ? {}
      : await askForLimits(flags, columnChoices(declaration, file, table), leastStrict(declaration));
  const principal = flags.principal ?? (await askForPrincipals(principalChoices(declaration, account)));
  const brought = await askForLink(flags, {
    declaration,
    account,
    database: file.database,
    isForAccount: principal === undefined,
  });
  const expires = flags.expires ?? (await askForEnd(today));
  const purpose =
    flags.purpose ??
    (await line('What will the data be used for?', {
      fault: (said) => (said.trim().length < 3 ? 'say it in a few words: whoever approves reads this' : undefined),
    }));
  const name = flags.name ?? (await askForName({ declaration, key: `${product}/${account}` }));
  return {
    ...flags,
    ...limits,
    ...brought,
    product,
    as: account,
    purpose: purpose.trim(),
    permission,
    ...(table === undefined ? {} : { table }),
    ...(principal === undefined ? {} : { principal }),
    ...(expires === undefined ? {} : { expires }),
    ...(name === undefined ? {} : { name }),
  };
}

async function askForLimits(
  { column, exclude, rows }: RequestFlags,
  columns: ReturnType<typeof columnChoices>,
  least: string,
): Promise<Pick<RequestFlags, 'column' | 'exclude' | 'rows'>> {
  const given = { ...(column && { column }), ...(exclude && { exclude }), ...(rows === undefined ? {} : { rows }) };
  if (column !== undefined || exclude !== undefined) return given;
  const open = columns.filter(({ isSensitive }) => !isSensitive).map(({ value }) => value);
  const hasSensitive = open.length < columns.length;
  const options: Choice[] = [
    ...(hasSensitive
      ? [{ value: 'open', label: 'all but the sensitive ones', hint: `${open.length} of ${columns.length}` }]
      : []),
    { value: 'all', label: 'all columns', hint: hasSensitive ? 'owners of the product must approve' : '' },
    ...(columns.length > 1 ? [{ value: 'some', label: 'choose', hint: '' }] : []),
  ];
  const choice = columns.length === 0 ? 'all' : await one('Which columns?', options, options[0]?.value);
  const chosen =
    choice === 'open'
      ? { exclude: [least] }
      : choice === 'some'
        ? { column: await several('Only these columns', columns, open) }
        : {};
  const only =
    rows ?? (await line('Only some rows? A condition, or nothing for all rows', { placeholder: "region = 'EU'" }));
  return { ...given, ...chosen, ...(only.trim() === '' ? {} : { rows: only.trim() }) };
}

/** The class that stands for all that is sensitive: it, and whatever is stricter. */
function leastStrict({ mesh }: Base['declaration']): string {
  return classesOf(mesh.value)[0]?.name ?? pii;
}

async function askForPrincipals(choices: Choice[]): Promise<readonly string[] | undefined> {
  if (choices.length === 0) return undefined;
  const whom = await one('Who gets it?', [
    { value: 'account', label: 'the account itself', hint: 'its administrators pass it on' },
    { value: 'some', label: 'some of its principals', hint: '' },
  ]);
  return whom === 'account' ? undefined : await several('Which principals?', choices);
}

interface Linking {
  readonly declaration: Base['declaration'];
  readonly account: string;
  /** The product's. */
  readonly database: string;
  /** Whether the account itself gets access, which its people are given a part of. */
  readonly isForAccount: boolean;
}

async function askForLink(
  { import: given, region, reader }: RequestFlags,
  { declaration, account, database, isForAccount }: Linking,
): Promise<Pick<RequestFlags, 'import' | 'region' | 'reader'>> {
  const { central } = declaration.mesh.value;
  const { id, regions = [], principals = {} } = declaration.accounts.get(account)?.value ?? {};
  if (id === central.account) return {};
  const said =
    given ??
    (await line("A name for it in the account's own catalog, where it is queried; nothing for none", {
      placeholder: database,
    }));
  if (said.trim() === '') return {};
  const all = [central.region, ...regions];
  const choices = all.map((value) => ({ value, label: value, hint: '' }));
  const where = region ?? (all.length === 1 ? undefined : await one('In which region?', choices, central.region));
  const people = Object.entries(principals).map(([value, hint]) => ({
    value,
    label: visible(value),
    hint: visible(hint),
  }));
  const readers = reader ?? (isForAccount && people.length > 0 ? await several('Who reads there?', people) : undefined);
  return {
    import: said.trim(),
    ...(where === undefined || where === central.region ? {} : { region: where }),
    ...(readers === undefined ? {} : { reader: readers }),
  };
}

async function askForEnd(today: string): Promise<string | undefined> {
  const end = await one(
    'Until when?',
    [
      ...['30d', '90d', '6m', '1y'].map((span) => ({ value: span, label: span, hint: dayOf(span, today) })),
      { value: 'other', label: 'another day', hint: '' },
      { value: 'none', label: 'no end', hint: 'until somebody ends it' },
    ],
    '90d',
  );
  if (end !== 'other') return end === 'none' ? undefined : end;
  return await line('The last day', {
    placeholder: 'YYYY-MM-DD, or 45d',
    fault: (said) => {
      const found = until(said, today);
      return 'fault' in found ? `this ${found.fault}` : undefined;
    },
  });
}

function dayOf(span: string, today: string): string {
  const found = until(span, today);
  return 'day' in found ? `until ${found.day}` : '';
}

async function askForName({
  declaration,
  key,
}: {
  declaration: Base['declaration'];
  key: string;
}): Promise<string | undefined> {
  if (!declaration.subscriptions.has(key)) return undefined;
  return await line('The account subscribes to this product already; a name for the second subscription', {
    fault: (said) => {
      if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(said)) return 'names have lower-case letters, digits and hyphens';
      return declaration.subscriptions.has(`${key}.${said}`) ? 'this name is taken, too' : undefined;
    },
  });
}
