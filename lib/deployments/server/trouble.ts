import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import type { DeploymentRow } from './rows';

const MAX_WAIT_SECONDS = 30;

/** Provider trouble spaces the checks out (3, 6, 12, 24, 30 s); a Retry-After is always waited for in full. */
export function troublePatch(
  row: DeploymentRow,
  error: ProviderError,
): { patch: { troubleCount: number; troubleSentence: string }; waitSeconds: number } {
  const backoff = Math.min(MAX_WAIT_SECONDS, 3 * 2 ** Math.min(row.troubleCount, 5));
  const waitSeconds = Math.max(backoff, Math.ceil((error.retryAfterMs ?? 0) / 1000));
  return { patch: { troubleCount: row.troubleCount + 1, troubleSentence: error.message }, waitSeconds };
}

/** A credential that is missing or cannot be opened is trouble like any other: said to people, and waited out. Throws a bug on. */
export function asProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof ServiceError) return new ProviderError('auth', error.code, error.sentence);
  throw error;
}
