import 'server-only';
import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { tellSeeded } from '@/lib/announcements/server';
import { engineActor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { readConfiguration } from '@/lib/configuration/server';
import { setWebhookSecret, verifyConnection } from '@/lib/connections/server';
import { credentialColumns } from '@/lib/connections/server/create';
import { connectionSettings } from '@/lib/connections/server/settings';
import { components, connections, deployments, environments, targets } from '@/lib/db/schema';
import { capability, type ExampleSite } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import type { Runtime } from '@/lib/runtime';
import { isDone, seedDemo } from '@/lib/seed/demo';
import { seedEnvironments } from '@/lib/seed/estate';
import { readExtensionRun, readExtensionWorkflow } from '@/lib/seed/extension-run';
import { seedGalleries } from '@/lib/seed/galleries';
import { type HostOptions, seedHosts } from '@/lib/seed/hosts';
import { seedMeasured } from '@/lib/seed/measured';
import { numberByTime } from '@/lib/seed/numbers';
import { seedInstalls } from '@/lib/seed/own-gallery';
import { type BuiltPackage, NEWEST, seedPackages } from '@/lib/seed/packages';
import { seedRuntimes } from '@/lib/seed/runtimes';

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
  const hosted = await seedWebsites(runtime, connectionName);
  await seedPublished(runtime);
  await numberByTime(runtime.database.db);
  // What is told names the numbers.
  await tellSeeded(ctx);
  const how: Parameters<typeof seedMeasured>[1] = {
    sealCredential: (row, credential) => credentialColumns(connectionSettings(), row, credential).sealedCredential,
    now: Date.now(),
  };
  const accountKey = (email: string) => keyOfAccount(runtime, email);
  const beside = [
    ...(await seedMeasured(runtime.database.db, how)),
    ...(await seedRuntimes(runtime.database.db, { ...how, accountKey })),
  ];
  for (const id of beside) await verifyConnection(ctx, { id });
  // Asked of the row, not of this start: an earlier one may have been cut short after the estate was there.
  const rows = await runtime.database.db
    .select({ id: connections.id })
    .from(connections)
    .where(and(inArray(connections.name, [connectionName, ...hosted]), isNull(connections.sealedWebhookSecret)));
  for (const { id } of rows) {
    const secret = runtime.env.AETHERSTACK_SANDBOX_WEBHOOK_SECRET;
    if (secret) await setWebhookSecret(ctx, { id, secret });
    await verifyConnection(ctx, { id });
  }
  // One look at all settings, so that the matrix says at first sight what changed since it was deployed.
  const [environment] = seedEnvironments;
  if (rows.length > 0 && environment) await readConfiguration(ctx, { environment: environment.slug });
}

/** The sandbox knows an account by the keys that it made for it, so one is asked for as an administrator would. */
async function keyOfAccount({ env, contextFor }: Runtime, email: string): Promise<string> {
  const { fetchOutside } = contextFor(engineActor);
  const body = JSON.stringify({ email });
  const answer = await fetchOutside(`${env.AETHERSTACK_SANDBOX_URL}/__sandbox/key`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`The sandbox made no key: ${await answer.text()}`);
  return answer.text();
}

