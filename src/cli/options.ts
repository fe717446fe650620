/** Options that every command takes. */
export interface CommonOptions {
  readonly mesh: string;
  readonly format: Format;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** How results are written. */
export type Format = 'text' | 'json' | 'markdown';

/** The formats, for the argument parser. */
export const formats: readonly Format[] = ['text', 'json', 'markdown'];

/** Options of the commands that look at a lake. */
export interface LakeOptions extends CommonOptions {
  readonly trustRoot?: string;
  /** A file of proofs, or `github`. */
  readonly approvals?: string;
  /** How many requests to GitHub a run may make. */
  readonly requestBudget: number;
  /** Where GitHub's answers about what cannot change are kept. */
  readonly proofCache?: string;
  /** A file of holds that count beside those of mesh.yaml. */
  readonly holds?: string;
  /** How often a call is made that keeps failing for a passing reason. */
  readonly tries: number;
  /** Seconds that a call may go without an answer. */
  readonly timeout: number;
  /** Seconds that the rest of the mesh waits for a consumer's account. */
  readonly accountTimeout: number;
}

/** Options of `doctor`. */
export interface DoctorOptions
  extends Omit<LakeOptions, 'approvals' | 'requestBudget' | 'proofCache' | 'accountTimeout'> {
  /** A text to explain; true, it comes from standard input. */
  readonly explain?: string | true;
}

/** A whole number from the least up; anything else is a problem of the option. */
export function wholeNumber(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new SetupProblem('BAD_OPTION', `${option} ${text} is no whole number from ${least} to ${most}`);
  };
}

/** A number above zero, fractions allowed; anything else is a problem of the option. */
export function positiveNumber(option: string, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= most) return value;
    throw new SetupProblem('BAD_OPTION', `${option} ${text} is no number above 0, ${most} at most`);
  };
}

/** A set-up that cannot work; the message says what is wrong, the hint what would be right. Exit code 1. */
export class SetupProblem extends Error {
  override readonly name = 'SetupProblem';
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** A set-up that was found not to work when a part was done; what is done is said, and stays. */
export class HalfDone extends SetupProblem {
  readonly done: string;

  constructor(code: string, message: string, done: string) {
    super(code, message);
    this.done = done;
  }
}
