import { assuming } from '../aws/assume.ts';
import { type LakeOptions as Connection, connectLake } from '../aws/lake.ts';
import { roleArn, rolesOf, sessionPrefix } from '../bootstrap/site.ts';
import { type CatalogPlace, partitionOf } from '../core/aws-command.ts';
import type { Hurried, Lake } from '../core/lake.ts';
import type { Declaration } from '../declare/declaration.ts';
import { isEntered } from '../desire/imports.ts';
import { scopeOf } from '../desire/scope.ts';
import type { History } from '../reconcile.ts';
import { connectionTo, type Patience } from './connect.ts';
import type { LakeOptions } from './options.ts';

/** What the lakes of consumers are entered for. */
export interface Entering {
  readonly declaration: Declaration;
  readonly history: Pick<History, 'commits'>;
  /** The role that is taken on: the one that reads, or the one that grants and revokes. */
  readonly as: 'observe' | 'apply';
  /** What names the run in the audit trail of each account, such as a run's id and the commit. */
  readonly run: readonly string[];
  /** The accounts that are entered, where it is not all of them. */
  readonly only?: ReadonlySet<string>;
}

/**
 * The lakes of the consumers into which subscriptions reach, or once reached: where mesh.yaml or the account's file says
 * which roles Meshgate runs as (`runsAs`), it takes on the one in each account. Nothing is asked before it is needed.
 */
export async function consumerLakes(
  entering: Entering,
  patience: Patience & Pick<LakeOptions, 'accountTimeout'>,
): Promise<readonly (Lake & Hurried)[]> {
  const { declaration, history, only } = entering;
  const entered = enteredIn(declaration, history).filter(([account]) => only?.has(account) !== false);
  return Promise.all(
    entered.map(async ([account, region]) => {
      const { isOver, ...awaited } = awaiting(patience.accountTimeout);
      const lake = await connectLake(connectionInto({ account, region }, entering, { ...patience, isOver }));
      return { ...lake, ...awaited };
    }),
  );
}

/** A connection with the role that is taken on in an account. */
export function connectionInto(
  { account, region: there }: CatalogPlace,
  { declaration, as, run }: Omit<Entering, 'history'>,
  { isOver, ...patience }: Patience & { readonly isOver?: () => string | undefined },
): Connection {
  const { region, account: central } = declaration.mesh.value.central;
  const session = `${sessionPrefix}${run.join('-')}`.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
  const arn = roleArn({ partition: partitionOf(region) }, account, rolesOf(declaration, account)[as]);
  const to = (whose: string, where: string): Connection => {
    const connection = connectionTo(whose, where, patience);
    return { ...connection, retry: { ...connection.retry, ...(isOver && { isOver }) } };
  };
  return { ...to(account, there), credentials: assuming({ arn, session }, to(central, region)) };
}

/** A time that begins when somebody waits. */
function awaiting(seconds: number): Hurried & { readonly isOver: () => string | undefined } {
  let end = Number.POSITIVE_INFINITY;
  return {
    hurry: () => {
      end = performance.now() + seconds * 1000;
    },
    relax: () => {
      end = Number.POSITIVE_INFINITY;
    },
    isOver: () =>
      performance.now() < end ? undefined : `the account took more than ${seconds} seconds (--account-timeout)`,
  };
}

/** The lakes that are entered, sorted: where links are, and where each account holds what it was given. */
export function enteredIn(
  declaration: Declaration,
  { commits }: Entering['history'],
): readonly (readonly [account: string, region: string])[] {
  const { region: home } = declaration.mesh.value.central;
  const lakes = [...scopeOf(declaration, commits).ever.imports.keys()].flatMap((name) => {
    const [account = '', region = ''] = name.split(/[/ ]/);
    return isEntered(declaration, account) ? [`${account}/${home}`, `${account}/${region}`] : [];
  });
  return [...new Set(lakes)].sort().map((lake) => {
    const [account = '', region = ''] = lake.split('/');
    return [account, region];
  });
}
