/** A file to be written. */
export interface TextFile {
  /** The path inside the directory that it is written to. */
  readonly path: string;
  readonly text: string;
}
