import { and, eq, isNull, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { announcements, deployments, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { capability, ProviderError } from '@/lib/providers/port';
import { wantedOf } from './say-at-record';
import { load } from './tell';
import { saidOf } from './way';

/**
 * Records at the provider for what is live in production of an example team's past, so that its pages show them as they would
 * have been. No run of the provider's own belongs to that past, so it has no record of its own there. Once; a provider that
 * refuses, or a connection without a credential, is left alone, and the others are told.
 */
export async function tellSeeded(ctx: ServiceContext): Promise<void> {
  const rows = await ctx.db
    .select({ id: deployments.id })
    .from(targets)
    .innerJoin(deployments, eq(deployments.id, targets.currentDeploymentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .leftJoin(announcements, eq(announcements.deploymentId, deployments.id))
    .where(and(environments.isProduction, isNull(deployments.remoteId), isNull(announcements.deploymentId)));
  for (const { id } of rows) {
    try {
      await tellOne(ctx, id);
    } catch (error) {
      if (!(error instanceof ProviderError) && !(error instanceof ServiceError)) throw error;
      log.warn('what is live of the example team could not be shown at the provider', describeError(error));
    }
  }
}

async function tellOne(ctx: ServiceContext, id: string): Promise<void> {
  const about = await load(ctx, id);
  if (!about || about.target.tell === 'nothing') return;
  const { deployment, target } = about;
  const { provider, context } = await ctx.openConnection(deployment.connectionId);
  if (!provider.methods.announcements) return;
  const methods = capability(provider, 'announcements');
  const wanted = wantedOf(about);
  const { config } = deployment;
  const record = (await methods.find(context, config, wanted)) ?? (await methods.create(context, config, wanted));
  await methods.say(context, config, record, saidOf(about, 'success'));
  await ctx.db
    .insert(announcements)
    .values({
      ...{ deploymentId: id, targetId: target.id, askedAt: sql`now()`, saidAt: sql`now()` },
      ...{ remoteId: record.id, remoteUrl: record.url, said: 'success', saidVersion: deployment.version },
    })
    .onConflictDoNothing();
}
