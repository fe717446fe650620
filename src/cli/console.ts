/** What a command may see and touch of the process it runs in. */
export interface Console {
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress and logs. */
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: { readonly in?: boolean; readonly out: boolean; readonly err: boolean };
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

/** Whether text on a stream may carry colour: on a terminal, unless NO_COLOR is set; anywhere with FORCE_COLOR. */
export function hasColour({ env, isTerminal }: Console, stream: 'out' | 'err'): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
  return isTerminal[stream];
}
