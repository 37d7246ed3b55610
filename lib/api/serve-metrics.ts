import { createHash, timingSafeEqual } from 'node:crypto';
import { engineActor } from '@/lib/auth/actor';
import { describeError, log } from '@/lib/kernel/log';
import { EXPOSITION_TYPE } from '@/lib/observability/model/exposition';
import { metricsQuery } from '@/lib/observability/queries';
import { answerTo } from '@/lib/pipeline/refusal';
import { runQuery } from '@/lib/pipeline/run-query';
import { type ApiHost, readingCaller } from './caller';
import { PRIVATE, problemOf } from './problem';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Never public: with `Authorization: Bearer` and AETHERSTACK_METRICS_TOKEN, with an API token that may read all
 * environments, or with the session of somebody who may.
 */
export async function serveMetrics(
  request: Request,
  host: ApiHost,
  metricsToken: string | undefined,
): Promise<Response> {
  const { requestId } = host.facts;
  try {
    const given = request.headers.get('authorization');
    const scraper =
      metricsToken !== undefined && given !== null && timingSafeEqual(digest(given), digest(`Bearer ${metricsToken}`));
    const actor = scraper ? null : await readingCaller(given, host);
    const text = actor
      ? await runQuery(metricsQuery.definition, {}, host.contextFor(actor, requestId))
      : await metricsQuery.definition.run(host.contextFor(engineActor, requestId), {});
    return new Response(text, { headers: { ...PRIVATE, 'Content-Type': EXPOSITION_TYPE } });
  } catch (error) {
    const answer = answerTo(error, requestId);
    if (answer.unexpected) log.error('metrics failed', { requestId, ...describeError(error) });
    return problemOf(answer, requestId);
  }
}
