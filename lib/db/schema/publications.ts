import { index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { PUBLICATION_STATES } from '../../publications/model/publication';
import { targets } from './estate';
import { extensionPackages } from './extensions';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** One package at one place: where it is in the gallery's hands, since when, and until when that may last. */
export const extensionPublications = pgTable(
  'extension_publications',
  {
    packageId: text('package_id')
      .notNull()
      .references(() => extensionPackages.id),
    targetId: text('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
    /** The newest deployment that published it there. */
    deploymentId: text('deployment_id').notNull(),
    state: text('state', { enum: PUBLICATION_STATES }).notNull(),
    since: at('since').notNull().defaultNow(),
    /** Null once nothing is waited for. */
    deadlineAt: at('deadline_at'),
    /** What the gallery says about it, as a sentence. */
    detail: text('detail'),
    /** How it was proven to be what clients get; null until then. */
    proof: jsonb('proof').$type<{ sha256: string; url: string | null; at: string }>(),
    url: text('url'),
    /** When the gallery last answered what it does with it, also when that was no news. */
    lookedAt: at('looked_at'),
    /** When it is asked again once the deployment is over. */
    nextLookAt: at('next_look_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.packageId, t.targetId] }),
    index('extension_publications_target').on(t.targetId),
    index('extension_publications_due').on(t.nextLookAt),
  ],
);

/** Somebody wants a whole extension taken away where that takes several people; one at a time for each place. */
export const unpublishAsks = pgTable(
  'unpublish_asks',
  {
    id: text('id').primaryKey(),
    targetId: text('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
    /** publisher.name */
    extension: text('extension').notNull(),
    reason: text('reason').notNull(),
    askedById: text('asked_by_id').notNull(),
    askedByName: text('asked_by_name').notNull(),
    askedAt: at('asked_at').notNull().defaultNow(),
    endsAt: at('ends_at').notNull(),
    /** How many have to agree, as the environment's policy was when it was asked. */
    needed: integer('needed').notNull(),
    agreed: jsonb('agreed').$type<{ id: string; name: string; at: string }[]>().notNull().default([]),
    /** Enough agreed, and the request was begun. */
    begunAt: at('begun_at'),
  },
  (t) => [index('unpublish_asks_target').on(t.targetId, t.endsAt)],
);

/** What a gallery counts, once a day: it tells only the sum of now. */
export const extensionInstalls = pgTable(
  'extension_installs',
  {
    targetId: text('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
    /** `2026-11-27`, in UTC. */
    day: text('day').notNull(),
    total: integer('total').notNull(),
    what: text('what', { enum: ['installs', 'downloads'] }).notNull(),
    /** The newest version at the place on that day. */
    version: text('version'),
  },
  (t) => [primaryKey({ columns: [t.targetId, t.day] })],
);
