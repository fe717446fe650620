import type { LakeId } from './fact.ts';

/**
 * That RAM brings a principal of another account what it is granted on a database, on all its tables, or on one table
 * (also through data cells filters). Only those that are broken are observed.
 */
export interface Association {
  readonly kind: 'association';
  readonly lake: LakeId;
  readonly principal: string;
  readonly catalog: string;
  readonly database: string;
  /** The table; absent, it is the database itself, or all its tables. */
  readonly table?: string;
  readonly on: 'database' | 'all-tables' | 'table';
  /** What is wrong with it; nothing where RAM brings it. */
  readonly trouble?: SharingTrouble;
}

/** Why what is granted to another account does not reach it. */
export interface SharingTrouble {
  /** RAM could not put the resource on the share; the account let its invitation lapse or left; the share is gone. */
  readonly kind: 'failed' | 'lapsed' | 'gone';
  /** The ARNs of the shares that are to be mended, or that are gone; none where nobody names one. */
  readonly shares: readonly string[];
  /** What RAM says, or what is known, in words. */
  readonly says: string;
}
