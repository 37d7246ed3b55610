import 'server-only';
import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import { engineActor } from '@/lib/auth/actor';
import { setWebhookSecret, verifyConnection } from '@/lib/connections/server';
import { credentialColumns } from '@/lib/connections/server/create';
import { connectionSettings } from '@/lib/connections/server/settings';
import { components, connections, deployments, environments, targets } from '@/lib/db/schema';
import { capability } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import type { Runtime } from '@/lib/runtime';
import { seedDemo } from '@/lib/seed/demo';

/** Fills a fresh sandbox with the example team, whose past commits are those of the simulated repository. */
export async function seedSandbox(runtime: Runtime): Promise<void> {
  const ctx = runtime.contextFor(engineActor);
  const provider = Object.values(providers).find((each) => each.methods.source && each.methods.workflows);
  if (!provider) return;
  const { id: providerId, label, defaultOrigin } = provider.manifest;
  const connectionName = `${label} (sandbox)`;
  await seedDemo(runtime.database.db, {
    providerId,
    origin: defaultOrigin,
    connectionName,
    now: Date.now(),
    sealCredential: (row, credential) => credentialColumns(connectionSettings(), row, credential).sealedCredential,
    loadCommits: async (connectionId, config) => {
      const open = await ctx.openConnection(connectionId);
      const pages = await Promise.all(
        [1, 2, 3].map((page) => capability(open.provider, 'source').commits(open.context, config, 'main', page)),
      );
      return pages.flat();
    },
  });
  await putLive(runtime);
  // Asked of the row, not of this start: an earlier one may have been cut short after the estate was there.
  const rows = await runtime.database.db
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.name, connectionName), isNull(connections.sealedWebhookSecret)));
  for (const { id } of rows) {
    const secret = runtime.env.AETHERSTACK_SANDBOX_WEBHOOK_SECRET;
    if (secret) await setWebhookSecret(ctx, { id, secret });
    await verifyConnection(ctx, { id });
  }
}

/** No run of the simulated provider made the example team's past, so the simulated services are told what is live. */
async function putLive({ database, env, contextFor }: Runtime): Promise<void> {
  const { fetchOutside } = contextFor(engineActor);
  const rows = await database.db
    .select({
      probe: targets.probe,
      component: components.slug,
      environment: environments.slug,
      sha: deployments.sha,
    })
    .from(targets)
    .innerJoin(deployments, eq(deployments.id, targets.currentDeploymentId))
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(isNotNull(targets.probe));
  for (const { probe, ...live } of rows) {
    // An address that somebody typed in since may answer nothing at all.
    const said = probe ? await fetchOutside(probe.url).catch(() => null) : null;
    if (said?.status !== 404) continue;
    await fetchOutside(`${env.AETHERSTACK_SANDBOX_URL}/__sandbox/live`, { method: 'POST', body: JSON.stringify(live) });
  }
}
