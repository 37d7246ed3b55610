import { boolean, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const connections = pgTable(
  'connections',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    providerId: text('provider_id').notNull(),
    /** Exact origin (and path prefix) of the API; part of the sealed credential's associated data. */
    origin: text('origin').notNull(),
    credentialKind: text('credential_kind', { enum: ['token', 'app'] }).notNull(),
    /** `v1.kekId.wrappedDek.iv.tag.ct`; null after the origin changed, until a credential is entered again. */
    sealedCredential: text('sealed_credential'),
    credentialLast4: text('credential_last4').notNull().default(''),
    /** App id and installation id: not secret, needed to draw the form again. */
    appId: text('app_id'),
    installationId: text('installation_id'),
    sealedWebhookSecret: text('sealed_webhook_secret'),
    sealedPreviousWebhookSecret: text('sealed_previous_webhook_secret'),
    state: text('state', { enum: ['unchecked', 'ok', 'failing'] })
      .notNull()
      .default('unchecked'),
    /** Last `CredentialReport` of the provider port. */
    report: jsonb('report'),
    checkedAt: at('checked_at'),
    createdBy: text('created_by'),
    createdAt: at('created_at').notNull().defaultNow(),
    version: integer('version').notNull().default(1),
  },
  (t) => [uniqueIndex('connections_name_key').on(t.name)],
);

/** Last rate-limit figures per connection and resource, from response headers. */
export const quotas = pgTable(
  'quotas',
  {
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    resource: text('resource').notNull(),
    limit: integer('limit').notNull(),
    remaining: integer('remaining').notNull(),
    resetAt: at('reset_at').notNull(),
    /** No request before this moment (Retry-After). */
    blockedUntil: at('blocked_until'),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [uniqueIndex('quotas_key').on(t.connectionId, t.resource)],
);

export const components = pgTable(
  'components',
  {
    id: text('id').primaryKey(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    kind: text('kind', { enum: ['backend', 'extension', 'dashboard', 'docs', 'other'] }).notNull(),
    description: text('description').notNull().default(''),
    /** Folders of the repository whose commits belong to this component; empty = all. */
    paths: jsonb('paths').$type<string[]>().notNull().default([]),
    position: integer('position').notNull().default(0),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('components_slug_key').on(t.slug)],
);

export const environments = pgTable(
  'environments',
  {
    id: text('id').primaryKey(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    isProduction: boolean('is_production').notNull().default(false),
    position: integer('position').notNull().default(0),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('environments_slug_key').on(t.slug)],
);

export const targets = pgTable(
  'targets',
  {
    id: text('id').primaryKey(),
    componentId: text('component_id')
      .notNull()
      .references(() => components.id),
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id),
    /** Distinguishes several targets of one component in one environment (galleries, say); empty for the only one. */
    label: text('label').notNull().default(''),
    config: jsonb('config').$type<Record<string, unknown>>().notNull(),
    /** What is live. Moves only in the transaction that makes a deployment succeed, by compare-and-swap. */
    currentDeploymentId: text('current_deployment_id'),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('targets_key').on(t.componentId, t.environmentId, t.label),
    index('targets_connection').on(t.connectionId),
  ],
);

/** Something holds a target where it is, with a name and a reason. */
export const pins = pgTable(
  'pins',
  {
    id: text('id').primaryKey(),
    targetId: text('target_id')
      .notNull()
      .references(() => targets.id),
    kind: text('kind', { enum: ['rollback', 'lock', 'freeze', 'provider'] }).notNull(),
    reason: text('reason').notNull(),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    deploymentId: text('deployment_id'),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at'),
    liftedAt: at('lifted_at'),
    liftedBy: text('lifted_by'),
  },
  (t) => [index('pins_target').on(t.targetId, t.liftedAt)],
);
