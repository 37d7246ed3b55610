import type { Consumer } from '@/lib/connections/model/consumer';
import type { Db, DbOrTx, Tx } from '@/lib/db/client';
import type { Blobs } from '@/lib/extensions/server/blobs';
import type { Clock } from '@/lib/kernel/clock';
import type { Secret } from '@/lib/kernel/secret';
import type { AnyProvider, ProviderContext } from '@/lib/providers/port';
import type { Actor } from './actor';

export type { Db, DbOrTx, Tx };

export interface OpenConnection {
  provider: AnyProvider;
  context: ProviderContext;
  /** Throws `ProviderError` `not_answering` while this process would send nothing there, because nobody answers. Asks nobody. */
  requireAnswering?: () => void;
}

/** `first`: what somebody waits for, before looks at what runs already. `last`: what waits for a provider in trouble. */
export type Turn = 'first' | 'usual' | 'last';

/** Jobs only wake idempotent handlers; the truth is in our own tables. */
export interface JobQueue {
  /** In the caller's transaction, so that the job exists exactly when the change does. */
  wakeDeployment(tx: DbOrTx, deploymentId: string, turn?: Turn): Promise<void>;
  /** One job for all of these. */
  wakeInbox(tx: DbOrTx, inboxIds: readonly string[]): Promise<void>;
}

/** A person's own token as they typed it, and the address that it is for: it is sent to no other. */
export interface EnteredToken {
  token: Secret;
  origin: string;
}

/** Everything a domain verb may use; the composition root (lib/runtime.ts) builds it. */
export interface ServiceContext {
  db: Db;
  actor: Actor;
  clock: Clock;
  requestId: string;
  queue: JobQueue;
  /**
   * `consumer` says what the requests are for (lib/connections/model/consumer.ts); the actor does when left out. `look`:
   * nothing but reads for somebody to see; they leave the rest of a short quota to deployments.
   */
  openConnection(connectionId: string, consumer?: Consumer, manner?: 'look'): Promise<OpenConnection>;
  /** The same provider as the acting person, by a token of their own: the stored one, or the one just entered. */
  openOwn?(connectionId: string, entered?: EnteredToken): Promise<OpenConnection>;
  /** For addresses that a person typed in (probes, subscriptions): public hosts only, no redirects, bounded in time and size. */
  fetchOutside(url: string, init?: RequestInit): Promise<Response>;
  /** How long an accepted run may stay unlisted before a look-up that finds nothing proves absence; 60 when left out. */
  settleSeconds?: number | undefined;
  /** Heads of the audit log, as text, that are known outside of the database and are not in it (lib/audit/server/forgotten.ts). */
  forgottenHeads?(): Promise<string[]>;
  /** Where packages of extensions lie; left out where none are kept. */
  blobs?: Blobs;
}
