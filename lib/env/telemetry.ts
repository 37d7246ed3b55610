import { z } from 'zod';

const optional = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : text))
  .optional();

const address = (name: string) =>
  optional.refine(
    (text) => text === undefined || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)),
    `${name} must be an address, for example http://127.0.0.1:4318`,
  );

/** Names and meaning: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export const telemetryFields = {
  OTEL_EXPORTER_OTLP_ENDPOINT: address('OTEL_EXPORTER_OTLP_ENDPOINT'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'),
  OTEL_EXPORTER_OTLP_HEADERS: optional.refine(
    (text) => text === undefined || text.split(',').every((pair) => /^\s*[\w!#$%&'*+.^`|~-]+=[^,]*$/.test(pair)),
    'OTEL_EXPORTER_OTLP_HEADERS must be name=value with commas between them.',
  ),
  OTEL_EXPORTER_OTLP_PROTOCOL: optional.refine(
    (text) => text === undefined || text === 'http/json',
    'OTEL_EXPORTER_OTLP_PROTOCOL must be http/json: this server speaks no other. Collectors take it at port 4318.',
  ),
  OTEL_SERVICE_NAME: z.preprocess((value) => (value === '' ? undefined : value), z.string().default('aetherstack')),
  SENTRY_DSN: optional.refine(
    (text) => text === undefined || /^https?:\/\/[^@/\s]+@[^/\s]+\/(?:[^?#\s]*\/)?\d+\/?$/.test(text),
    'SENTRY_DSN must be the DSN of a project, for example https://key@o1.ingest.sentry.io/42',
  ),
  SENTRY_ENVIRONMENT: z.preprocess((value) => (value === '' ? undefined : value), z.string().default('production')),
  SENTRY_RELEASE: optional,
};

type Endpoints = {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
};

/** Where traces go: the address for traces as it stands, or `/v1/traces` below the one for all. Null = nowhere. */
export function tracesUrl(env: Endpoints): string | null {
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return base ? `${base.replace(/\/+$/, '')}/v1/traces` : null;
}

/** `name=value,name=value`, values with percent signs as in W3C Baggage. */
export function otlpHeaders(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at > 0 ? [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
