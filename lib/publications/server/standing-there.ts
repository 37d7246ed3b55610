import type { OpenConnection } from '@/lib/auth/context';
import { capability, type ExtensionVersion, type Placed } from '@/lib/providers/port';

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
 * gets. Throws `ProviderError`.
 */
export async function standingThere(
  { provider, context }: Pick<OpenConnection, 'provider' | 'context'>,
  config: Record<string, unknown>,
  wanted: ExtensionVersion & { packageId: string },
): Promise<Standing> {
  const gallery = capability(provider, 'publish');
  const placed = await gallery.look(context, config, wanted);
  if (placed.state === 'absent') return { is: 'absent', placed, sha256: null, url: null };
  const seen = placed.state === 'active' ? await gallery.asClient(context, config, wanted) : null;
  if (!seen?.listed || seen.sha256 === null) return { is: 'unseen', placed, sha256: null, url: seen?.url ?? null };
  return { is: seen.sha256 === wanted.packageId ? 'same' : 'other', placed, sha256: seen.sha256, url: seen.url };
}

export function otherContent(label: string, wanted: ExtensionVersion): string {
  const platform = wanted.targetPlatform === 'universal' ? '' : ` for ${wanted.targetPlatform}`;
  return `${label} has ${wanted.publisher}.${wanted.name} ${wanted.version}${platform} with other content, and a version is never replaced. Raise the version and publish that.`;
}
