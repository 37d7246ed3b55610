import { randomUUID } from 'node:crypto';
import type { ErrorLine } from '@/lib/kernel/log';

/** A DSN in its parts: `https://<key>@<host>/<path>/<project>`. Null for anything else. */
export function dsnParts(dsn: string): { endpoint: string; key: string } | null {
  if (!URL.canParse(dsn)) return null;
  const { protocol, host, pathname, username } = new URL(dsn);
  const [, path = '', project] = /^(.*)\/(\d{1,20})\/?$/.exec(pathname) ?? [];
  if ((protocol !== 'https:' && protocol !== 'http:') || !username || !project) return null;
  return { endpoint: `${protocol}//${host}${path}/api/${project}/envelope/`, key: username };
}

const FRAME = /^at (?:(.{1,200}?) \()?(.{1,400}?):(\d+):(\d+)\)?$/;

/** Frames as the protocol wants them: the outermost first. */
function framesOf(stack: unknown) {
  const lines = typeof stack === 'string' ? stack.split(' | ') : [];
  return lines.toReversed().flatMap((line) => {
    const [, name, file, row, column] = FRAME.exec(line) ?? [];
    return file ? [{ function: name ?? '?', filename: file, lineno: Number(row), colno: Number(column) }] : [];
  });
}

/**
 * One envelope with one event: https://develop.sentry.dev/sdk/data-model/envelopes/. Made of a line of our own log, so it
 * has nothing that the log would not have, and is masked as that is.
 */
export function envelopeOf(line: ErrorLine, of: { environment: string; release: string | null }): string {
  const { at, msg, error, message, stack, ...rest } = line;
  const id = randomUUID().replaceAll('-', '');
  const frames = framesOf(stack);
  const value = typeof message === 'string' ? message : msg;
  const event = {
    ...{ event_id: id, timestamp: at, platform: 'node', level: 'error', logger: 'aetherstack' },
    ...{ environment: of.environment, ...(of.release === null ? {} : { release: of.release }) },
    message: { formatted: msg },
    ...(typeof error === 'string'
      ? { exception: { values: [{ type: error, value, ...(frames.length > 0 ? { stacktrace: { frames } } : {}) }] } }
      : {}),
    ...(typeof rest.requestId === 'string' ? { tags: { request_id: rest.requestId } } : {}),
    extra: rest,
  };
  const payload = JSON.stringify(event);
  const item = { type: 'event', length: Buffer.byteLength(payload), content_type: 'application/json' };
  return `${JSON.stringify({ event_id: id, sent_at: at })}\n${JSON.stringify(item)}\n${payload}\n`;
}
