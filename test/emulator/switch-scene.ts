import {
  BatchGrantPermissionsCommand,
  GrantPermissionsCommand,
  type Permission,
  type Resource,
  RevokePermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { SeedGrant, SeedRegion } from '../../src/emulator/seed.ts';
import type { Switches } from '../../src/emulator/switches.ts';
import { analyst, brief, type Client, central, database, listAll, who } from './fixture.ts';

export interface Scene {
  readonly emulator: Emulator;
  readonly client: Client;
  readonly analyst: Client;
}

export interface Case {
  readonly name: keyof Switches;
  readonly given?: SeedGrant[];
  readonly more?: Partial<SeedRegion>;
  /** What is done and seen, as text. */
  readonly act: (scene: Scene) => Promise<unknown>;
  /** What must be seen, position by position of the switch; each position has to be here. */
  readonly seen: Readonly<Record<string, unknown>>;
}

export const held = (resource: Resource, permissions: Permission[], withGrantOption: Permission[] = []): SeedGrant => ({
  principal: analyst,
  resource: { ...resource },
  permissions,
  withGrantOption,
});
export const europe = {
  DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'europe' },
};
export const wide = ['analyst: columns sales.orders *-[] SELECT'];

/** Grants or revokes for the analyst and answers what is there then, or the code of the refusal. */
export const change =
  (verb: 'grant' | 'revoke', resource: Resource, permissions: Permission[], options: Permission[] = []) =>
  async ({ client }: Scene) => {
    const input = {
      Principal: who(analyst),
      Resource: resource,
      Permissions: permissions,
      PermissionsWithGrantOption: options,
    };
    const command = verb === 'grant' ? new GrantPermissionsCommand(input) : new RevokePermissionsCommand(input);
    try {
      await (verb === 'grant'
        ? client.lakeFormation.send(command as GrantPermissionsCommand)
        : client.lakeFormation.send(command as RevokePermissionsCommand));
    } catch (error) {
      return (error as Error).name;
    }
    return (await listAll(client)).map(brief).sort();
  };
export const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: Error) => error.name,
  );
export const entries = (ids: string[]) =>
  new BatchGrantPermissionsCommand({
    Entries: ids.map((Id) => ({ Id, Principal: who(analyst), Resource: database, Permissions: ['DESCRIBE'] })),
  });
