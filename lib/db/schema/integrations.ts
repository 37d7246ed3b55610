import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import type { TokenScope } from '../../members/model/token-scope';
import type { ServiceStatus } from '../../providers/standing-terms';
import { users } from './people';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** A token for the HTTP API and the command line: acts for its owner, within its scopes. Only its SHA-256 is kept. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    tokenHash: text('token_hash').notNull(),
    last4: text('last4').notNull(),
    scopes: jsonb('scopes').$type<TokenScope[]>().notNull(),
    /** Narrows the owner's grants further; `*` = not at all. */
    environmentPattern: text('environment_pattern').notNull().default('*'),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    lastUsedAt: at('last_used_at'),
    revokedAt: at('revoked_at'),
  },
  (t) => [uniqueIndex('api_tokens_hash_key').on(t.tokenHash), index('api_tokens_user').on(t.userId)],
);

/** First answer to a request with an `Idempotency-Key`, given again: for seven days, and as long as a deployment that it made. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    actorId: text('actor_id').notNull(),
    key: text('key').notNull(),
    /** SHA-256 over method, path and body: the same key with other content is a mistake. */
    requestDigest: text('request_digest').notNull(),
    /** Null while the first request is still being worked on. */
    status: integer('status'),
    body: jsonb('body'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.actorId, t.key] })],
);

/** Where events are sent: a signed webhook or a Slack-compatible address. The address may be a secret, so it is sealed. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** `status`: somebody outside who follows the public status page; see lib/status. */
    kind: text('kind', { enum: ['webhook', 'slack', 'status'] }).notNull(),
    /** What may be shown of the address: its origin. */
    origin: text('origin').notNull(),
    sealedUrl: text('sealed_url').notNull(),
    /** Signing secret of a webhook; null for Slack. */
    sealedSecret: text('sealed_secret'),
    /** Names of lib/notifications/model/events.ts; `*` = all. */
    events: jsonb('events').$type<string[]>().notNull(),
    environmentPattern: text('environment_pattern').notNull().default('*'),
    createdBy: text('created_by').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    disabledAt: at('disabled_at'),
    version: integer('version').notNull().default(1),
  },
  (t) => [uniqueIndex('subscriptions_name_key').on(t.name)],
);

/** Ledger of everything that was to be told to a subscription: one row for each event and subscription. */
export const notifications = pgTable(
  'notifications',
  {
    id: text('id').primaryKey(),
    subscriptionId: text('subscription_id')
      .notNull()
      .references(() => subscriptions.id, { onDelete: 'cascade' }),
    eventId: bigint('event_id', { mode: 'number' }).notNull(),
    event: text('event').notNull(),
    state: text('state', { enum: ['pending', 'delivered', 'dead'] })
      .notNull()
      .default('pending'),
    body: jsonb('body').notNull(),
    tries: integer('tries').notNull().default(0),
    nextTryAt: at('next_try_at'),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    createdAt: at('created_at').notNull().defaultNow(),
    deliveredAt: at('delivered_at'),
  },
  (t) => [
    uniqueIndex('notifications_once').on(t.subscriptionId, t.eventId),
    index('notifications_due').on(t.nextTryAt).where(sql`next_try_at is not null`),
    index('notifications_recent').on(t.subscriptionId, t.createdAt.desc().nullsFirst()),
  ],
);

/** What a provider's own status page said last. Public, the same for everybody, and asked once for all instances. */
export const serviceStatuses = pgTable('service_statuses', {
  providerId: text('provider_id').primaryKey(),
  /** When somebody last set out to ask, whatever came of it. */
  askedAt: at('asked_at').notNull().defaultNow(),
  /** Null until it answered for the first time. */
  readAt: at('read_at'),
  status: jsonb('status').$type<ServiceStatus>(),
  /** Why the newest question got no answer; null when it did. */
  problem: text('problem'),
});
