/** Who signs the tokens by which AWS knows a workflow of GitHub. */
export const issuer = 'token.actions.githubusercontent.com';

/** For whom the tokens are: what aws-actions/configure-aws-credentials asks for. */
export const audience = 'sts.amazonaws.com';

/** The branch from which everything is applied. */
export const branch = 'main';

/** A repository by its names, which may change hands, and its ids, which may not. */
export interface RepositoryIdentity {
  readonly owner: string;
  readonly ownerId: string;
  readonly name: string;
  readonly id: string;
}

/** Reads `owner@id/name@id`; undefined where a part is missing or no such thing. */
export function toRepositoryIdentity(text: string): RepositoryIdentity | undefined {
  const [, owner, ownerId, name, id] =
    /^([A-Za-z0-9-]{1,100})@(\d{1,20})\/([\w.-]{1,100})@(\d{1,20})$/.exec(text) ?? [];
  if (owner === undefined || ownerId === undefined || name === undefined || id === undefined) return undefined;
  return { owner, ownerId, name, id };
}

/** The repository that a text names by the form of a subject that carries the ids; undefined where it names none, or several. */
export function repositoryIn(text: string): RepositoryIdentity | undefined {
  const found = new Set([...text.matchAll(/repo:([A-Za-z0-9-]+@\d+\/[\w.-]+@\d+):/g)].map(([, name = '']) => name));
  const [only] = found;
  return found.size === 1 && only !== undefined ? toRepositoryIdentity(only) : undefined;
}

/**
 * Both forms of the subject of a token: that of repositories made or renamed after 2026-07-15 carries the ids, and the
 * older form does not. Source: https://docs.github.com/en/actions/reference/security/oidc.
 */
export function subjectsOf({ owner, ownerId, name, id }: RepositoryIdentity, context: string): readonly string[] {
  return [`repo:${owner}/${name}:${context}`, `repo:${owner}@${ownerId}/${name}@${id}:${context}`];
}
