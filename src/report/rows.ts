import { type Line, objectText, optionText } from './lines.ts';
import { safe } from './markup.ts';

/** The head of a table of changes. */
export const rowHead = ['| product | for | what | on |', '|---|---|---|---|'] as const;

/** Whether a line takes something away. */
export function takesAway({ verb }: Line): boolean {
  return verb === 'revoke' || verb === 'delete';
}

/** What is taken away before what is given. */
export function removalsFirst(lines: readonly Line[]): readonly Line[] {
  return [...lines.filter(takesAway), ...lines.filter((line) => !takesAway(line))];
}

/** Changes as rows of a table: what is taken away in bold, and tables of one database to which the same happens in one row. */
export function changeRows(lines: readonly Line[], names: ReadonlyMap<string, string>): readonly string[] {
  return rowsOf(lines, names).map(({ cells }) => `| ${cells.join(' | ')} |`);
}

/** The same with who changed it last, and when. */
export function driftRows(lines: readonly Line[], names: ReadonlyMap<string, string>): readonly string[] {
  return rowsOf(lines, names).map(({ cells, line: { updatedAt = '', updatedBy = '' } }) => {
    // To the minute, and without what all ARNs begin with: the table is wide enough.
    const who = safe(`${updatedAt.slice(0, 16)} ${updatedBy.replace(/^arn:[^:]*:[^:]*::?/, '')}`.trim());
    return `| ${[...cells, who].join(' | ')} |`;
  });
}

interface Row {
  readonly line: Line;
  readonly cells: readonly string[];
}

function rowsOf(lines: readonly Line[], names: ReadonlyMap<string, string>): readonly Row[] {
  const groups = new Map<string, { readonly line: Line; readonly tables: string[] }>();
  for (const line of lines) {
    const table = tableOf(line);
    const key = JSON.stringify([
      cellsOf(line, names),
      line.updatedAt,
      line.updatedBy,
      table?.database ?? line.on,
      table?.rest,
    ]);
    const group = groups.get(key) ?? { line, tables: [] };
    if (table !== undefined) group.tables.push(table.name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ line, tables }) => ({
    line,
    cells: [...cellsOf(line, names), safe(tables.length > 1 ? tablesText(line, tables) : line.on, 600)],
  }));
}

/** What a row says beside the resource. */
function cellsOf(line: Line, names: ReadonlyMap<string, string>): readonly string[] {
  const { verb, product, principal, what, classes, reason } = line;
  const mark = classes.map((one) => ` · **${safe(one)}**`).join('');
  const why = reason === 'desired' || reason === 'not desired' ? '' : ` (${reason})`;
  const text = safe(`${verb} ${what}${optionText(line)}`, 300);
  return [
    safe(product),
    safe(names.get(principal) ?? principal),
    `${takesAway(line) ? `**${text}**` : text}${why}${mark}`,
  ];
}

interface TableIn {
  readonly database: string;
  readonly name: string;
  /** What the line says of its columns. */
  readonly rest: string;
}

/** The table of a line that is about one; undefined for all other resources. */
function tableOf({ changes: [change], on }: Line): TableIn | undefined {
  const fact = change?.after ?? change?.before;
  if (fact?.kind !== 'grant' || fact.resource.kind !== 'table') return undefined;
  const { database, table } = fact.resource;
  return { database, name: table, rest: on.slice(objectText(fact).length) };
}

/** Tables that are named before the rest is counted. */
const namedTables = 12;

function tablesText(line: Line, tables: readonly string[]): string {
  const { database = '', rest = '' } = tableOf(line) ?? {};
  const more = tables.length > namedTables ? ` and ${tables.length - namedTables} more` : '';
  return `tables of ${database}: ${tables.slice(0, namedTables).join(', ')}${more}${rest.replace(/^, columns/, '; columns')}`;
}
