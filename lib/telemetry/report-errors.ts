import { type ErrorLine, log } from '@/lib/kernel/log';
import { dsnParts, envelopeOf } from './error-report';

const WITHIN_MS = 5_000;
const MINUTE = 60_000;
/** A storm of errors is one storm: so many reports a minute, and the same one once. */
const PER_MINUTE = 30;

export interface ReportOptions {
  dsn: string;
  environment: string;
  release: string | null;
  fetch?: typeof globalThis.fetch;
  now?: () => number;
}

/** Sends lines of the log that are errors; answers whether it was sent. Never throws, and never reports its own trouble. */
export function errorReporter({ dsn, environment, release, fetch, now = Date.now }: ReportOptions) {
  const to = dsnParts(dsn);
  let minute = { began: Number.NEGATIVE_INFINITY, sent: 0, said: new Set<string>() };
  let quietUntil = 0;
  return async function report(line: ErrorLine): Promise<boolean> {
    const at = now();
    if (at - minute.began >= MINUTE) minute = { began: at, sent: 0, said: new Set() };
    const same = `${line.msg} ${String(line.error ?? '')} ${String(line.message ?? '')}`;
    if (!to || at < quietUntil || minute.sent >= PER_MINUTE || minute.said.has(same)) return false;
    minute.sent += 1;
    minute.said.add(same);
    try {
      const answer = await (fetch ?? globalThis.fetch)(to.endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-sentry-envelope',
          'x-sentry-auth': `Sentry sentry_version=7, sentry_client=aetherstack/1.0, sentry_key=${to.key}`,
        },
        body: envelopeOf(line, { environment, release }),
        redirect: 'error',
        signal: AbortSignal.timeout(WITHIN_MS),
      });
      await answer.body?.cancel();
      if (answer.status === 429) quietUntil = at + pauseOf(answer.headers);
      return answer.ok;
    } catch (error) {
      log.warn('an error could not be reported', { problem: error instanceof Error ? error.name : 'unknown' });
      return false;
    }
  };
}

function pauseOf(headers: Headers): number {
  const seconds = Number(headers.get('retry-after'));
  return (Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) : 60) * 1_000;
}
