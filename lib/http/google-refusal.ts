import { z } from 'zod';
import { ProviderError } from '@/lib/providers/port';
import { pauseMs } from './quota';

/** google.rpc.Status, as every refusal of Google Cloud has it; only the fields that are read. */
const statusSchema = z.object({
  error: z.object({
    status: z.string().optional(),
    message: z.string().optional(),
    details: z.array(z.looseObject({ reason: z.string().optional() })).optional(),
  }),
});

export type GoogleStatus = z.infer<typeof statusSchema>['error'];

/** Which of Google's services was asked, and what for. */
interface Asked {
  /** `Cloud Run` */
  service: string;
  /** What an administrator switches on: `run.googleapis.com`. */
  api: string;
  /** In a sentence's middle: `service backend in europe-west3`. */
  about: string;
  project: string;
  /** What a person compares when it is not there: `project, region and name`. */
  compare: string;
  mutation: boolean;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * What every service of Google Cloud refuses in the same way, as a `ProviderError`; else what it said, for the service itself
 * to put into words. Google's own words are read and not repeated: they may name what was sent.
 * Source: https://cloud.google.com/apis/design/errors
 */
export async function googleRefusal(response: Response, asked: Asked): Promise<ProviderError | GoogleStatus> {
  const { status, headers } = response;
  const { service, project, now } = asked;
  if (status === 401) {
    const sentence = `${service} does not take the token that was made from this key any more. If it goes on, make a new key and store it under Connections.`;
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (status === 404) {
    const sentence = `${service} knows no ${asked.about} of project ${project}, or this account may not see it. Check ${asked.compare} in the settings.`;
    return new ProviderError('notFound', 'not_found', sentence);
  }
  if (status === 429) {
    const retryAfterMs = pauseMs(headers, now);
    const sentence = `${service} says that too much was asked of it. It goes on when the pause is over.`;
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `${service} has trouble (${status}). Check Google Cloud’s status page; try again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: asked.mutation });
  }
  const said = statusSchema.safeParse(await response.json().catch(() => null)).data?.error ?? {};
  if (status !== 403 || !said.details?.some(({ reason }) => reason === 'SERVICE_DISABLED')) return said;
  const sentence = `The ${service} Admin API is switched off in project ${project}. Switch it on: gcloud services enable ${asked.api} --project=${project}.`;
  return new ProviderError('auth', 'api_disabled', sentence);
}

/** `403, PERMISSION_DENIED`: the code alone where Google's word for it is none that is known to be one. */
export function googleCode(status: number, said: GoogleStatus): string {
  return /^[A-Z_]{2,40}$/.test(said.status ?? '') ? `${status}, ${said.status}` : `${status}`;
}
