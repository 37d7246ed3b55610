import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import type { RemoteRulesView } from '@/lib/gates/model/remote-rules';
import { asRefusal, labelOf, tryOpen } from './read-provider';
import { readOwn } from './read-remote-gate';
import { loadTarget } from './read-scope';

/** What the provider's environments ask of a ref of this target. Whatever it refuses becomes the notice. */
export async function readRemoteRules(
  ctx: ServiceContext,
  input: { targetId: string; ref?: string | undefined },
): Promise<RemoteRulesView> {
  const { target, connection } = await loadTarget(ctx, input.targetId);
  const reader = { connectionName: connection.name, own: await readOwn(ctx, connection.id) };
  const nothing = { ...reader, providerLabel: labelOf(connection.providerId), environments: [], uses: [] };
  const opened = await tryOpen(ctx, connection.id, 'look');
  if (!opened.ok) return { ...nothing, notice: opened.refusal.sentence };
  const { provider, context } = opened.open;
  const { environments } = provider.methods;
  const providerLabel = provider.manifest.label;
  if (!environments) return { ...nothing, providerLabel, notice: null };
  const ref = input.ref ?? String(target.config.defaultRef ?? '');
  try {
    return { ...reader, providerLabel, ...(await environments.read(context, target.config, ref)) };
  } catch (error) {
    return { ...nothing, providerLabel, notice: asRefusal(error).sentence };
  }
}
