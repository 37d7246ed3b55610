import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Dispatch } from '../../deployments/model/dispatch';
import { DEPLOYMENT_STATUSES } from '../../deployments/model/status';
import type { HeldBy } from '../../gates/model/held-by';
import type { Policy } from '../../gates/model/policy';
import { RENDERING_MODES } from '../../rendering/model/mode';
import { connections, targets } from './estate';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
/** 64-bit transaction id; orders the event feed by commit visibility instead of by sequence. */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** A version of a component with its artifacts. */
export const releases = pgTable(
  'releases',
  {
    id: text('id').primaryKey(),
    componentId: text('component_id').notNull(),
    version: text('version').notNull(),
    sha: text('sha').notNull(),
    ref: text('ref').notNull(),
    message: text('message').notNull().default(''),
    author: text('author').notNull().default(''),
    artifacts: jsonb('artifacts').$type<Record<string, unknown>[]>().notNull().default([]),
    /** When the provider says that the commit was written; null where it did not say. */
    committedAt: at('committed_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('releases_key').on(t.componentId, t.sha)],
);

export const deployments = pgTable(
  'deployments',
  {
    id: text('id').primaryKey(),
    /** For people: `#128`. */
    number: bigint('number', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    targetId: text('target_id')
      .notNull()
      .references(() => targets.id),
    componentId: text('component_id').notNull(),
    environmentId: text('environment_id').notNull(),
    connectionId: text('connection_id').notNull(),
    providerId: text('provider_id').notNull(),
    releaseId: text('release_id')
      .notNull()
      .references(() => releases.id),
    kind: text('kind', { enum: ['deploy', 'rollback', 'retry', 'promote'] })
      .notNull()
      .default('deploy'),
    /** The deployment that is rolled back to or retried, or whose build is promoted. */
    sourceDeploymentId: text('source_deployment_id'),
    /** What was live when this was asked for. */
    previousDeploymentId: text('previous_deployment_id'),
    status: text('status', { enum: DEPLOYMENT_STATUSES }).notNull(),
    version: integer('version').notNull().default(1),
    idempotencyKey: text('idempotency_key').notNull(),
    /** SHA-256 over target, sha, ref, inputs and config: what "the same deployment" means. */
    contentDigest: text('content_digest').notNull(),
    ref: text('ref').notNull(),
    refKind: text('ref_kind', { enum: ['branch', 'tag'] }).notNull(),
    sha: text('sha').notNull(),
    inputs: jsonb('inputs').$type<Record<string, string | number | boolean>>().notNull().default({}),
    /** The mode that this deployment builds; null where the target has none. */
    rendering: text('rendering', { enum: RENDERING_MODES }),
    /** The target's settings as they were; later edits do not change what a past deployment says it used. */
    config: jsonb('config').$type<Record<string, unknown>>().notNull(),
    /** How the run is told apart at the provider; from the form as read at the chosen revision. */
    dispatch: jsonb('dispatch').$type<Dispatch>().notNull(),
    reason: text('reason').notNull().default(''),
    /** The environment's policy as it was when this was asked for, and its version. */
    policy: jsonb('policy').$type<Policy>(),
    policyVersion: integer('policy_version').notNull().default(0),
    /** SHA-256 over revision, environment, inputs, settings and policy: what an approval is given for. */
    approvalDigest: text('approval_digest'),
    /** Items of the environment's checklist that the requester ticked. */
    checklist: jsonb('checklist').$type<string[]>().notNull().default([]),
    /** An administrator let it through a freeze. */
    freezeOverride: jsonb('freeze_override').$type<{ byId: string; byName: string; reason: string; at: string }>(),
    /** The newer deployment that took this one's place: in the queue, or at the host, there maybe on another target. */
    supersededById: text('superseded_by_id'),
    /** What was live when the revision was last compared with it; the queue compares again when that has changed. */
    comparedWithId: text('compared_with_id'),
    /** Set after a restored backup or a long standstill: the provider is asked for a run before anything is sent. */
    lookFirst: boolean('look_first').notNull().default(false),
    requestedById: text('requested_by_id'),
    requestedByName: text('requested_by_name').notNull(),
    requestedAt: at('requested_at').notNull().defaultNow(),
    statusSince: at('status_since').notNull().defaultNow(),
    submittedAt: at('submitted_at'),
    startedAt: at('started_at'),
    finishedAt: at('finished_at'),
    deadlineAt: at('deadline_at'),
    /** When the engine looks at it next; null once terminal. */
    nextCheckAt: at('next_check_at'),
    observedAt: at('observed_at'),
    /** When the provider said done; from then on it is "accepted, not yet live" until verified. */
    providerDoneAt: at('provider_done_at'),
    ...{ remoteId: text('remote_id'), remoteUrl: text('remote_url') },
    remoteAttempt: integer('remote_attempt').notNull().default(1),
    ...{ rawPhase: text('raw_phase'), waitingFor: text('waiting_for') },
    /** Since when its run stands before gates of the provider, and which; null while it does not. */
    heldSince: at('held_since'),
    heldBy: jsonb('held_by').$type<HeldBy[]>(),
    /** At the last look it was built, and its host kept it back until somebody puts it live. */
    keptBack: boolean('kept_back').notNull().default(false),
    /** When its run ended, badly, while a gallery is asked all the same; null while no run that is over is waited for. */
    runEndedAt: at('run_ended_at'),
    /** Set while a person has to decide (the provider may or may not have started a run). */
    attention: text('attention', { enum: ['unknown_outcome'] }),
    attentionSince: at('attention_since'),
    /** Why it ended; while it is queued, the gate of its own that keeps it back, so that others go first. */
    failureCode: text('failure_code'),
    ...{ failureSentence: text('failure_sentence'), failureStep: text('failure_step') },
    /** What proved it live. */
    evidence: jsonb('evidence').$type<Record<string, unknown>>(),
    cancelRequestedByName: text('cancel_requested_by_name'),
    cancelSentAt: at('cancel_sent_at'),
    /** Provider trouble in a row; spaces out the checks. */
    troubleCount: integer('trouble_count').notNull().default(0),
    troubleSentence: text('trouble_sentence'),
  },
  (t) => [
    uniqueIndex('deployments_number_key').on(t.number),
    uniqueIndex('deployments_idempotency_key').on(t.idempotencyKey),
    uniqueIndex('deployments_one_in_flight')
      .on(t.targetId)
      .where(sql`status in ('submitting','building','deploying','verifying','cancelling')`),
    uniqueIndex('deployments_one_active_content')
      .on(t.contentDigest)
      .where(
        sql`status in ('awaiting_approval','queued','submitting','building','deploying','verifying','cancelling')`,
      ),
    index('deployments_due').on(t.nextCheckAt).where(sql`next_check_at is not null`),
    index('deployments_target').on(t.targetId, t.number.desc().nullsFirst()),
    index('deployments_recent').on(t.number.desc().nullsFirst()),
    index('deployments_component').on(t.componentId, t.number.desc().nullsFirst()),
    index('deployments_environment').on(t.environmentId, t.number.desc().nullsFirst()),
    index('deployments_commit').on(t.componentId, t.sha),
    index('deployments_status').on(t.status, t.number.desc().nullsFirst()),
    index('deployments_person').on(sql`lower(${t.requestedByName})`, t.number.desc().nullsFirst()),
    index('deployments_remote').on(t.connectionId, t.remoteId),
    // What ended in a span of time: the figures and charts of an environment.
    index('deployments_ended')
      .on(t.environmentId, t.finishedAt.desc().nullsFirst())
      .where(sql`finished_at is not null`),
    // What went live at a target, in that order; what is still to end is first.
    index('deployments_by_end').on(t.targetId, t.finishedAt.desc().nullsFirst()),
    index('deployments_rollbacks').on(t.targetId, t.number.desc().nullsFirst()).where(sql`kind = 'rollback'`),
    // Terminal is final: nothing may bring an ended deployment back before the engine.
    check(
      'deployments_ended_is_over',
      sql`status in ('awaiting_approval','queued','submitting','building','deploying','verifying','cancelling') or (next_check_at is null and deadline_at is null and attention is null)`,
    ),
  ],
);

/** One row per request that may start a run; committed before the request is sent. */
export const attempts = pgTable(
  'attempts',
  {
    id: text('id').primaryKey(),
    deploymentId: text('deployment_id')
      .notNull()
      .references(() => deployments.id),
    number: integer('number').notNull(),
    marker: text('marker').notNull(),
    /** `second`: its run is one too many and has to be cancelled; `accepted` once it is over, or left to a person. */
    state: text('state', { enum: ['sending', 'accepted', 'second', 'refused', 'unknown', 'absent'] }).notNull(),
    /** Until then only the process that wrote the row may act on it. */
    leaseUntil: at('lease_until').notNull(),
    sentAt: at('sent_at').notNull(),
    answeredAt: at('answered_at'),
    remoteId: text('remote_id'),
    /** Code of the refusal or fault that ended it; of a run that is one too many, what its cancel met last. */
    error: text('error'),
    /** When the provider was last asked for a run of it after its deployment had ended, or to cancel the one too many. */
    soughtAt: at('sought_at'),
  },
  (t) => [
    uniqueIndex('attempts_key').on(t.deploymentId, t.number),
    uniqueIndex('attempts_marker_key').on(t.marker),
    // The few of which nobody ever saw a run, however many were sent.
    index('attempts_unseen').on(t.sentAt).where(sql`state in ('unknown','absent') and remote_id is null`),
    index('attempts_second').on(t.answeredAt).where(sql`state = 'second'`),
  ],
);

/** One person's word on one deployment, for exactly the content that `digest` names. */
export const approvals = pgTable(
  'approvals',
  {
    id: text('id').primaryKey(),
    deploymentId: text('deployment_id')
      .notNull()
      .references(() => deployments.id),
    userId: text('user_id').notNull(),
    userName: text('user_name').notNull(),
    decision: text('decision', { enum: ['approve', 'reject'] }).notNull(),
    reason: text('reason').notNull().default(''),
    digest: text('digest').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    /** Set when what it was given for changed, or its author lost the role. */
    voidedAt: at('voided_at'),
    voidedReason: text('voided_reason'),
  },
  (t) => [
    index('approvals_deployment').on(t.deploymentId),
    uniqueIndex('approvals_one_each').on(t.deploymentId, t.userId).where(sql`voided_at is null`),
  ],
);

export const deploymentSteps = pgTable(
  'deployment_steps',
  {
    deploymentId: text('deployment_id')
      .notNull()
      .references(() => deployments.id),
    remoteAttempt: integer('remote_attempt').notNull(),
    key: text('key').notNull(),
    position: integer('position').notNull(),
    job: text('job').notNull(),
    jobId: text('job_id').notNull(),
    number: integer('number').notNull(),
    name: text('name').notNull(),
    status: text('status', {
      enum: ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped', 'unrecognised'],
    }).notNull(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
  },
  (t) => [primaryKey({ columns: [t.deploymentId, t.remoteAttempt, t.key] })],
);

/** What happened, in commit order: the live feed and the timeline of a deployment. Append-only. */
export const events = pgTable(
  'events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    xid: xid8('xid').notNull().default(sql`pg_current_xact_id()`),
    at: at('at').notNull().defaultNow(),
    topic: text('topic', {
      enum: ['deployment', 'connection', 'target', 'member', 'pin', 'freeze', 'policy', 'audit', 'status'],
    }).notNull(),
    kind: text('kind').notNull(),
    deploymentId: text('deployment_id'),
    targetId: text('target_id'),
    fromStatus: text('from_status'),
    toStatus: text('to_status'),
    actorName: text('actor_name').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index('events_order').on(t.xid, t.id), index('events_deployment').on(t.deploymentId, t.id)],
);

/** Webhook deliveries: persisted before they are acknowledged. A provider may send one id to several connections. */
export const inbox = pgTable(
  'inbox',
  {
    id: text('id').primaryKey(),
    connectionId: text('connection_id').references(() => connections.id, { onDelete: 'cascade' }),
    providerId: text('provider_id').notNull(),
    deliveryId: text('delivery_id').notNull(),
    event: text('event').notNull(),
    action: text('action'),
    remoteId: text('remote_id'),
    repository: text('repository'),
    bytes: integer('bytes').notNull(),
    body: bytea('body').notNull(),
    state: text('state', { enum: ['received', 'processed', 'ignored', 'failed'] }).notNull(),
    note: text('note'),
    tries: integer('tries').notNull().default(0),
    /** The same id came again this often. */
    duplicates: integer('duplicates').notNull().default(0),
    receivedAt: at('received_at').notNull().defaultNow(),
    processedAt: at('processed_at'),
  },
  (t) => [
    uniqueIndex('inbox_delivery_key').on(t.connectionId, t.deliveryId),
    index('inbox_recent').on(t.receivedAt.desc().nullsFirst()),
    // The few that still have to be worked off, however many are kept.
    index('inbox_waiting').on(t.receivedAt).where(sql`state in ('received','failed') and tries < 3`),
  ],
);
