import { assuming } from '../aws/assume.ts';
import { type LakeOptions as Connection, clientsOf, connectLake } from '../aws/lake.ts';
import { roleArn, rolesOf, sessionPrefix } from '../bootstrap/site.ts';
import { type CatalogPlace, partitionOf } from '../core/aws-command.ts';
import type { Hurried, Lake } from '../core/lake.ts';
import { compareText } from '../core/problem.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { History } from '../declare/recall.ts';
import { isEntered } from '../desire/imports.ts';
import { scopeOf } from '../desire/scope.ts';
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
  return { ...to(account, there), ...assuming({ account, arn, session }, clientsOf(to(central, region))) };
}

/** How exactly the time is measured that somebody waits, in parts of it. */
const ticks = 100;

/** A time that begins when somebody waits, and stands still while this process is busy itself: nobody waits for the account then. */
function awaiting(seconds: number): Omit<Hurried, 'cut'> & { readonly isOver: () => string | undefined } {
  const reason = `the account took more than ${seconds} seconds (--account-timeout)`;
  let left = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const relax = (): void => {
    clearInterval(timer);
    left = Number.POSITIVE_INFINITY;
  };
  const hurry = (): Promise<string> => {
    relax();
    left = ticks;
    return new Promise((resolve) => {
      // Ticks that are missed while the process is busy are not made up for.
      timer = setInterval(
        () => {
          left -= 1;
          if (left > 0) return;
          clearInterval(timer);
          resolve(reason);
        },
        (seconds * 1000) / ticks,
      );
      timer.unref();
    });
  };
  return { hurry, relax, isOver: () => (left > 0 ? undefined : reason) };
}

/** The lakes that are entered, sorted: where links are, and where each account holds what it was given. */
export function enteredIn(
  declaration: Declaration,
  { commits }: Entering['history'],
): readonly (readonly [account: string, region: string])[] {
  const { region: home } = declaration.mesh.value.central;
  const reached = [...scopeOf(declaration, commits).ever.imports].filter(([account]) =>
    isEntered(declaration, account),
  );
  return reached
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([account, { byLink }]) => {
      const regions = [...byLink.keys()].map((name) => name.split(' ')[0] ?? '');
      return [...new Set([home, ...regions])].sort().map((region) => [account, region] as const);
    });
}
