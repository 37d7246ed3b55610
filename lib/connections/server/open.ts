import 'server-only';
import { z } from 'zod';
import type { OpenConnection } from '@/lib/auth/context';
import type { Db } from '@/lib/db/client';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { type HttpMemory, httpMemoryFor } from '@/lib/http/memory';
import type { Clock } from '@/lib/kernel/clock';
import { ServiceError } from '@/lib/kernel/errors';
import { Secret } from '@/lib/kernel/secret';
import { type AnyProvider, type Credential, type OwnGallery, tokenOriginsOf } from '@/lib/providers/port';
import { type Consumer, onlyMeasures } from '../model/consumer';
import { openAuthorities } from './authorities';
import { withSource } from './lent-source';
import { quotaLedger } from './quota-ledger';
import { bindingOf, type ConnectionRow, loadConnection, providerOf } from './rows';
import { connectionSettings } from './settings';
import { UsageMeter } from './usage';
import { type KeyRing, sealedName, unseal } from './vault';
import { writeMinute } from './write-minute';

export interface OpenDeps {
  db: Db;
  clock: Clock;
  /** The transport underneath; the sandbox passes its own. */
  fetch?: typeof globalThis.fetch | undefined;
  /** `Infinity` for simulated vendors; otherwise the vendor's own etiquette. */
  writesPerMinute?: number | undefined;
  keys?: KeyRing | undefined;
  /** Where requests are counted; this process's own. */
  usage?: UsageMeter | undefined;
  /** What this process remembers of the connection; tests of several processes pass one for each. */
  memory?: HttpMemory | undefined;
  providers?: Record<string, AnyProvider> | undefined;
  /** Names under which this console marks commits (lib/announcements). */
  ownMarks?: ((db: Db) => Promise<ReadonlySet<string>>) | undefined;
  /** Workflows that this console starts (lib/deployments). */
  ownWorkflows?:
    | ((db: Db, asked: { connectionId: string; repository: string; sha: string }) => Promise<ReadonlySet<string>>)
    | undefined;
  /** This console's own gallery, as whoever acts now (lib/publications). */
  ownGallery?: OwnGallery | undefined;
}

const stored = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), token: z.string() }),
  z.object({
    kind: z.literal('basic'),
    username: z.string(),
    password: z.string(),
    tokenOrigin: z.string().nullable(),
  }),
  z.object({ kind: z.literal('app'), appId: z.string(), installationId: z.string(), privateKey: z.string() }),
]);

function openCredential(keys: KeyRing, row: ConnectionRow): Credential {
  if (row.sealedCredential === null) {
    throw new ServiceError(
      'precondition',
      'credential_missing',
      `The connection “${row.name}” has no credential. Enter one under Connections.`,
    );
  }
  const parsed = stored.safeParse(
    JSON.parse(unseal(keys, row.sealedCredential, bindingOf(row, 'credential')).reveal()),
  );
  if (!parsed.success)
    throw new ServiceError(
      'unavailable',
      'credential_unreadable',
      `The credential of “${row.name}” has an unknown form. Enter it again under Connections.`,
    );
  const { data } = parsed;
  if (data.kind === 'token') return { kind: 'token', token: new Secret(data.token) };
  if (data.kind === 'basic') return { ...data, password: new Secret(data.password) };
  return {
    kind: 'app',
    appId: data.appId,
    installationId: data.installationId,
    privateKey: new Secret(data.privateKey),
  };
}

/** Telling others writes only while two thirds of the minute's writes are still free for deployments. */
function shareOfTelling(perMinute = 60): number {
  return Math.max(1, Math.floor(perMinute / 3));
}

/**
 * The only place where a credential is unsealed. The returned context reaches the connection's own address and no other.
 * A provider that deploys and has no repositories is lent the source of another connection.
 * Throws `ServiceError`: unknown connection, no credential, unreadable credential.
 */
export async function openConnection(
  deps: OpenDeps,
  connectionId: string,
  consumer: Consumer = 'engine',
  manner?: 'look',
): Promise<OpenConnection> {
  const open = await openAlone(deps, connectionId, consumer, manner);
  const from = { db: deps.db, providers: deps.providers, open: (id: string) => openAlone(deps, id, consumer, manner) };
  return { ...open, provider: withSource(open.provider, from) };
}

async function openAlone(
  deps: OpenDeps,
  connectionId: string,
  consumer: Consumer,
  manner: 'look' | undefined,
): Promise<OpenConnection> {
  const row = await loadConnection(deps.db, connectionId);
  const provider = providerOf(row.providerId, deps.providers);
  const keys = deps.keys ?? connectionSettings().keys;
  const credential = openCredential(keys, row);
  const name = sealedName(row.origin, row.sealedCredential ?? '', row.sealedAuthorities ?? '');
  const now = () => deps.clock.now();
  const usage = deps.usage ?? new UsageMeter();
  const memory = deps.memory ?? httpMemoryFor(connectionId, name);
  const fetch = guardedFetch({
    // Answers to another credential, or of whom other authorities vouched for, are not this one's to see.
    connectionId: `${connectionId}@${name}`,
    origin: row.origin,
    tokenOrigins: tokenOriginsOf(provider.manifest, row.origin, credential),
    authorities: openAuthorities(keys, row),
    memory,
    fetch: deps.fetch,
    now,
    downloadHosts: provider.manifest.downloadHosts,
    quota: provider.manifest.quota,
    maxBytes: provider.manifest.largestAnswer,
    writesPerMinute: consumer === 'announce' ? shareOfTelling(deps.writesPerMinute) : deps.writesPerMinute,
    sharedWrites: writeMinute(deps.db, connectionId),
    ledger: quotaLedger(
      { db: deps.db, now, usage, unbraked: deps.writesPerMinute === Number.POSITIVE_INFINITY },
      {
        ...{ connectionId, consumer, looking: manner === 'look' },
        ...{ limitsFor: provider.manifest.limitsFor, measures: onlyMeasures(provider.manifest) },
      },
    ),
  });
  const ownMarks = deps.ownMarks && (() => deps.ownMarks?.(deps.db) ?? Promise.resolve(new Set<string>()));
  const { ownWorkflows: started } = deps;
  const ownWorkflows =
    started && ((repository: string, sha: string) => started(deps.db, { connectionId, repository, sha }));
  const own = { ownMarks, ownWorkflows, ownGallery: deps.ownGallery };
  return {
    provider,
    requireAnswering: () => memory.breaker.check(new URL(row.origin).host, now()),
    context: { connectionId, origin: row.origin, credential, fetch, now, ...own },
  };
}
