import type { Share } from './share.ts';

/** The RAM shares of one account and region, found by ARN or by what they are for; deleted ones stay on record. */
export class ShareRegister {
  readonly #shares = new Map<string, Share>();
  readonly #open = new Map<string, Share>();
  readonly #made = new Map<string, number>();
  #first: (() => void) | undefined;

  /** Puts the first shares here when somebody first looks: a lake of a million permissions is to be there at once. */
  later(put: () => void): void {
    this.#first = put;
  }

  get(arn: string): Share | undefined {
    this.#begin();
    return this.#shares.get(arn);
  }

  /** The share that is there for a purpose. */
  for(purpose: string): Share | undefined {
    this.#begin();
    return this.#open.get(purpose);
  }

  /** How many shares have been made for a purpose. */
  made(purpose: string): number {
    return this.#made.get(purpose) ?? 0;
  }

  /** Every share, deleted ones too. */
  all(): Iterable<Share> {
    this.#begin();
    return this.#shares.values();
  }

  /** The shares that are not deleted. */
  open(): ReadonlyMap<string, Share> {
    this.#begin();
    return this.#open;
  }

  /** Keeps a share, in place of what it was. */
  put(share: Share): void {
    const { arn, purpose } = share;
    if (!this.#shares.has(arn)) this.#made.set(purpose, this.made(purpose) + 1);
    this.#shares.set(arn, share);
    if (share.deletedAt === undefined) this.#open.set(purpose, share);
    else if (this.#open.get(purpose)?.arn === arn) this.#open.delete(purpose);
  }

  #begin(): void {
    const put = this.#first;
    this.#first = undefined;
    put?.();
  }
}
