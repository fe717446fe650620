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
  dropOrphansShares: {
    default: true,
    values: [true, false],
    decides: 'whether a RAM share stays behind when the table or database that it shares is dropped',
    source: 'https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html advises to revoke first',
  },
} as const;
