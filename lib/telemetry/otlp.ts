import { redactText } from '@/lib/kernel/redact';
import type { EndedSpan, SpanAttributes } from '@/lib/kernel/trace';

/** https://opentelemetry.io/docs/specs/otlp/#otlphttp : SpanKind and StatusCode of the protocol. */
const KINDS = { internal: 1, server: 2, client: 3 } as const;
const STATUS_ERROR = 2;

type Value = { stringValue: string } | { intValue: string } | { doubleValue: number } | { boolValue: boolean };

function typed(value: string | number | boolean): Value {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: redactText(value) };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const listed = (attributes: SpanAttributes) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: typed(value) }));

const nanos = (ms: number) => `${Math.round(ms)}000000`;

/** Spans as the body of `POST /v1/traces`, in the protocol's JSON: ids are hex, 64-bit numbers are text. */
export function tracesBody(spans: readonly EndedSpan[], resource: SpanAttributes) {
  return {
    resourceSpans: [
      {
        resource: { attributes: listed(resource) },
        scopeSpans: [{ scope: { name: 'aetherstack' }, spans: spans.map(spanOf) }],
      },
    ],
  };
}

function spanOf({ traceId, spanId, parentId, name, kind, from, to, attributes, error }: EndedSpan) {
  return {
    ...{ traceId, spanId, name: redactText(name), kind: KINDS[kind] },
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    ...{ startTimeUnixNano: nanos(from), endTimeUnixNano: nanos(to), attributes: listed(attributes) },
    ...(error === null ? {} : { status: { code: STATUS_ERROR, message: redactText(error) } }),
  };
}
