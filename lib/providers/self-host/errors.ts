import { pauseMs } from '@/lib/http/quota';
import { vendorText } from '@/lib/http/vendor-text';
import { ProviderError } from '../port';
import { errorSchema } from './schema';

interface About {
  mutation: boolean;
  about: string;
  now: number;
}

/** Every failure as a `ProviderError`. The agent's own sentences say what to do, so they are passed on, shortened. */
export async function refused(response: Response, { mutation, about, now }: About): Promise<ProviderError> {
  const { status, headers } = response;
  if (status === 401) {
    const sentence =
      'The agent does not know this token. Make one there (aetherstack-agent token) and store it under Connections.';
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (status === 403) {
    const sentence = `The token may not do this with ${about}. It needs the role deploy in the agent’s configuration.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  if (status === 404) return missing(response, about);
  if (status === 429) {
    const retryAfterMs = pauseMs(headers, now);
    const sentence =
      'What stands before the agent says that too much was asked. It goes on when the pause that it named is over.';
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `The agent has trouble (${status}). Look at its log on the server; try again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: mutation });
  }
  const parsed = errorSchema.safeParse(await response.json().catch(() => null));
  const said = parsed.success ? parsed.data.error : null;
  const code = said && /^[a-z_]{1,60}$/.test(said.code) ? said.code : `http_${status}`;
  // Another deployment of the app goes on, of a pipeline say: nothing was begun, and its end is waited for.
  if (said && code === 'busy') return new ProviderError('unavailable', code, sentenceOf(said.message));
  return new ProviderError(
    'rejected',
    code,
    said ? sentenceOf(said.message) : `The agent did not accept this (${status}).`,
  );
}

/** No such app, no such thing of the app, or no agent at this address at all: each has its own way out. */
async function missing(response: Response, about: string): Promise<ProviderError> {
  const parsed = errorSchema.safeParse(await response.json().catch(() => null));
  if (!parsed.success) {
    const sentence =
      'Nothing at this address answers as an agent does. Check the connection’s address, and what stands before the agent.';
    return new ProviderError('notFound', 'no_agent', sentence);
  }
  const { code, message } = parsed.data.error;
  if (code !== 'no_app') return new ProviderError('notFound', 'not_found', sentenceOf(message));
  const sentence = `The agent knows no ${about.startsWith('app ') ? about : 'such app'}. Compare the name in the target’s settings with its configuration.`;
  return new ProviderError('notFound', 'no_app', sentence);
}

/** At most 300 printable characters of what the agent said, as a sentence. */
export function sentenceOf(text: string): string {
  const short = vendorText(text, 300);
  return /^\p{L}.{15,}[.!]$/u.test(short) ? short : `The agent says: ${short.replace(/[.!]*$/, '')}.`;
}
