/** Switches of what crosses accounts. */
export const sharingSwitches = {
  lapsedInvitationRenewedBy: {
    default: 'new-share',
    values: ['new-share', 'new-grant', 'any-grant'],
    decides:
      'which grant invites an account again whose invitation has lapsed or was rejected: one that makes the share anew, any that was not there, or a repeated one too',
    source:
      'revoke and grant again is the advice of https://github.com/aws-samples/monitor-ram-for-expired-lake-formation-invites',
  },
  version5Shares: {
    default: 'reuse',
    values: ['reuse', 'new'],
    decides: 'whether grants of cross-account version 5 go to the shares that are there or to shares of their own',
    source: 'https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html names both',
  },
  sharesNamed: {
    default: true,
    values: [true, false],
    decides: 'whether ListPermissions names the RAM shares that bring a permission to another account',
    source:
      'https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DetailsMap.html has them, and does not say of which permissions',
  },
  dropOrphansShares: {
    default: true,
    values: [true, false],
    decides: 'whether a RAM share stays behind when the table or database that it shares is dropped',
    source: 'https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html advises to revoke first',
  },
  linksShowTarget: {
    default: true,
    values: [true, false],
    decides: 'whether Glue answers for a resource link with the properties of its target, or with its own',
    source:
      'https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-glue-apis.html says the first, not in what form',
  },
  unreachableLink: {
    default: 'refuse',
    values: ['refuse', 'show'],
    decides:
      'whether GetTable refuses a resource link whose target is gone or not for the caller, or shows the link itself',
    source:
      'https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-glue-apis.html says so of databases alone',
  },
  foreignTagsListed: {
    default: true,
    values: [true, false],
    decides: 'whether ListLFTags shows the LF-Tags that other accounts share',
    source: 'https://github.com/hashicorp/terraform-provider-aws/issues/26602 got an empty list',
  },
  repeatedOptIn: {
    default: 'refuse',
    values: ['refuse', 'accept'],
    decides: 'whether opting in what is opted in already is refused',
    source: 'not documented',
  },
  adminsReadData: {
    default: false,
    values: [true, false],
    decides: 'whether a data lake administrator reads the data of tables without a grant',
    source:
      'https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html names no SELECT; https://github.com/hashicorp/terraform-provider-aws/issues/35160 shows one',
  },
  severalFilters: {
    default: 'union',
    values: ['union', 'intersection'],
    decides: 'which rows a principal reads that holds several data cells filters on a column: those of any, or of all',
    source: 'https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html tells of groups alone',
  },
} as const;
