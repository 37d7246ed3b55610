import { sql } from 'drizzle-orm';
import type { Db } from '@/lib/auth/context';

export interface Verdict {
  name: string;
  passed: boolean;
  detail: string;
}

/** A run as the provider knows it. */
export interface ProviderRun {
  id: string;
  /** Where it is. */
  provider: string;
  marker: string | null;
}

export interface Intent {
  id: string;
  number: number;
  status: string;
  providerId: string;
  remoteId: string | null;
  requestedById: string | null;
  needsApprovals: number;
  approvalDigest: string | null;
  attention: string | null;
  freezeOverride: boolean;
}

export interface Attempt {
  deploymentId: string;
  number: number;
  state: string;
  /** Since the last moment at which its request can have been under way. Seconds. */
  ageSeconds: number;
}

/** In the order of the locks that their transactions held. */
export interface HistoryEvent {
  id: number;
  topic: string;
  kind: string;
  deploymentId: string | null;
  from: string | null;
  to: string | null;
}

export interface Approval {
  deploymentId: string;
  userId: string;
  decision: string;
  digest: string;
  voided: boolean;
}

/** Everything that a verdict is made of. Plain data, so that a test can plant a violation. */
export interface History {
  runs: ProviderRun[];
  intents: Intent[];
  attempts: Attempt[];
  events: HistoryEvent[];
  approvals: Approval[];
  /** Audit lines about deployments. */
  audit: { action: string; resourceId: string | null }[];
  /** What the chain's own verifier said; null when it was not asked. */
  auditChain: { whole: boolean; detail: string } | null;
  /** Delivery ids that a sender was told are kept, by the sender's own log. */
  acknowledged: string[];
  inbox: string[];
  settleSeconds: number;
}

const rowsOf = async <T extends Record<string, unknown>>(db: Db, text: string): Promise<T[]> =>
  (await db.execute(sql.raw(text))).rows as T[];

/** Reads the database's side. `runs` and `acknowledged` come from those who were there. */
export async function readHistory(
  db: Db,
  outside: Pick<History, 'runs' | 'settleSeconds'> & Partial<Pick<History, 'acknowledged' | 'auditChain'>>,
): Promise<History> {
  const [intents, attempts, events, approvals, audit, inbox] = await Promise.all([
    rowsOf<Intent & Record<string, unknown>>(
      db,
      `select id, number::int, status, provider_id as "providerId", remote_id as "remoteId", requested_by_id as "requestedById", attention,
        coalesce((policy->>'approvals')::int, 0) as "needsApprovals", approval_digest as "approvalDigest",
        freeze_override is not null as "freezeOverride" from deployments`,
    ),
    rowsOf<Attempt & Record<string, unknown>>(
      db,
      `select deployment_id as "deploymentId", number, state,
        extract(epoch from now() - coalesce(answered_at, lease_until))::float8 as "ageSeconds" from attempts order by number`,
    ),
    rowsOf<HistoryEvent & Record<string, unknown>>(
      db,
      `select id::int, topic, kind, deployment_id as "deploymentId", from_status as "from", to_status as "to" from events order by id`,
    ),
    rowsOf<Approval & Record<string, unknown>>(
      db,
      `select deployment_id as "deploymentId", user_id as "userId", decision, digest, voided_at is not null as voided from approvals`,
    ),
    rowsOf<{ action: string; resourceId: string | null }>(
      db,
      `select action, resource_id as "resourceId" from audit where resource_kind = 'deployment'`,
    ),
    rowsOf<{ id: string }>(db, 'select delivery_id as id from inbox'),
  ]);
  return {
    intents,
    attempts,
    events,
    approvals,
    audit,
    inbox: inbox.map((row) => row.id),
    acknowledged: [],
    auditChain: null,
    ...outside,
  };
}
