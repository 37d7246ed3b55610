import type { ServiceContext } from '@/lib/auth/context';
import { isRefusedCredential, noteRefused } from '@/lib/connections/server';
import {
  type AnyProvider,
  capability,
  type ExtensionVersion,
  type Placed,
  type ProviderContext,
  ProviderError,
} from '@/lib/providers/port';

/**
 * What the place says of a version that is out there: as its publisher sees it, or, where the credential is refused, as
 * everybody does. The refusal is kept on the connection. Throws `ProviderError`.
 */
export async function lookThere(
  ctx: ServiceContext,
  { provider, context }: { provider: AnyProvider; context: ProviderContext },
  config: Record<string, unknown>,
  wanted: ExtensionVersion,
): Promise<Placed> {
  const gallery = capability(provider, 'publish');
  try {
    return await gallery.look(context, config, wanted);
  } catch (error) {
    if (!gallery.lookAsClient || !(error instanceof ProviderError) || !isRefusedCredential(error)) throw error;
    await noteRefused(ctx, context.connectionId, error);
    return gallery.lookAsClient(context, config, wanted);
  }
}
