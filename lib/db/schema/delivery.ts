import { sql } from 'drizzle-orm';
import { index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { AXES, CLASSES } from '../../observability/model/classes';
import { deployments } from './deployments';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** A person's word on how a deployment counts in the delivery figures, against the rule. Undone, never removed. */
export const classifications = pgTable(
  'classifications',
  {
    id: text('id').primaryKey(),
    deploymentId: text('deployment_id')
      .notNull()
      .references(() => deployments.id),
    /** The question that `word` answers: one answer each holds at a time. */
    axis: text('axis', { enum: AXES }).notNull(),
    word: text('word', { enum: CLASSES }).notNull(),
    reason: text('reason').notNull(),
    byId: text('by_id'),
    byName: text('by_name').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    undoneAt: at('undone_at'),
    undoneByName: text('undone_by_name'),
  },
  (t) => [
    index('classifications_deployment').on(t.deploymentId),
    uniqueIndex('classifications_one_answer').on(t.deploymentId, t.axis).where(sql`undone_at is null`),
  ],
);
