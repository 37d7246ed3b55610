import { eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, requireAnywhere } from '@/lib/auth/require';
import { environments, serviceStatuses, targets } from '@/lib/db/schema';
import { readCapped } from '@/lib/http/read-body';
import { ServiceError } from '@/lib/kernel/errors';
import { type AnyProvider, capability, ProviderError } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import { type ServiceStatusView, STATUS_HOLDS_MS } from '../model/standing';
import { loadConnection } from './rows';
import { keepNotices } from './service-notices';

/** All instances together ask at most this often. */
const EVERY_SECONDS = 60;
const WITHIN_MS = 2_500;
const MAX_BYTES = 1_048_576;

type Service = { service: ServiceStatusView | null };
type Known = Readonly<Record<string, AnyProvider>>;

/**
 * What the provider of a connection says about itself; null where it has no page for that address. A page that does not
 * answer is part of the answer. Throws `ServiceError` notFound.
 */
export async function readServiceStatus(ctx: ServiceContext, input: { id: string }): Promise<Service> {
  requireAnywhere(ctx.actor, 'connection.read');
  return { service: await serviceStatusOf(ctx, await loadConnection(ctx.db, input.id)) };
}

/** The same for a target, for whoever may see it. Throws `ServiceError` notFound. */
export async function readTargetServiceStatus(ctx: ServiceContext, input: { targetId: string }): Promise<Service> {
  const [row] = await ctx.db
    .select({ connectionId: targets.connectionId, environment: environments.slug })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(eq(targets.id, input.targetId));
  if (row && isPermitted(ctx.actor, 'deployment.read', row.environment))
    return { service: await serviceStatusOf(ctx, await loadConnection(ctx.db, row.connectionId)) };
  throw new ServiceError('notFound', 'target_not_found', 'There is no such target, or you may not see it.');
}

/** The same for who has checked already that the reader may see it. */
export async function serviceStatusOf(
  ctx: Pick<ServiceContext, 'db' | 'fetchOutside'>,
  { providerId, origin }: { providerId: string; origin: string },
  known: Known = providers,
): Promise<ServiceStatusView | null> {
  const provider = Object.hasOwn(known, providerId) ? known[providerId] : undefined;
  const traits = provider?.manifest.capabilities.serviceStatus;
  // An installation of one's own is not what that page speaks of.
  if (!provider || !traits?.origins.includes(origin)) return null;
  if (await claim(ctx, providerId)) await ask(ctx, providerId, provider, traits.url);
  const { rows } = await ctx.db.execute<{ ageMs: number; read_at: Date | null } & Record<string, unknown>>(
    sql`select coalesce(extract(epoch from now() - read_at) * 1000, 0)::float8 as "ageMs"
        from service_statuses where provider_id = ${providerId}`,
  );
  const [row] = await ctx.db.select().from(serviceStatuses).where(eq(serviceStatuses.providerId, providerId));
  const fresh = (rows[0]?.ageMs ?? 0) < STATUS_HOLDS_MS ? row?.status : null;
  return {
    provider: provider.manifest.label,
    page: traits.page,
    readAt: fresh ? (row?.readAt?.toISOString() ?? null) : null,
    incidents: fresh?.incidents ?? [],
    maintenance: fresh?.maintenance ?? [],
    problem: row?.problem ?? null,
  };
}

/** One of all instances goes and asks; the others take what is there. */
async function claim({ db }: Pick<ServiceContext, 'db'>, providerId: string): Promise<boolean> {
  const won = await db.execute(sql`
    insert into service_statuses (provider_id, asked_at) values (${providerId}, now())
    on conflict (provider_id) do update set asked_at = now()
      where service_statuses.asked_at < now() - make_interval(secs => ${EVERY_SECONDS})
    returning provider_id`);
  return (won.rowCount ?? 0) > 0;
}

async function ask(
  ctx: Pick<ServiceContext, 'db' | 'fetchOutside'>,
  providerId: string,
  provider: AnyProvider,
  url: string,
): Promise<void> {
  const found = await answerOf(ctx, provider, url);
  const change = typeof found === 'string' ? { problem: found } : { ...found, problem: null, readAt: sql`now()` };
  await ctx.db.update(serviceStatuses).set(change).where(eq(serviceStatuses.providerId, providerId));
  if (typeof found !== 'string') await keepNotices(ctx, providerId, found.status);
}

async function answerOf(ctx: Pick<ServiceContext, 'fetchOutside'>, provider: AnyProvider, url: string) {
  const signal = AbortSignal.timeout(WITHIN_MS);
  try {
    const response = await ctx.fetchOutside(url, { headers: { accept: 'application/json' }, signal });
    if (!response.ok) return `Its status page answered ${response.status}.`;
    const { bytes, cut } = await readCapped(response, MAX_BYTES);
    if (cut) return 'Its status page sent more than this side is willing to read.';
    return { status: capability(provider, 'serviceStatus').parse(new TextDecoder().decode(bytes)) };
  } catch (error) {
    if (error instanceof ProviderError) return error.message;
    return signal.aborted
      ? `Its status page did not answer within ${WITHIN_MS / 1000} s.`
      : 'Its status page cannot be reached from here.';
  }
}
