import type { Account, DataProduct, Mesh, Subscription } from '../declare/files.ts';
import type { Right } from './rights.ts';

/** A mesh file to be written: its values, and what a person should read beside them. */
export interface NewFile {
  /** The path inside the mesh directory. */
  readonly path: string;
  readonly value: Mesh | Account | DataProduct | Subscription;
  /** Comments above the file. */
  readonly head: readonly string[];
  /** Comments above single fields of the file, where a person must decide. */
  readonly comments: Readonly<Record<string, readonly string[]>>;
  /** What a subscription file says, which can also stay out. */
  readonly rights?: readonly Right[];
}

/** Something to be added to a file that is there already, for a person to do. */
export interface Edit {
  readonly path: string;
  /** YAML, or a sentence. */
  readonly text: string;
}

/** The version of the file format. */
export const apiVersion = 'meshgate/v1' as const;
