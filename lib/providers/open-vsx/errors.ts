import { pauseMs } from '@/lib/http/quota';
import { vendorPhrase } from '@/lib/http/vendor-text';
import { ProviderError } from '../port';
import { resultSchema } from './schema';

/** The registry's own word that a name belongs to others. A proxy's 403, or an agreement that is missing, is none. */
export const NOT_A_MEMBER = 'not_a_member';

interface About {
  mutation: boolean;
  about: string;
  now: number;
}

/**
 * The registry answers most refusals as 400 with a text, so the text decides: its own words are in `LocalRegistryService`,
 * `PublishExtensionVersionHandler` and `ExtensionProcessor`. What is not known is `rejected`, and never a success.
 */
export async function refused(response: Response, { mutation, about, now }: About): Promise<ProviderError> {
  const { status, headers } = response;
  if (status === 429) {
    const retryAfterMs = pauseMs(headers, now);
    const sentence = 'Open VSX says that too much was asked of it. It goes on when the pause that it named is over.';
    return new ProviderError('rateLimited', 'rate_limited', sentence, { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = `Open VSX has trouble (${status}). Its status page may not say so; it is asked again in a moment.`;
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: mutation });
  }
  const parsed = resultSchema.safeParse(await response.json().catch(() => null));
  const said = parsed.success ? (parsed.data.error ?? '') : '';
  return known(said) ?? fallback(status, about, vendorPhrase(said));
}

function known(said: string): ProviderError | null {
  if (/^Invalid access token/i.test(said)) {
    const sentence =
      'Open VSX refuses this token: it was deleted or has ended. Make a new one under Settings → Access tokens, and store it under Connections.';
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  if (/^Insufficient access rights/i.test(said)) {
    const sentence =
      'The token’s person is no member of this namespace at Open VSX. An owner of the namespace can add them there.';
    return new ProviderError('auth', NOT_A_MEMBER, sentence);
  }
  if (/^Unknown publisher/i.test(said)) {
    const sentence =
      'Open VSX has no namespace of this name yet. Make it from the publish page, then publish once more.';
    return new ProviderError('rejected', 'no_namespace', sentence);
  }
  if (/is already published/i.test(said)) {
    const sentence = /isn't active/i.test(said)
      ? 'Open VSX has this version already and does not show it (yet), so nobody can see whether it is this package. Wait until it is there, or raise the version.'
      : 'Open VSX has this version already. A version is never replaced: raise it, and publish that.';
    return new ProviderError('rejected', 'already_there', sentence);
  }
  return null;
}

function fallback(status: number, about: string, said: string): ProviderError {
  const why = said === '' ? '' : `: ${said}`;
  if (status === 401 || status === 403) {
    const sentence = `Open VSX does not let this token do that (${status}${why}). Look at the person’s agreement and memberships there.`;
    return new ProviderError('auth', 'missing_permission', sentence);
  }
  if (status === 404) return new ProviderError('notFound', 'not_found', `Open VSX knows no ${about}.`);
  return new ProviderError('rejected', `http_${status}`, `Open VSX did not accept this (${status}${why}).`);
}
