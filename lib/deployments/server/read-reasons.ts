import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { serviceStatusOf } from '@/lib/connections/server/service-status';
import { components, connections, deployments } from '@/lib/db/schema';
import { type AnyProvider, ProviderError, type RemoteRef } from '@/lib/providers/port';
import { burnedHead, type DeploymentReasons, type WaitReason, waitReasons } from '../model/reasons';
import { isTerminal } from '../model/status';
import { asRefusal } from './read-provider';
import { type LoadedTarget, loadTarget, notFound } from './read-scope';

type Row = typeof deployments.$inferSelect;
type Asked = Pick<DeploymentReasons, 'waits' | 'burned' | 'problem'>;

const NOTHING: Asked = { waits: [], burned: null, problem: null };
const ENDED_BADLY: readonly string[] = ['failed', 'errored', 'timed_out', 'cancelled'];

/**
 * Why it waits or ended badly: runners, concurrency groups, a burned head, and the provider's own trouble. Asked when
 * somebody looks and kept nowhere; what the provider refuses is part of the answer. Throws `notFound`.
 */
export async function readReasons(ctx: ServiceContext, input: { deploymentId: string }): Promise<DeploymentReasons> {
  const row = await ctx.db.query.deployments.findFirst({ where: eq(deployments.id, input.deploymentId) });
  if (!row) throw notFound('deployment');
  const target = await loadTarget(ctx, row.targetId).catch(() => Promise.reject(notFound('deployment')));
  const waits = !isTerminal(row.status);
  const bad = ENDED_BADLY.includes(row.status);
  if (!waits && !bad) return { ...NOTHING, service: null };
  const [asked, service] = await Promise.all([askProvider(ctx, row, target), statusOf(ctx, row.connectionId)]);
  const telling = service && service.incidents.length + service.maintenance.filter(({ running }) => running).length > 0;
  return { ...asked, service: telling ? service : null };
}

async function askProvider(ctx: ServiceContext, row: Row, target: LoadedTarget): Promise<Asked> {
  if (row.remoteId === null) return NOTHING;
  const ref: RemoteRef = { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
  try {
    if (isTerminal(row.status)) return { ...NOTHING, burned: await burned(ctx, row, target, ref) };
    return row.waitingFor === null ? NOTHING : { ...NOTHING, waits: await waiting(ctx, row, ref) };
  } catch (error) {
    return { ...NOTHING, problem: asRefusal(error).sentence };
  }
}

async function waiting(ctx: ServiceContext, row: Row, ref: RemoteRef): Promise<WaitReason[]> {
  const { provider, context } = await ctx.openConnection(row.connectionId);
  const capacity = (provider as AnyProvider).methods.capacity;
  return capacity ? waitReasons(await capacity.waits(context, row.config, ref), provider.manifest.label) : [];
}

/** Only sites are published in this way, so nobody else's runs are asked about. */
async function burned(ctx: ServiceContext, row: Row, target: LoadedTarget, ref: RemoteRef) {
  const component = await ctx.db.query.components.findFirst({
    where: eq(components.id, target.component.id),
    columns: { kind: true },
  });
  if (component?.kind !== 'docs' && component?.kind !== 'dashboard') return null;
  const { provider, context } = await ctx.openConnection(row.connectionId);
  const { site } = (provider as AnyProvider).methods;
  const traits = (provider as AnyProvider).manifest.capabilities.site;
  if (!site || !traits?.once) return null;
  try {
    return burnedHead(await site.publication(context, row.config, ref), traits, row);
  } catch (error) {
    // A credential that may not read the site knows no more than the page says already.
    if (error instanceof ProviderError && error.kind === 'auth') return null;
    throw error;
  }
}

async function statusOf(ctx: ServiceContext, connectionId: string) {
  const [row] = await ctx.db
    .select({ providerId: connections.providerId, origin: connections.origin })
    .from(connections)
    .where(eq(connections.id, connectionId));
  return row ? await serviceStatusOf(ctx, row) : null;
}
