import { type LakeOptions as Connection, connectLake } from '../aws/lake.ts';
import { roleArn, rolesOf } from '../bootstrap/site.ts';
import { partitionOf } from '../core/aws-command.ts';
import { covers, type Fact } from '../core/fact.ts';
import type { Read } from '../core/inspection.ts';
import { LakeFailure, type LakeReader } from '../core/lake.ts';
import type { Desired, Proofs } from '../core/state.ts';
import { desire } from '../desire/desire.ts';
import { isEntered } from '../desire/imports.ts';
import { scopeOf } from '../desire/scope.ts';
import type { AccountReading } from '../doctor/reading.ts';
import { tablesWith } from '../observe/filters.ts';
import { observeImports, withFilterGrants } from '../observe/imports.ts';
import { byHandOf } from '../plan/by-hand.ts';
import { type Attempts, attempting } from './attempts.ts';
import { connectionInto, enteredIn } from './consumers.ts';
import { type Examined, rolesAt } from './examine-roles.ts';

/** What can be learned of the accounts into which subscriptions reach, with the role of the kind that the caller is. */
export async function accountsOf(examined: Examined): Promise<readonly AccountReading[]> {
  const { declaration, observed, caller, options } = examined;
  const [, own] = caller.arn.split('/');
  const { observe, apply } = rolesOf(declaration, declaration.mesh.value.central.account);
  const entering = { declaration, as: own === apply ? 'apply' : 'observe', run: ['doctor'] } as const;
  const { region: home } = declaration.mesh.value.central;
  const lakes = enteredIn(declaration, { commits: [] });
  const reached = scopeOf(declaration).imports;
  const accounts = [...declaration.accounts].flatMap(([name, { value }]) =>
    reached.has(value.id) ? [{ name, id: value.id }] : [],
  );
  if (accounts.length === 0) return [];
  const desired = desire(declaration, {
    catalog: observed.catalog,
    administrators: observed.settings.administrators,
    today: new Date().toISOString().slice(0, 10),
  });
  const steps = byHandOf(desired, {
    isEntered: (lake) => isEntered(declaration, lake.split('/')[0] ?? ''),
    // Whether somebody approved it, a plan tells.
    proofs: allProven(desired),
  });
  return Promise.all(
    accounts.map(async ({ name, id }): Promise<AccountReading> => {
      const own = steps.filter(({ account }) => account === id).flatMap((one) => one.steps);
      if (!isEntered(declaration, id)) return { name, id, steps: own };
      const regions = lakes.flatMap(([account, region]) => (account === id ? [region] : []));
      const [connection, ...elsewhere] = [home, ...regions.filter((region) => region !== home)].map((region) =>
        connectionInto({ account: id, region }, entering, options),
      ) as [Connection, ...Connection[]];
      const lake = await connectLake(connection);
      const attempts: Attempts = new Map();
      const [called, settings, shares] = await Promise.all([
        attempting(attempts, 'GetCallerIdentity', lake.caller()),
        attempting(attempts, 'GetDataLakeSettings', lake.settings()),
        attempting(attempts, 'ListResources', lake.accepted()),
      ]);
      const role = roleArn({ partition: partitionOf(home) }, id, rolesOf(declaration, id)[entering.as]);
      const isTrusted = isOneOf(caller.arn, [observe, apply]);
      // Where nobody comes in there is nothing more to ask.
      const roles = called.isRead ? await rolesAt(name, examined, connection) : [];
      const others = await Promise.all(elsewhere.map(connectLake));
      const missing = called.isRead ? await missingIn([lake, ...others], desired) : called;
      return { name, id, steps: [], entry: { role, isTrusted, caller: called, settings, shares, missing, roles } };
    }),
  );
}

function isOneOf(arn: string, names: readonly string[]): boolean {
  const [, own = ''] = arn.split('/');
  return names.includes(own);
}

/** What is asked for in lakes that were entered, and is not there. */
async function missingIn(lakes: readonly LakeReader[], { facts }: Desired): Promise<Read<readonly Fact[]>> {
  const hybrid = new Set(
    [...facts.values()].flatMap(({ fact }) =>
      fact.kind === 'opt-in' && 'database' in fact.resource ? [fact.resource.database] : [],
    ),
  );
  const filters = [...facts.values()].flatMap(({ fact: { lake, ...fact } }) =>
    fact.kind === 'grant' && fact.resource.kind === 'data-cells-filter' ? [{ lake, ...fact.resource }] : [],
  );
  const seen = await Promise.all(
    lakes.map(async (lake) => {
      const limited = tablesWith(filters.filter((one) => one.lake === lake.lake));
      return withFilterGrants(lake, await observeImports(lake, hybrid), limited);
    }),
  );
  const [gap] = seen.flatMap(({ gaps }) => gaps);
  if (gap !== undefined) {
    const failure = { operation: 'reading the lake', code: gap.code, message: gap.message, kind: 'final' } as const;
    return { isRead: false, failure: new LakeFailure(failure) };
  }
  const live = new Map(seen.flatMap((one) => [...one.facts]));
  const names = new Set(lakes.map(({ lake }) => lake));
  const missing = [...facts.values()].flatMap(({ key, fact, wishes }) => {
    if (!names.has(fact.lake) || wishes.every(({ cause }) => cause.refused !== undefined)) return [];
    const there = live.get(key)?.fact;
    return there !== undefined && covers(there, fact) ? [] : [fact];
  });
  return { isRead: true, value: missing };
}

function allProven({ facts }: Desired): Proofs {
  const files = [...facts.values()].flatMap(({ wishes }) => wishes.flatMap(({ cause }) => cause.files));
  return new Map(files.map((file) => [file, { proven: true, by: 'whoever looks' }]));
}
