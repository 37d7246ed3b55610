import { productionHost } from '@/lib/api/api-route';
import { serveMetrics } from '@/lib/api/serve-metrics';
import { serverEnv } from '@/lib/env/server';
import { factsOf } from '@/lib/pipeline/request';

/** For Prometheus: docs/health.md. */
export async function GET(request: Request): Promise<Response> {
  const { AETHERSTACK_METRICS_TOKEN, AETHERSTACK_TRUSTED_PROXY_HOPS } = serverEnv();
  const host = await productionHost(factsOf(request.headers, AETHERSTACK_TRUSTED_PROXY_HOPS));
  return serveMetrics(request, host, AETHERSTACK_METRICS_TOKEN);
}
