import 'server-only';
import { ServiceError } from '@/lib/kernel/errors';
import type { ActionResult } from '@/lib/kernel/result';
import { pageQuery, type Query } from '@/lib/pipeline/define-query';

/** As `pageQuery`, with a refusal as a value: a page can say why and who can lift it. Anything unforeseen is thrown on. */
export async function readOrRefuse<I, O>(query: Query<I, O>, input: I, path: string): Promise<ActionResult<O>> {
  try {
    return { ok: true, value: await pageQuery(query, input, path) };
  } catch (error) {
    if (error instanceof ServiceError) return { ok: false, refusal: { code: error.code, sentence: error.sentence } };
    throw error;
  }
}
