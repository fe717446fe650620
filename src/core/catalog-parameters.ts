/** The parameters of a database that mean something to Meshgate. */
export const catalogParameters = ['data_owner', 'data_owner_name', 'pii_flag'] as const;
