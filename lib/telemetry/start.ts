import type { ServerEnv } from '@/lib/env/server';
import { otlpHeaders, tracesUrl } from '@/lib/env/telemetry';
import { onErrorLine } from '@/lib/kernel/log';
import { traceTo } from '@/lib/kernel/trace';
import { errorReporter } from './report-errors';
import { TraceExport } from './trace-export';

const FLUSH_EVERY_MS = 5_000;

/** Hands traces and errors to whom the environment names; without a name nothing is made or sent. Answers how to end it. */
export function startTelemetry(env: ServerEnv): () => Promise<void> {
  const service = env.OTEL_SERVICE_NAME;
  if (env.SENTRY_DSN) {
    const report = errorReporter({
      ...{ dsn: env.SENTRY_DSN, environment: env.SENTRY_ENVIRONMENT, release: env.SENTRY_RELEASE ?? null },
    });
    onErrorLine((line) => void report(line));
  }
  const url = tracesUrl(env);
  if (url === null) return async () => undefined;
  const resource = { 'service.name': service, 'deployment.environment.name': env.SENTRY_ENVIRONMENT };
  const exporter = new TraceExport({ url, headers: otlpHeaders(env.OTEL_EXPORTER_OTLP_HEADERS), resource });
  traceTo((span) => exporter.add(span));
  const timer = setInterval(() => void exporter.flush(), FLUSH_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    traceTo(null);
    await exporter.flush();
  };
}
