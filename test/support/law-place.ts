/** The account of the central catalog in every generated mesh. */
export const central = '111122223333';
/** Its region. */
export const region = 'eu-west-1';
/** The role as which laws run Meshgate. */
export const caller = `arn:aws:iam::${central}:role/meshgate`;
/** The day on which every law plays. */
export const today = '2026-06-15';
