/** An error that AWS is known to answer, explained for who meets it. */
export interface KnownError {
  /** A stable name. */
  readonly id: string;
  /** The codes it comes with, any of them; none, any code. */
  readonly codes: readonly string[];
  /** Alternatives, each a list of pieces that the text holds, all of them; none, any text. */
  readonly texts: readonly (readonly string[])[];
  /** What it means here, as a sentence without a full stop. */
  readonly means: string;
  /** What it mostly comes from. */
  readonly cause: string;
  /** The way out. */
  readonly remedy: string;
  /** Where the text was seen, or is documented. */
  readonly source: string;
}
