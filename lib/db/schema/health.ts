import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import type { HealthSettings } from '../../observability/model/health-settings';
import type { RollBackNote } from '../../observability/model/roll-back-rule';
import { VERDICTS, type VerdictReport } from '../../observability/model/verdict';
import { deployments } from './deployments';
import { connections, targets } from './estate';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** How a deployment did once it was live: revised until its window is over, then final. One row a deployment. */
export const verdicts = pgTable(
  'verdicts',
  {
    deploymentId: text('deployment_id')
      .primaryKey()
      .references(() => deployments.id),
    targetId: text('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
    verdict: text('verdict', { enum: VERDICTS }).notNull().default('inconclusive'),
    why: text('why').notNull().default(''),
    /** Null until it was looked at once. */
    report: jsonb('report').$type<VerdictReport>(),
    /** How it is measured and judged, as it was when it went live. */
    settings: jsonb('settings').$type<HealthSettings>().notNull(),
    liveAt: at('live_at').notNull(),
    /** When the window after it is over. */
    untilAt: at('until_at').notNull(),
    closed: boolean('closed').notNull().default(false),
    judgedAt: at('judged_at'),
    /** When it was first found worse; what is found better later keeps it. */
    worseSince: at('worse_since'),
    /** What the newest look found, and since when each look has; it is only said once it holds (model/settle.ts). */
    found: text('found', { enum: VERDICTS }),
    foundSince: at('found_since'),
    /** What became of going back by itself; null = it was not its turn yet, or no policy asks for it. */
    rollBack: jsonb('roll_back').$type<RollBackNote>(),
    /** Not tried again before. */
    rollBackNextAt: at('roll_back_next_at'),
    /** Null once it is closed. */
    nextLookAt: at('next_look_at').defaultNow(),
  },
  (t) => [
    index('verdicts_due').on(t.nextLookAt).where(sql`next_look_at is not null`),
    index('verdicts_target').on(t.targetId, t.liveAt.desc().nullsFirst()),
  ],
);

/** What our own probes saw, in slots of `width` seconds. A slot in which neither is counted was claimed and not measured. */
export const healthSamples = pgTable(
  'health_samples',
  {
    targetId: text('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
    width: integer('width').notNull(),
    at: at('at').notNull(),
    ok: integer('ok').notNull().default(0),
    failed: integer('failed').notNull().default(0),
    /** Sum over those that answered, in milliseconds. */
    ms: doublePrecision('ms').notNull().default(0),
    /** Of the newest answer; null where there was none. */
    status: integer('status'),
    version: text('version'),
  },
  (t) => [primaryKey({ columns: [t.targetId, t.width, t.at] }), index('health_samples_old').on(t.width, t.at)],
);

/** What a deployment that ended badly failed with, so that the same failure is known again. One row each. */
export const failures = pgTable(
  'failures',
  {
    deploymentId: text('deployment_id')
      .primaryKey()
      .references(() => deployments.id),
    /** First digits of a SHA-256 over step, exit code and the line without what changes each time. */
    fingerprint: text('fingerprint').notNull(),
    /** The first line that says what is wrong, masked and shortened. */
    line: text('line').notNull(),
    step: text('step'),
    exitCode: integer('exit_code'),
    /** `log`: the provider's log was read; `said`: only the sentence of the end is known. */
    source: text('source', { enum: ['log', 'said'] }).notNull(),
    failedAt: at('failed_at').notNull(),
    tries: integer('tries').notNull().default(1),
    /** When the log is asked for again; null = no more. */
    nextTryAt: at('next_try_at'),
  },
  (t) => [
    index('failures_alike').on(t.fingerprint, t.failedAt.desc().nullsFirst()),
    index('failures_due').on(t.nextTryAt).where(sql`next_try_at is not null`),
  ],
);

/** What providers said about their own trouble, kept after they took it off their page. */
export const serviceNotices = pgTable(
  'service_notices',
  {
    providerId: text('provider_id').notNull(),
    /** Its name and beginning: the page gives no lasting id that all of them share. */
    key: text('key').notNull(),
    name: text('name').notNull(),
    url: text('url'),
    impact: text('impact').notNull(),
    parts: jsonb('parts').$type<string[]>().notNull().default([]),
    latest: text('latest'),
    since: at('since').notNull(),
    /** When we last read it there; it was over at most one look later. */
    seenAt: at('seen_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.providerId, t.key] }),
    index('service_notices_at').on(t.providerId, t.seenAt.desc().nullsFirst()),
  ],
);

/** Requests of a connection since it is counted: never less than before, as a counter has to be. */
export const requestTotals = pgTable('request_totals', {
  connectionId: text('connection_id')
    .primaryKey()
    .references(() => connections.id, { onDelete: 'cascade' }),
  charged: bigint('charged', { mode: 'number' }).notNull().default(0),
  free: bigint('free', { mode: 'number' }).notNull().default(0),
  held: bigint('held', { mode: 'number' }).notNull().default(0),
});
