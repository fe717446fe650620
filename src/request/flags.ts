/** What a request is told by flags; an issue form fills in the same. */
export interface RequestFlags {
  readonly product?: string;
  /** The consuming account. */
  readonly as?: string;
  readonly name?: string;
  readonly table?: readonly string[];
  readonly database?: boolean;
  readonly location?: readonly string[];
  readonly column?: readonly string[];
  readonly exclude?: readonly string[];
  readonly rows?: string;
  readonly permission?: readonly string[];
  readonly principal?: readonly string[];
  /** The name of the resource link in the consuming account's own catalog. */
  readonly import?: string;
  /** The region whose catalog holds the link. */
  readonly region?: string;
  /** Who of the account reads through the link. */
  readonly reader?: readonly string[];
  readonly expires?: string;
  readonly purpose?: string;
}
