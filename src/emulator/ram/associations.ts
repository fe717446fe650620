/** A resource on a share: how many stored rows need it, and what keeps it from the receiver. */
export interface Association {
  readonly arn: string;
  readonly rows: number;
  readonly since: number;
  /** Why RAM could not associate it, or that somebody took it off. */
  readonly fault?: string;
}

/** What the fault of an association says that somebody has taken off its share. */
export const takenOff = 'disassociated';

/** What the fault of an association says that RAM has not come to an end with. */
export const underWay = 'associating';

/** The resources of a share; those of a group are counted when they are looked at. */
export class Associations {
  #counted: Map<string, Association> | undefined;
  readonly #first: () => ReadonlyMap<string, number>;
  readonly #since: number;
  #rows: number;

  /** Begins with resources that so many rows need, by ARN. */
  constructor(since: number, first?: { readonly rows: number; readonly counted: () => ReadonlyMap<string, number> }) {
    this.#since = since;
    this.#rows = first?.rows ?? 0;
    this.#first = first?.counted ?? (() => new Map());
  }

  /** How many stored rows need this share. */
  get rows(): number {
    return this.#rows;
  }

  /** How many resources are on the share. */
  get size(): number {
    return this.#all.size;
  }

  get(arn: string): Association | undefined {
    return this.#all.get(arn);
  }

  list(): readonly Association[] {
    return [...this.#all.values()];
  }

  /** What keeps a resource from the receiver; nothing is counted where nothing ever happened. */
  faultOf(arn: string): string | undefined {
    return this.#counted?.get(arn)?.fault;
  }

  /** One more row needs a resource; whatever kept it from the receiver is judged anew. */
  add(arn: string, at: number, fault?: string): void {
    const known = this.#all.get(arn);
    const since = known && known.fault === fault ? known.since : at;
    this.#rows += 1;
    this.#all.set(arn, { arn, rows: (known?.rows ?? 0) + 1, since, ...(fault === undefined ? {} : { fault }) });
  }

  /** One row fewer needs the first of these resources that is here. */
  remove(arns: readonly string[]): void {
    const known = arns.map((arn) => this.#all.get(arn)).find((one) => one !== undefined);
    if (!known) return;
    this.#rows -= 1;
    if (known.rows > 1) this.#all.set(known.arn, { ...known, rows: known.rows - 1 });
    else this.#all.delete(known.arn);
  }

  /** Changes what keeps a resource from the receiver; undefined for nothing. A resource that is not there yet is put there. */
  mark(arn: string, at: number, fault: string | undefined): void {
    const rows = this.#all.get(arn)?.rows ?? 0;
    this.#all.set(arn, { arn, rows, since: at, ...(fault === undefined ? {} : { fault }) });
  }

  get #all(): Map<string, Association> {
    this.#counted ??= new Map(
      [...this.#first()].map(([arn, rows]) => [arn, { arn, rows, since: this.#since }] as const),
    );
    return this.#counted;
  }
}
