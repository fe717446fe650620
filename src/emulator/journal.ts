import { appendFileSync } from 'node:fs';
import type { Permission } from './permission.ts';

/** One permission of one principal on one resource, as it is stored. */
export interface Atom {
  readonly principal: string;
  readonly resource: AtomResource;
  readonly permission: Permission;
  readonly grantable: boolean;
  readonly condition?: string;
  /** Set in a change that takes only the grant option away. */
  readonly optionOnly?: true;
}

/** A resource spelled out; `columns` is there only where a SELECT does not cover all columns. */
export interface AtomResource {
  readonly kind: string;
  readonly catalogId: string;
  readonly database?: string;
  readonly table?: string;
  readonly columns?: { readonly include: readonly string[] } | { readonly exclude: readonly string[] };
  readonly filter?: string;
  readonly arn?: string;
  readonly tagKey?: string;
  readonly tagValues?: readonly string[];
  readonly resourceType?: string;
  readonly expression?: readonly { readonly key: string; readonly values: readonly string[] }[];
  readonly name?: string;
}

/** A change of anything but a permission. */
interface ObjectChange {
  readonly kind: string;
  readonly catalogId: string;
  readonly name: string;
  readonly value?: unknown;
}

/** A change that was really made. */
export type Change =
  | { readonly verb: 'grant' | 'revoke'; readonly what: Atom }
  | { readonly verb: 'create' | 'update' | 'delete'; readonly what: ObjectChange };

/** One call, as it went. A call whose connection was cut has the status 0. */
export interface JournalEntry {
  readonly index: number;
  readonly time: number;
  readonly account: string;
  readonly region: string;
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
  readonly request: unknown;
  readonly status: number;
  readonly code?: string;
  readonly failures?: number;
  readonly changes: readonly Change[];
}

/** The calls so far, in the order in which they were answered. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** All entries; the array grows. */
  entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Writes an entry down, to the file too, before it returns. */
  write(entry: Omit<JournalEntry, 'index'>): void {
    const numbered = { index: this.#entries.length, ...entry };
    this.#entries.push(numbered);
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(numbered)}\n`);
  }
}
