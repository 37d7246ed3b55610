import { and, asc, inArray, isNotNull, sql } from 'drizzle-orm';
import type { OpenConnection } from '@/lib/auth/context';
import type { Db } from '@/lib/db/client';
import { connections, targets } from '@/lib/db/schema';
import {
  type AnyProvider,
  type CapabilityMap,
  capability,
  ProviderError,
  type TargetConfig,
} from '@/lib/providers/port';
import { providers as registry } from '@/lib/providers/registry.generated';

type Source = CapabilityMap['source']['methods'];
type Files = CapabilityMap['files']['methods'];

export interface Lenders {
  db: Db;
  providers?: Record<string, AnyProvider> | undefined;
  open(connectionId: string): Promise<OpenConnection>;
}

/**
 * A host builds what lies elsewhere: its targets name a repository, and branches, commits and comparisons are read through
 * a connection that has repositories. A provider with a source of its own, or that deploys nothing, stays as it is.
 */
export function withSource(provider: AnyProvider, from: Lenders): AnyProvider {
  if (provider.methods.source || !(provider.methods.deploy ?? provider.methods.publish)) return provider;
  const lent = lendersOf(from);
  return { ...provider, methods: { ...provider.methods, source: lentSource(lent), files: lentFiles(lent) } };
}

type Lend = (config: TargetConfig) => Promise<Lent>;

function lendersOf(from: Lenders): Lend {
  const found = new Map<string, Promise<Lent>>();
  return (config) => {
    const repository = typeof config.repository === 'string' ? config.repository : '';
    const known = found.get(repository) ?? lender(from, repository);
    found.set(repository, known);
    return known.then((each) => ({ ...each, place: { repository, defaultRef: config.defaultRef ?? 'main' } }));
  };
}

function lentFiles(lent: Lend): Files {
  return {
    list: async (_, config, ...asked) => {
      const { open, place } = await lent(config);
      return capability(open.provider, 'files').list(open.context, place, ...asked);
    },
    text: async (_, config, ...asked) => {
      const { open, place } = await lent(config);
      return capability(open.provider, 'files').text(open.context, place, ...asked);
    },
  };
}

function lentSource(lent: Lend): Source {
  return {
    repositories: async () => {
      const { source, open } = await lent({});
      return source.repositories(open.context);
    },
    refs: async (_, config, ...asked) => {
      const { source, open, place } = await lent(config);
      return source.refs(open.context, place, ...asked);
    },
    commits: async (_, config, ...asked) => {
      const { source, open, place } = await lent(config);
      return source.commits(open.context, place, ...asked);
    },
    commit: async (_, config, ...asked) => {
      const { source, open, place } = await lent(config);
      return source.commit(open.context, place, ...asked);
    },
    resolve: async (_, config, ...asked) => {
      const { source, open, place } = await lent(config);
      return source.resolve(open.context, place, ...asked);
    },
    compare: async (_, config, ...asked) => {
      const { source, open, place } = await lent(config);
      return source.compare(open.context, place, ...asked);
    },
  };
}

interface Lent {
  open: OpenConnection;
  source: Source;
  /** All that a source needs of a target's settings. */
  place: TargetConfig;
}

/** The connection that a target of the same repository uses already; otherwise the oldest that works. */
async function lender({ db, open, providers = registry }: Lenders, repository: string): Promise<Lent> {
  const able = Object.values(providers).flatMap(({ manifest, methods }) => (methods.source ? [manifest.id] : []));
  const uses = sql`exists (select 1 from ${targets} where ${targets.connectionId} = ${connections.id} and lower(${targets.config}->>'repository') = lower(${repository}))`;
  const [row] = await db
    .select({ id: connections.id })
    .from(connections)
    .where(and(inArray(connections.providerId, able), isNotNull(connections.sealedCredential)))
    .orderBy(
      sql`${uses} desc`,
      sql`(${connections.state} = 'ok') desc`,
      asc(connections.createdAt),
      asc(connections.id),
    )
    .limit(1);
  if (!row) throw nobody(repository);
  const opened = await open(row.id);
  const source = opened.provider.methods.source;
  if (!source) throw nobody(repository);
  return { open: opened, source, place: {} };
}

function nobody(repository: string): ProviderError {
  const what = repository === '' ? 'Repositories' : `The commits of ${repository}`;
  const sentence = `${what} are read through a connection to the place where they are, and there is none yet. Add one under Connections.`;
  return new ProviderError('rejected', 'no_source', sentence);
}
