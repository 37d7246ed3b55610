import type { OpenConnection } from '@/lib/auth/context';
import { type ClientView, capability, type ExtensionVersion, type Placed, ProviderError } from '@/lib/providers/port';

/** What a place has under a version's name. `unseen`: something, and its content cannot be fetched (yet). */
export interface Standing {
  is: 'absent' | 'same' | 'other' | 'unseen';
  placed: Placed;
  /** What clients get. */
  sha256: string | null;
  url: string | null;
}

/**
 * Asked before anything is sent, and again before anything counts: by the gallery's own word, and by the bytes that a client
 * gets. `fetchMs`: a person waits, so the bytes may take so long and are `unseen` after it. `seenAs`: what was looked at already.
 * Throws `ProviderError`.
 */
export async function standingThere(
  { provider, context }: Pick<OpenConnection, 'provider' | 'context'>,
  config: Record<string, unknown>,
  wanted: ExtensionVersion & { packageId: string },
  { fetchMs, seenAs }: { fetchMs?: number; seenAs?: Placed } = {},
): Promise<Standing> {
  const gallery = capability(provider, 'publish');
  const placed = seenAs ?? (await gallery.look(context, config, wanted));
  if (placed.state === 'absent') return { is: 'absent', placed, sha256: null, url: null };
  const look = (signal = context.signal) => gallery.asClient({ ...context, signal }, config, wanted);
  const seen = placed.state === 'active' ? await (fetchMs === undefined ? look() : inTime(look, fetchMs)) : null;
  if (!seen?.listed || seen.sha256 === null) return { is: 'unseen', placed, sha256: null, url: seen?.url ?? null };
  return { is: seen.sha256 === wanted.packageId ? 'same' : 'other', placed, sha256: seen.sha256, url: seen.url };
}

async function inTime(look: (signal: AbortSignal) => Promise<ClientView>, ms: number): Promise<ClientView | null> {
  const signal = AbortSignal.timeout(ms);
  try {
    return await look(signal);
  } catch (error) {
    if (signal.aborted && error instanceof ProviderError) return null;
    throw error;
  }
}

export function otherContent(label: string, wanted: ExtensionVersion): string {
  const platform = wanted.targetPlatform === 'universal' ? '' : ` for ${wanted.targetPlatform}`;
  return `${label} has ${wanted.publisher}.${wanted.name} ${wanted.version}${platform} with other content, and a version is never replaced. Raise the version and publish that.`;
}
