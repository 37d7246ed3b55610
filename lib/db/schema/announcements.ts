import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { deployments } from './deployments';
import { targets } from './estate';

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
    /** The last state that the provider took, and the version of the deployment that it was about. */
    said: text('said', { enum: ['queued', 'in_progress', 'success', 'failure', 'error', 'inactive'] }),
    saidVersion: integer('said_version').notNull().default(0),
    /** The same at the commit. */
    marked: text('marked', { enum: ['queued', 'in_progress', 'success', 'failure', 'error', 'inactive'] }),
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
    // At most one for each target, as long as nothing newer is live.
    index('announcements_live').on(t.targetId).where(sql`said = 'success'`),
  ],
);
