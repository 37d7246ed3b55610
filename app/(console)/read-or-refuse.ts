import 'server-only';
import { ServiceError } from '@/lib/kernel/errors';
import type { ActionResult } from '@/lib/kernel/result';
import { pageQuery, type Query } from '@/lib/pipeline/define-query';

/**
 * As `pageQuery`, with a refusal as a value: a page can say why and who can lift it, and `not_found` for what is not there.
 * Not `notFound()`: the page has begun to stream by then, and what is thrown in it is an error in the browser. The
 * layout has answered 404 already (`there-or-404.ts`); here it is for what went in between.
 */
export async function readOrRefuse<I, O>(query: Query<I, O>, input: I, path: string): Promise<ActionResult<O>> {
  try {
    return { ok: true, value: await pageQuery(query, input, path) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const code = error.kind === 'notFound' ? 'not_found' : error.code;
    return { ok: false, refusal: { code, sentence: error.sentence } };
  }
}
