import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import type { PreviewView } from '../model/hosting';
import { asRefusal, readManifest, tryOpen } from './read-provider';
import { loadTarget, notFound } from './read-scope';
import { loadDeployment } from './rows';

/**
 * Where the build of one deployment can be looked at, as its host says now; null where its provider is no host, or has no
 * build of it. What the host refuses is part of the answer. Costs one request at a host, none elsewhere.
 */
export async function readPreview(ctx: ServiceContext, input: { deploymentId: string }): Promise<PreviewView | null> {
  const row = await loadDeployment(ctx.db, input.deploymentId);
  if (!row) throw notFound('deployment');
  await loadTarget(ctx, row.targetId).catch(() => Promise.reject(notFound('deployment')));
  const manifest = await readManifest(ctx, { providerId: row.providerId, connectionId: row.connectionId });
  if (!row.remoteId || !manifest?.capabilities.previews) return null;
  const nothing = { deploymentId: row.id, address: null, screenshot: false };
  const opened = await tryOpen(ctx, row.connectionId, 'look');
  if (!opened.ok) return { ...nothing, problem: opened.refusal };
  const { provider, context } = opened.open;
  const ref = { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
  try {
    const seen = await provider.methods.previews?.read(context, row.config, ref);
    return seen
      ? { ...nothing, address: seen.address, screenshot: seen.screenshot !== null, problem: null }
      : { ...nothing, problem: null };
  } catch (error) {
    return { ...nothing, problem: asRefusal(error) };
  }
}
