import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDataCellsFilterCommand,
  GrantPermissionsCommand,
  type GrantPermissionsCommandInput,
  type Permission,
  type Resource,
  RevokePermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { type Clients, codeOf, type Row, unhindered } from './aws.ts';
import { createTable, databaseOf, isSandbox, rowsOn } from './sandbox.ts';

/** What a question has to work with: a sandbox, a principal to give to, and its rights where they can be had. */
export interface Parts {
  readonly clients: Clients;
  /** The principal itself, undefined where its role may not be assumed. */
  readonly asPrincipal: Clients | undefined;
  readonly account: string;
  readonly caller: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly database: string;
  readonly principal: string;
  /** Milliseconds after which a change is thought to be seen. */
  readonly wait: number;
}

/** The hands of the probe: every write names the sandbox, or is not made. */
export class Scene {
  readonly parts: Parts;
  #tables = 0;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** A new table of the sandbox, with the columns id, total, email and name. */
  async table(): Promise<string> {
    this.#tables += 1;
    const name = `t${this.#tables}`;
    await createTable(this.parts.clients, this.parts.database, name);
    return name;
  }

  onDatabase(): Resource {
    return { Database: { Name: this.parts.database } };
  }

  onTable(table: string): Resource {
    return { Table: { DatabaseName: this.parts.database, Name: table } };
  }

  onAllTables(): Resource {
    return { Table: { DatabaseName: this.parts.database, TableWildcard: {} } };
  }

  onColumns(table: string, ...names: readonly string[]): Resource {
    return { TableWithColumns: { DatabaseName: this.parts.database, Name: table, ColumnNames: [...names] } };
  }

  onFilter(table: string, name: string): Resource {
    const { account, database } = this.parts;
    return { DataCellsFilter: { TableCatalogId: account, DatabaseName: database, TableName: table, Name: name } };
  }

  /** Makes a data cells filter on a table of the sandbox, by default of all rows. */
  async filter(table: string, name: string, rows?: string): Promise<void> {
    const { account, database, clients } = this.parts;
    const TableData = {
      TableCatalogId: account,
      DatabaseName: database,
      TableName: table,
      Name: name,
      RowFilter: rows === undefined ? { AllRowsWildcard: {} } : { FilterExpression: rows },
      ColumnWildcard: {},
    };
    await unhindered(() => clients.lakeFormation.send(new CreateDataCellsFilterCommand({ TableData })));
  }

  /** Grants to the principal, or another; answers the code of a refusal, or `ok`. */
  grant(resource: Resource, permissions: Permission[], more: More = {}): Promise<string> {
    const command = new GrantPermissionsCommand(this.#input(resource, permissions, more));
    return this.#write(resource, () => this.parts.clients.lakeFormation.send(command), more.tries);
  }

  /** Revokes from the principal; answers the code of a refusal, or `ok`. */
  revoke(resource: Resource, permissions: Permission[], more: More = {}): Promise<string> {
    const command = new RevokePermissionsCommand(this.#input(resource, permissions, more));
    return this.#write(resource, () => this.parts.clients.lakeFormation.send(command), more.tries);
  }

  /** What the principal holds on a resource, after the wait; of a table also on its columns. */
  async held(resource: Resource, principal = this.parts.principal): Promise<readonly Row[]> {
    await this.settle();
    const rows = await rowsOn(this.parts.clients, resource);
    return rows.filter((row) => row.Principal?.DataLakePrincipalIdentifier === principal);
  }

  /** Waits until what was written should be seen. */
  async settle(): Promise<void> {
    await sleep(this.parts.wait);
  }

  #input(
    resource: Resource,
    permissions: Permission[],
    { principal, options = [] }: More,
  ): GrantPermissionsCommandInput {
    return {
      Principal: { DataLakePrincipalIdentifier: principal ?? this.parts.principal },
      Resource: resource,
      Permissions: permissions,
      PermissionsWithGrantOption: options,
    };
  }

  async #write(resource: Resource, send: () => Promise<unknown>, tries = 8): Promise<string> {
    if (!isSandbox(databaseOf(resource))) throw new Error(`outside the sandbox: ${JSON.stringify(resource)}`);
    for (let attempt = 1; ; attempt += 1)
      try {
        await send();
        return 'ok';
      } catch (thrown) {
        const code = codeOf(thrown);
        if (code !== 'ConcurrentModificationException' || attempt >= tries) return code;
        await sleep(this.parts.wait * attempt);
      }
  }
}

interface More {
  readonly principal?: string;
  readonly options?: Permission[];
  /** How often a write is made that meets another; 8 unless told. */
  readonly tries?: number;
}

/** All permissions in rows. */
export function permissionsIn(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ Permissions }) => Permissions ?? []).sort();
}

/** The column lists of rows, each sorted; an empty list stands for all columns. */
export function listsIn(rows: readonly Row[]): readonly (readonly string[])[] {
  return rows
    .flatMap(({ Resource: resource }) => resource?.TableWithColumns ?? [])
    .map(({ ColumnNames }) => [...(ColumnNames ?? [])].sort())
    .sort((a, b) => a.join().localeCompare(b.join()));
}
