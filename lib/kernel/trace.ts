import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

export type SpanKind = 'internal' | 'server' | 'client';
export type SpanAttributes = Record<string, string | number | boolean>;

/** One piece of work that has ended. Times are epoch milliseconds, ids hex as in W3C Trace Context. */
export interface EndedSpan {
  traceId: string;
  spanId: string;
  parentId: string | null;
  name: string;
  kind: SpanKind;
  from: number;
  to: number;
  attributes: SpanAttributes;
  /** Class of what was thrown; null when it went well. */
  error: string | null;
}

interface Tracing {
  sink: ((span: EndedSpan) => void) | null;
  current: AsyncLocalStorage<{ traceId: string; spanId: string; below: number }>;
}

// A bundler may evaluate this module several times; the process has one sink all the same.
const KEY = Symbol.for('aetherstack.tracing');
const store = globalThis as unknown as { [KEY]?: Tracing };
store[KEY] ??= { sink: null, current: new AsyncLocalStorage() };
const tracing = store[KEY];

/** From now on spans are handed over; null = none are made any more. */
export function traceTo(sink: Tracing['sink']): void {
  tracing.sink = sink;
}

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

/**
 * Runs the work as a span below the one that runs now. Without a sink it only runs it. `note` adds what is known at the end;
 * where `isIdle` says of the answer that nothing was to be done, and no span was made below, there is none of it either.
 */
export async function traced<T>(
  of: { name: string; kind: SpanKind; attributes?: SpanAttributes; isIdle?: (answer: T) => boolean },
  work: (note: (more: SpanAttributes) => void) => Promise<T>,
): Promise<T> {
  const { sink, current } = tracing;
  if (!sink) return work(() => undefined);
  const parent = current.getStore();
  const ids = { traceId: parent?.traceId ?? hex(16), spanId: hex(8) };
  const here = { ...ids, below: 0 };
  if (parent) parent.below += 1;
  const attributes: SpanAttributes = { ...of.attributes };
  const from = Date.now();
  let error: string | null = null;
  let idle = false;
  try {
    const answer = await current.run(here, () => work((more) => void Object.assign(attributes, more)));
    idle = here.below === 0 && (of.isIdle?.(answer) ?? false);
    return answer;
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.name : 'unknown';
    throw thrown;
  } finally {
    const { name, kind } = of;
    if (!idle) sink({ ...ids, parentId: parent?.spanId ?? null, name, kind, from, to: Date.now(), attributes, error });
  }
}
