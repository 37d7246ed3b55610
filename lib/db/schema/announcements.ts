import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { deployments } from './deployments';
import { connections, targets } from './estate';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What the provider was told about a deployment, so that its own pages show it. One row each; the deployment never waits for it. */
export const announcements = pgTable(
  'announcements',
  {
    deploymentId: text('deployment_id')
      .primaryKey()
      .references(() => deployments.id),
    targetId: text('target_id')
      .notNull()
      .references(() => targets.id),
    /** `left`: nothing is to be told, `refused`: the provider does not let us, `dead`: set aside after many tries. */
    state: text('state', { enum: ['open', 'done', 'left', 'refused', 'dead'] })
      .notNull()
      .default('open'),
    /** Committed before a record is asked for: from then on one is looked up before another is made. */
    askedAt: at('asked_at'),
    remoteId: text('remote_id'),
    remoteUrl: text('remote_url'),
    /** The last state that the provider took. */
    said: text('said', { enum: ['queued', 'in_progress', 'success', 'failure', 'error', 'inactive'] }),
    /** The version of the deployment that the last pass looked at, whatever came of it. */
    saidVersion: integer('said_version').notNull().default(0),
    /** What that pass had to say; news ends a wait. Null: none has been made, or a limit is waited for, whatever comes. */
    tried: text('tried', { enum: ['queued', 'in_progress', 'success', 'failure', 'error', 'inactive'] }),
    /** The same at the commit; null also where it has to be said again, or nobody knows whether it is there. */
    marked: text('marked', { enum: ['queued', 'in_progress', 'success', 'failure', 'error', 'inactive'] }),
    /** What the commit is marked under: since it is set, a word of ours is there or may be. */
    markName: text('mark_name'),
    /** In which form, as long as there is a name: the two stand side by side there, so neither takes the other's word back. */
    markAs: text('mark_as', { enum: ['status', 'check'] })
      .notNull()
      .default('status'),
    /** Failures in a row. */
    tries: integer('tries').notNull().default(0),
    /** When it is looked at next; null when nothing is due. A claim moves it behind its lease. */
    nextTryAt: at('next_try_at'),
    code: text('code'),
    sentence: text('sentence'),
    /** The same of the status at the commit: one way's trouble does not silence the other. */
    markCode: text('mark_code'),
    markSentence: text('mark_sentence'),
    createdAt: at('created_at').notNull().defaultNow(),
    saidAt: at('said_at'),
  },
  (t) => [
    index('announcements_due').on(t.nextTryAt).where(sql`next_try_at is not null`),
    index('announcements_open').on(t.deploymentId).where(sql`state = 'open'`),
    // The names that were ever used, from one to the next.
    index('announcements_mark_name').on(t.markName).where(sql`mark_name is not null`),
    // At most one for each target, as long as nothing newer is live.
    index('announcements_live').on(t.targetId).where(sql`said = 'success'`),
  ],
);

/** What is written where a deployed thing is measured, once it is live. One row for each deployment and connection. */
export const deploymentNotes = pgTable(
  'deployment_notes',
  {
    deploymentId: text('deployment_id')
      .notNull()
      .references(() => deployments.id),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** As it was set when it was found to be live, placeholders filled in. */
    scope: text('scope').notNull(),
    /** `refused`: the provider does not let us, `dead`: set aside after many tries. */
    state: text('state', { enum: ['open', 'done', 'refused', 'dead'] })
      .notNull()
      .default('open'),
    /** Committed before it is asked for: a lost answer is looked up before another is made. */
    askedAt: at('asked_at'),
    remoteId: text('remote_id'),
    remoteUrl: text('remote_url'),
    tries: integer('tries').notNull().default(0),
    /** Null once it has ended. A claim moves it behind its lease. */
    nextTryAt: at('next_try_at').defaultNow(),
    code: text('code'),
    sentence: text('sentence'),
    createdAt: at('created_at').notNull().defaultNow(),
    writtenAt: at('written_at'),
  },
  (t) => [
    primaryKey({ columns: [t.deploymentId, t.connectionId] }),
    index('deployment_notes_due').on(t.nextTryAt).where(sql`next_try_at is not null`),
    index('deployment_notes_connection').on(t.connectionId),
  ],
);
