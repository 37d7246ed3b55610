import type { z } from 'zod';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { ProviderError, type ProviderErrorKind } from '@/lib/providers/port';

/** An error as an edge answers it: what people see, the HTTP status, and what the audit log records. */
export interface Answer {
  refusal: Refusal;
  fields?: Record<string, string> | undefined;
  httpStatus: number;
  /** Seconds. */
  retryAfter?: number | undefined;
  outcome: 'refused' | 'failed';
  /** Set when the cause was not foreseen and has to be logged. */
  unexpected: boolean;
}

const PROVIDER_STATUS: Record<ProviderErrorKind, number> = {
  auth: 502,
  notFound: 404,
  rateLimited: 503,
  rejected: 422,
  unavailable: 503,
  protocol: 502,
};

/** Postgres shutting down, refusing or unreachable; the driver's own words never reach people. */
export function isDatabaseDown(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (/^(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|57P0[123]|08...|53300)$/.test(code)) return true;
  if (/Connection terminated|timeout exceeded when trying to connect|Query read timeout/i.test(error.message))
    return true;
  return isDatabaseDown(error.cause, depth + 1);
}

/** `redirect()` and `notFound()` are thrown by the framework; they must pass through. */
export function isFrameworkSignal(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'digest' in error &&
    typeof error.digest === 'string' &&
    /^(?:NEXT_|DYNAMIC_SERVER_USAGE|BAILOUT_TO_CLIENT)/.test(error.digest)
  );
}

/** Maps whatever was thrown, once, at the edge. An unforeseen cause becomes a bland sentence with the request id. */
export function answerTo(error: unknown, requestId: string): Answer {
  if (error instanceof ServiceError) {
    const refusal = { code: error.code, sentence: error.sentence };
    const { fields, httpStatus, retryAfter } = error;
    return { refusal, fields, httpStatus, retryAfter, outcome: 'refused', unexpected: false };
  }
  if (error instanceof ProviderError) {
    const refusal = { code: error.code, sentence: error.message };
    const retryAfter = error.retryAfterMs === undefined ? undefined : Math.ceil(error.retryAfterMs / 1_000);
    return { refusal, httpStatus: PROVIDER_STATUS[error.kind], retryAfter, outcome: 'failed', unexpected: false };
  }
  if (isDatabaseDown(error)) {
    const sentence = `The database does not answer, so it is not known whether this was done. Look again in a minute. Reference: ${requestId}.`;
    return {
      refusal: { code: 'database_unavailable', sentence },
      httpStatus: 503,
      outcome: 'failed',
      unexpected: true,
    };
  }
  const sentence = `Something went wrong on our side. Try again; if it stays, tell an administrator this reference: ${requestId}.`;
  return { refusal: { code: 'internal', sentence }, httpStatus: 500, outcome: 'failed', unexpected: true };
}

/** Field path → first message, for forms; and one sentence for everybody else. */
export function invalidInput(error: z.ZodError): ServiceError {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const path =
      issue.path.map(String).join('.') || (issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? 'form') : 'form');
    fields[path.slice(0, 100)] ??= issue.message;
  }
  const [first] = Object.entries(fields);
  const count = Object.keys(fields).length;
  const sentence = count === 1 && first ? `Check “${first[0]}”: ${first[1]}` : `${count} fields need another look.`;
  return new ServiceError('invalid', 'invalid_input', sentence, fields);
}
