import 'server-only';
import { publicStatusQuery } from './public-query';
import { PublicAnswers } from './serve';

// Pages and routes are bundled apart, and each bundle would have one of its own.
const store = globalThis as unknown as { aetherstackPublicAnswers?: PublicAnswers };

/** One of it a process. */
export function publicAnswers(): PublicAnswers {
  store.aetherstackPublicAnswers ??= new PublicAnswers(() => publicStatusQuery({}));
  return store.aetherstackPublicAnswers;
}
