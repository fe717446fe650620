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
  readonly approvals?: string;
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
