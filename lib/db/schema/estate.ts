import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { ImageSource } from '../../components/model/image-source';
import type { AuthorityView } from '../../connections/model/authority';
import type { Policy } from '../../gates/model/policy';
import type { HealthSettings } from '../../observability/model/health-settings';
import { RENDERING_MODES } from '../../rendering/model/mode';
import type { Probe } from '../../targets/model/probe';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const connections = pgTable(
  'connections',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    providerId: text('provider_id').notNull(),
    /** Exact origin (and path prefix) of the API; part of the sealed credential's associated data. */
    origin: text('origin').notNull(),
    credentialKind: text('credential_kind', { enum: ['token', 'app', 'basic'] }).notNull(),
    /** `v1.kekId.wrappedDek.iv.tag.ct`; null after the origin changed, until a credential is entered again. */
    sealedCredential: text('sealed_credential'),
    credentialLast4: text('credential_last4').notNull().default(''),
    /** When the present credential was entered; null where none is. */
    credentialAt: at('credential_at'),
    /** Since when there has been one without a break, whichever it is; null where none is. */
    credentialSince: at('credential_since'),
    /** App id and installation id: not secret, needed to draw the form again. */
    appId: text('app_id'),
    installationId: text('installation_id'),
    /** Where else the credential is sent, when a person named a token service; the sealed one is what counts. */
    tokenOrigin: text('token_origin'),
    /** Who vouches for the server instead of the usual authorities (PEM), sealed so that nobody else can write it. */
    sealedAuthorities: text('sealed_authorities'),
    /** What is shown of them; set exactly when they are. */
    authorities: jsonb('authorities').$type<AuthorityView[]>(),
    sealedWebhookSecret: text('sealed_webhook_secret'),
    sealedPreviousWebhookSecret: text('sealed_previous_webhook_secret'),
    state: text('state', { enum: ['unchecked', 'ok', 'failing'] })
      .notNull()
      .default('unchecked'),
    /** Last `CredentialReport` of the provider port. */
    report: jsonb('report'),
    checkedAt: at('checked_at'),
    /** How much of the provider's quota background reads may use, in percent of the limit. */
    budgetPercent: integer('budget_percent').notNull().default(20),
    createdBy: text('created_by'),
    createdAt: at('created_at').notNull().defaultNow(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    uniqueIndex('connections_name_key').on(t.name),
    check('connections_authorities_whole', sql`(sealed_authorities is null) = (authorities is null)`),
  ],
);

/** Who used how much of a connection's quota, by the hour. `free` counts conditional reads that cost nothing. */
export const quotaUsage = pgTable(
  'quota_usage',
  {
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    hour: at('hour').notNull(),
    /** What the requests were for: `engine`, `reconcile`, `person:<id>`, `token:<id>`. */
    consumer: text('consumer').notNull(),
    charged: integer('charged').notNull().default(0),
    free: integer('free').notNull().default(0),
    /** Refused on this side because the provider had asked for a pause, or the budget was used up. */
    held: integer('held').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.hour, t.consumer] })],
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
    /** Through which its images are read; set exactly when `image` is. */
    imageConnectionId: text('image_connection_id').references(() => connections.id),
    image: jsonb('image').$type<ImageSource>(),
    position: integer('position').notNull().default(0),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('components_slug_key').on(t.slug),
    index('components_image_connection').on(t.imageConnectionId).where(sql`image_connection_id is not null`),
    check('components_image_whole', sql`(image_connection_id is null) = (image is null)`),
  ],
);

