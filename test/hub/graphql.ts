import { type Answer, Refusal } from './call.ts';
import type { Bearer } from './world.ts';

/** The one question that is asked of GitHub's other interface, which REST does not answer for a workflow or an app. */
export const viewerQuery = /^\s*(?:query\s*)?\{\s*viewer\s*\{\s*login\s+databaseId\s*\}\s*\}\s*$/;

/** Answers who asks: for a workflow or an app, its bot. */
export function viewerAnswer(bearer: Bearer | undefined): Answer {
  if (bearer === undefined || bearer.user.deleted) return new Refusal(401, 'Bad credentials').answer;
  const { login, id } = bearer.user;
  return { status: 200, body: { data: { viewer: { login, databaseId: id } } } };
}
