/** Who stands where nobody has decided yet; no GitHub user has this id. */
export const undecidedPerson = { login: 'to-be-decided', id: 9_007_199_254_740_991 } as const;