/** Components at hosts, whose builds of the past the simulated hosts are told of. Answers their connections' names. */
async function seedWebsites({ database, env, contextFor }: Runtime, repositories: string): Promise<string[]> {
  const ctx = contextFor(engineActor);
  const sandbox = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const answer = await ctx.fetchOutside(`${env.AETHERSTACK_SANDBOX_URL}/__sandbox/${path}`, init);
    if (!answer.ok) throw new Error(`The sandbox has no past of its hosts: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const commits = async (branch: string) => {
    const [source] = await database.db
      .select({ connectionId: targets.connectionId, config: targets.config })
      .from(targets)
      .innerJoin(connections, eq(connections.id, targets.connectionId))
      .where(eq(connections.name, repositories))
      .limit(1);
    if (!source) return [];
    const { provider, context } = await ctx.openConnection(source.connectionId);
    return capability(provider, 'source').commits(context, source.config, branch, 1);
  };
  const sites = (await sandbox<Omit<ExampleSite, 'built'>[]>('examples')).map(({ provider, component, config }) => {
    const manifest = providers[provider]?.manifest;
    if (!manifest) throw new Error(`A website of the sandbox is at ${provider}, which is no provider.`);
    return {
      ...{ providerId: manifest.id, origin: manifest.defaultOrigin, connectionName: `${manifest.label} (sandbox)` },
      ...{ component, now: Date.now() },
      sealCredential: (row, credential) => credentialColumns(connectionSettings(), row, credential).sealedCredential,
      config: (production, defaultRef) => ({ ...config, production, defaultRef }),
      built: async (past) => {
        const body = JSON.stringify({ provider, ...past });
        const { id, baked } = await sandbox<{ id: string; baked: unknown[] }>('built', { method: 'POST', body });
        return { remoteId: id, baked };
      },
    } satisfies HostOptions;
  });
  await seedHosts(database.db, commits, sites);
  return sites.map(({ connectionName }) => connectionName);
}

/** The extension's packages, and the galleries that have them: ours by its rows, the simulated ones by being told. */
async function seedPublished(runtime: Runtime): Promise<void> {
  const { database, env, contextFor } = runtime;
  const ctx = contextFor(engineActor);
  const now = Date.now();
  const packages = await seedPackages(ctx, now, await builtNewest(runtime));
  const made = await seedGalleries(database.db, {
    ...{ now, packages },
    sealCredential: (row, credential) => credentialColumns(connectionSettings(), row, credential).sealedCredential,
    took: async ({ bytes, ...past }) => {
      const body = JSON.stringify({ ...past, bytes: bytes.toString('base64') });
      const answer = await ctx.fetchOutside(`${env.AETHERSTACK_SANDBOX_URL}/__sandbox/took`, { method: 'POST', body });
      if (!answer.ok) throw new Error(`The sandbox took no package: ${await answer.text()}`);
    },
  });
  for (const id of made) await verifyConnection(ctx, { id });
  if (made.length === 0) return;
  const galleries = Object.values(providers).flatMap(({ methods, manifest }) => (methods.publish ? [manifest.id] : []));
  await seedInstalls(database.db, { now, packages }, galleries, (place) => countedNow(ctx, place));
}

/** The newest package, as the workflow that publishes it makes it of its commit: any other content ends its run. */
async function builtNewest({ database: { db }, env, contextFor }: Runtime): Promise<BuiltPackage | null> {
  // One that was filled before a run made it has another package of this version.
  if (await isDone(db, 'demo.galleries')) return null;
  const by = await readExtensionWorkflow(db);
  const run = by && (await readExtensionRun(db, by));
  if (!run) return null;
  const inputs = { version: NEWEST.version, channel: 'stable' };
  const body = JSON.stringify({ workflow: by.workflow, sha: run.sha, inputs });
  const url = `${env.AETHERSTACK_SANDBOX_URL}/__sandbox/packed`;
  const answer = await contextFor(engineActor).fetchOutside(url, { method: 'POST', body });
  // A sandbox that began anew knows other commits.
  if (!answer.ok) return null;
  const { bytes } = (await answer.json()) as { bytes: string };
  return { ...run, componentId: by.componentId, bytes: Buffer.from(bytes, 'base64') };
}

/** The chart is only to look at: a place that does not answer begins without a past. */
async function countedNow(ctx: ServiceContext, place: { connectionId: string; config: Record<string, unknown> }) {
  try {
    const { provider, context } = await ctx.openConnection(place.connectionId);
    const [publisher = '', name = ''] = String(place.config.extension).split('.');
    return (await provider.methods.publish?.installs?.(context, place.config, { publisher, name })) ?? null;
  } catch {
    return null;
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
