import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { IMPACTS, INCIDENT_STATES, MAINTENANCE_STATES } from '../../status/model/words';
import { deployments } from './deployments';
import { freezes, targets } from './estate';
import { subscriptions } from './integrations';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What a public target is called outside; without a row it has the names of its component and environment. */
export const publicNames = pgTable('public_names', {
  targetId: text('target_id')
    .primaryKey()
    .references(() => targets.id, { onDelete: 'cascade' }),
  /** Empty: the component's name. */
  name: text('name').notNull().default(''),
  /** The heading that it stands under; empty: the environment's name. */
  section: text('section').notNull().default(''),
});

/** What everybody is told about trouble. Every word of it is public; who wrote it is not. */
export const incidents = pgTable(
  'incidents',
  {
    id: text('id').primaryKey(),
    title: text('title').notNull(),
    impact: text('impact', { enum: IMPACTS }).notNull(),
    /** Of the newest update. */
    state: text('state', { enum: INCIDENT_STATES }).notNull(),
    /** What went live and has to do with it; told as far as that is public. */
    deploymentId: text('deployment_id').references(() => deployments.id),
    startedAt: at('started_at').notNull().defaultNow(),
    resolvedAt: at('resolved_at'),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    index('incidents_recent').on(t.startedAt.desc().nullsFirst()),
    index('incidents_open').on(t.startedAt).where(sql`resolved_at is null`),
    check('incidents_resolved_whole', sql`(state = 'resolved') = (resolved_at is not null)`),
  ],
);

/** Which places an incident is about. */
export const incidentTargets = pgTable(
  'incident_targets',
  {
    incidentId: text('incident_id')
      .notNull()
      .references(() => incidents.id, { onDelete: 'cascade' }),
    targetId: text('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.incidentId, t.targetId] }), index('incident_targets_target').on(t.targetId)],
);

/** What was said, and when. A trigger lets nobody change or take back one. */
export const incidentUpdates = pgTable(
  'incident_updates',
  {
    id: text('id').primaryKey(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incidents.id),
    state: text('state', { enum: INCIDENT_STATES }).notNull(),
    text: text('text').notNull(),
    at: at('at').notNull().default(sql`clock_timestamp()`),
    byId: text('by_id'),
    byName: text('by_name').notNull(),
  },
  (t) => [index('incident_updates_of').on(t.incidentId, t.at)],
);

/** Work that was announced. How it stands is worked out from the times by the database's clock. */
export const maintenances = pgTable(
  'maintenances',
  {
    id: text('id').primaryKey(),
    title: text('title').notNull(),
    text: text('text').notNull(),
    startsAt: at('starts_at').notNull(),
    endsAt: at('ends_at').notNull(),
    /** A person ended it before `endsAt`; before `startsAt` that means that it did not happen. */
    endedAt: at('ended_at'),
    /** A freeze that holds deployments back meanwhile. Never told to the public. */
    freezeId: text('freeze_id').references(() => freezes.id),
    /** What subscribers were told last. */
    told: text('told', { enum: MAINTENANCE_STATES }).notNull().default('scheduled'),
    createdBy: text('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    /** When its words or times were changed last. */
    changedAt: at('changed_at').notNull().defaultNow(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    index('maintenances_recent').on(t.startsAt.desc().nullsFirst()),
    index('maintenances_untold').on(t.startsAt).where(sql`told in ('scheduled', 'in_progress')`),
    check('maintenances_forward', sql`ends_at > starts_at`),
  ],
);

export const maintenanceTargets = pgTable(
  'maintenance_targets',
  {
    maintenanceId: text('maintenance_id')
      .notNull()
      .references(() => maintenances.id, { onDelete: 'cascade' }),
    targetId: text('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.maintenanceId, t.targetId] }), index('maintenance_targets_target').on(t.targetId)],
);

/** A subscription of kind `status`: somebody outside who asked for it and answered the challenge. */
export const statusSubscribers = pgTable(
  'status_subscribers',
  {
    subscriptionId: text('subscription_id')
      .primaryKey()
      .references(() => subscriptions.id, { onDelete: 'cascade' }),
    /** Keyed digest of the network that asked: tells many of one source, and nobody where it is. */
    source: text('source').notNull(),
    confirmedAt: at('confirmed_at').notNull().defaultNow(),
  },
  (t) => [index('status_subscribers_source').on(t.source)],
);