export const environments = pgTable(
  'environments',
  {
    id: text('id').primaryKey(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    isProduction: boolean('is_production').notNull().default(false),
    /** What has to hold before anything goes live here; see lib/gates/model/policy.ts. */
    policy: jsonb('policy').$type<Partial<Policy>>().notNull().default({}),
    policyVersion: integer('policy_version').notNull().default(1),
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
    /** Where the deployed thing itself says which version it is; null = only the provider is read back. */
    probe: jsonb('probe').$type<Probe>(),
    /** How it is built there. Written with the success of a deployment that says so; null = no web dashboard, or not known. */
    rendering: text('rendering', { enum: RENDERING_MODES }),
    /** What the provider is told about its deployments; see docs/github-objects.md. */
    tell: text('tell', { enum: ['nothing', 'record', 'record_and_commit', 'record_and_check'] })
      .notNull()
      .default('record'),
    /** Everybody may see, without signing in, what is live here; see lib/public-status. */
    isPublic: boolean('is_public').notNull().default(false),
    /** How it is measured and judged once it is live; null = it is not. */
    health: jsonb('health').$type<HealthSettings>(),
    /** Where what runs there keeps its own secrets and variables, and how it is found there; both or neither. */
    runtimeConnectionId: text('runtime_connection_id').references(() => connections.id),
    runtime: jsonb('runtime').$type<Record<string, unknown>>(),
    /** What is live. Moves only in the transaction that makes a deployment succeed, by compare-and-swap. */
    currentDeploymentId: text('current_deployment_id'),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('targets_key').on(t.componentId, t.environmentId, t.label),
    index('targets_connection').on(t.connectionId),
    index('targets_runtime_connection').on(t.runtimeConnectionId).where(sql`runtime_connection_id is not null`),
    check('targets_runtime_whole', sql`(runtime_connection_id is null) = (runtime is null)`),
  ],
);

/**
 * What the last look at a target's secrets and variables found: names and times only. Asked by the doctor and by the matrix,
 * which ask no provider. Of a try that found nothing out stays why, and what was known before.
 */
export const configurationReadings = pgTable('configuration_readings', {
  targetId: text('target_id')
    .primaryKey()
    .references(() => targets.id, { onDelete: 'cascade' }),
  /** `shared`: refused because several environments would have the same one. `because`: why no other name does. `plan`: it lacks the place. */
  missing: jsonb('missing')
    .$type<{ kind: string; name: string; shared?: true; because?: string; plan?: string }[]>()
    .notNull(),
  /** What the next deployment takes in, with when it was last changed (ISO 8601 in UTC): the newest 500. */
  settings: jsonb('settings')
    .$type<{ kind: string; name: string; changedAt: string }[]>()
    .notNull()
    .default(sql`'[]'::jsonb`),
  /** When all of it was read; null: never. */
  readAt: at('read_at').defaultNow(),
  triedAt: at('tried_at').notNull().defaultNow(),
  problem: text('problem'),
});

/**
 * Something holds targets where they are, with a name and a reason. A null scope column means "any", so a lock with
 * three nulls is the global one. Its author is its owner.
 */
export const pins = pgTable(
  'pins',
  {
    id: text('id').primaryKey(),
    kind: text('kind', { enum: ['rollback', 'lock'] }).notNull(),
    environmentId: text('environment_id').references(() => environments.id),
    componentId: text('component_id').references(() => components.id),
    targetId: text('target_id').references(() => targets.id),
    reason: text('reason').notNull(),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    deploymentId: text('deployment_id'),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at'),
    liftedAt: at('lifted_at'),
    liftedBy: text('lifted_by'),
    liftReason: text('lift_reason'),
  },
  (t) => [
    index('pins_target').on(t.targetId, t.liftedAt),
    index('pins_deployment').on(t.deploymentId).where(sql`deployment_id is not null`),
    index('pins_open').on(t.createdAt).where(sql`lifted_at is null`),
    check('pins_of_one_target', sql`kind = 'lock' or target_id is not null`),
  ],
);

/** Times in which nothing may go live, in the team's own time zone; once, or again and again. */
export const freezes = pgTable(
  'freezes',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    reason: text('reason').notNull(),
    environmentId: text('environment_id').references(() => environments.id),
    componentId: text('component_id').references(() => components.id),
    /** IANA name, e.g. `Europe/Berlin`. */
    timeZone: text('time_zone').notNull(),
    /** Wall clock in `timeZone`, `2026-12-24T18:00`. */
    startsAt: text('starts_at').notNull(),
    durationMinutes: integer('duration_minutes').notNull(),
    /** RFC 5545 RRULE without DTSTART; null = once. */
    recurrence: text('recurrence'),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    /** Ended for good, before its time, by a person. */
    endedAt: at('ended_at'),
    endedBy: text('ended_by'),
    endReason: text('end_reason'),
    version: integer('version').notNull().default(1),
  },
  (t) => [index('freezes_open').on(t.createdAt).where(sql`ended_at is null`)],
);

/** What was found live on a target by looking from outside, whoever put it there. One row a target. */
export const sightings = pgTable(
  'sightings',
  {
    targetId: text('target_id')
      .primaryKey()
      .references(() => targets.id, { onDelete: 'cascade' }),
    nextLookAt: at('next_look_at').notNull().defaultNow(),
    lookedAt: at('looked_at'),
    /** How it was found: the thing itself was asked, or the provider was read. */
    source: text('source', { enum: ['probe', 'provider'] }),
    sha: text('sha'),
    version: text('version'),
    ...{ remoteId: text('remote_id'), remoteUrl: text('remote_url') },
    /** Who did it at the provider, when that is known. */
    byName: text('by_name'),
    /** Set while what is live is not what we put there. */
    ...{ driftSince: at('drift_since'), driftSentence: text('drift_sentence') },
    /** What the drift was that the newest deployment was to mend, commit or version, until it is looked at again. */
    driftBefore: text('drift_before'),
    /** Set while its host lets no new build go live by itself, as last seen: since when that is known, and why. */
    ...{ heldSince: at('held_since'), heldSentence: text('held_sentence') },
    troubleCount: integer('trouble_count').notNull().default(0),
    troubleSentence: text('trouble_sentence'),
    /** The newest commit of the target's branch, as last seen. */
    branchSha: text('branch_sha'),
    /** How many commits of that branch `behindOf` has not; `behindOf` is what was live when it was counted. */
    behind: integer('behind'),
    behindOf: text('behind_of'),
    behindAskedAt: at('behind_asked_at'),
  },
  (t) => [index('sightings_due').on(t.nextLookAt)],
);
