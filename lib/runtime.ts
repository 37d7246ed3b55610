import 'server-only';
import type { PgBoss } from 'pg-boss';
import { ownMarks } from '@/lib/announcements/server/own-marks';
import { auditSigner, forgottenHeads } from '@/lib/audit/server';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import type { Consumer } from '@/lib/connections/model/consumer';
import { openConnection } from '@/lib/connections/server/open';
import { openOwn } from '@/lib/connections/server/own-token-open';
import { UsageMeter } from '@/lib/connections/server/usage';
import { type Database, openDatabase } from '@/lib/db/client';
import { migrateDatabase } from '@/lib/db/migrate';
import { ownWorkflows } from '@/lib/deployments/server/own-workflows';
import { type ServerEnv, serverEnv } from '@/lib/env/server';
import { packageStore } from '@/lib/extensions/server/package-store';
import { PACKAGE_PACE } from '@/lib/http/pace';
import { createSafeFetch } from '@/lib/http/safe-fetch';
import { jobQueue, openQueue } from '@/lib/jobs/queue';
import { systemClock } from '@/lib/kernel/clock';
import { newId } from '@/lib/kernel/ids';
import { describeError, log } from '@/lib/kernel/log';
import { ownGallery } from '@/lib/publications/server/own-gallery';
import { createFeed, type Feed } from '@/lib/realtime/feed';
import { isHostAmong, SIMULATED_HOSTS, sandboxFetch } from '@/lib/sandbox/transport';

/** What the process is made of. The only place that knows whether providers are simulated. */
export interface Runtime {
  env: ServerEnv;
  database: Database;
  boss: PgBoss;
  feed: Feed;
  /** Writes down which requests were sent to whom since the last time. */
  flushUsage(): Promise<unknown>;
  contextFor(actor: Actor, requestId?: string): ServiceContext;
  close(): Promise<void>;
}

// Next evaluates this module once per bundle; the process has one runtime all the same.
const store = globalThis as unknown as { aetherstackRuntime?: Promise<Runtime> };

export function getRuntime(): Promise<Runtime> {
  store.aetherstackRuntime ??= composeRuntime(serverEnv()).catch((error) => {
    delete store.aetherstackRuntime;
    throw error;
  });
  return store.aetherstackRuntime;
}

/** Migrates, opens the pool, the queue and the live feed. Several instances may do this at once. */
export async function composeRuntime(env: ServerEnv): Promise<Runtime> {
  await migrateDatabase(env.DATABASE_URL);
  const onError = (where: string) => (error: Error) => log.warn(`${where} trouble`, describeError(error));
  const database = openDatabase(env.DATABASE_URL, { max: 16, onError: onError('database') });
  const boss = await openQueue(env.DATABASE_URL, { onError: onError('queue') });
  const feed = createFeed(database, { onError: onError('live feed') });
  const queue = jobQueue(boss);
  const simulated = env.AETHERSTACK_MODE === 'sandbox' ? env.AETHERSTACK_SANDBOX_URL : undefined;
  const privateOrigins = env.AETHERSTACK_PRIVATE_ORIGINS;
  const connectionDeps = connectionDepsOf(database.db, simulated, privateOrigins);
  const toOutside = createSafeFetch({ privateOrigins, allowLoopback: simulated !== undefined });
  const blobs = packageStore(env, { privateOrigins, allowLoopback: simulated !== undefined });
  const isSimulated = (url: string) => URL.canParse(url) && isHostAmong(SIMULATED_HOSTS, new URL(url).host);
  const contextOf = (actor: Actor, requestId = newId('req')): ServiceContext => ({
    db: database.db,
    actor,
    clock: systemClock,
    requestId,
    queue,
    settleSeconds: env.AETHERSTACK_SETTLE_SECONDS,
    blobs,
    forgottenHeads: () => forgottenHeads(database.db, auditSigner()),
    openConnection: (connectionId, consumer = consumerOf(actor), manner) =>
      openConnection(
        { ...connectionDeps, ownGallery: ownGallery(() => contextOf(actor, requestId)) },
        connectionId,
        consumer,
        manner,
      ),
    openOwn: (connectionId, entered) => openOwn(connectionDeps, actor, connectionId, entered),
    fetchOutside: (url, init) =>
      simulated && isSimulated(url)
        ? connectionDeps.fetch(url, { ...init, redirect: unfollowed(init) })
        : toOutside(url, { ...init, redirect: unfollowed(init) }),
  });
  return {
    env,
    database,
    boss,
    feed,
    flushUsage: () => connectionDeps.usage.flush(database.db),
    contextFor: contextOf,
    close: async () => {
      await feed.close();
      await boss.stop({ graceful: true, timeout: 5000 });
      await connectionDeps.usage.flush(database.db).catch((error) => log.warn('usage is lost', describeError(error)));
      await database.close();
    },
  };
}

/**
 * The guard above it sets the time of each request and cuts what is long, so this side only has to end what never ends. A
 * gallery may look through a package for a while before it answers.
 */
const ENDLESS = { timeoutMs: PACKAGE_PACE.longestMs, quietMs: 60_000, maxBytes: 101 * 1_048_576 };

/** What a connection is opened with: the provider itself, or the simulators in its place. */
function connectionDepsOf(db: Database['db'], simulated: string | undefined, privateOrigins: readonly string[]) {
  return {
    db,
    clock: systemClock,
    ...{ usage: new UsageMeter(), ownMarks, ownWorkflows },
    fetch: simulated ? sandboxTransport(simulated) : createSafeFetch({ privateOrigins, ...ENDLESS }),
    // A simulated vendor has no fair-use rules to keep.
    writesPerMinute: simulated ? Number.POSITIVE_INFINITY : undefined,
  };
}

/** The simulators, and what somebody runs on this machine, a registry for example. Nothing goes beyond it. */
function sandboxTransport(sandboxUrl: string): typeof globalThis.fetch {
  const simulators = sandboxFetch(sandboxUrl);
  const local = createSafeFetch({ allowLoopback: true, ...ENDLESS });
  const isLocal = (url: URL) =>
    ['127.0.0.1', 'localhost'].includes(url.hostname) && url.origin !== new URL(sandboxUrl).origin;
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return isLocal(url) ? local(input, init) : simulators(input, init);
  };
}

/** No redirect is followed; whoever asks for it is told of one. */
const unfollowed = (init?: RequestInit) => (init?.redirect === 'manual' ? 'manual' : 'error');

function consumerOf(actor: Actor): Consumer {
  if (actor.kind === 'user') return `person:${actor.id}`;
  return actor.kind === 'token' ? `token:${actor.id}` : 'engine';
}
