import 'server-only';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import { readPolicyOf } from '@/lib/gates/model/policy';
import type { Serving } from '@/lib/providers/port';
import { eligibility } from '../model/eligibility';
import type { AgainView } from '../model/hosting';
import { ACTIVE_STATUSES } from '../model/status';
import type { Allowed } from '../model/view';
import { whyNotAgain } from './again-there';
import { FIRST_ASKED_FOR } from './first-asked-for';
import { deploymentFacts, mayEverything } from './gate';
import { readChecksAgain } from './read-checks';
import { asRefusal } from './read-provider';
import { type LoadedTarget, mayIn } from './read-scope';
import type { DeploymentRow } from './rows';

/** What deploying once more what is live would be: the button and the press ask the same table, and the host. */
export async function readAgain(
  ctx: ServiceContext,
  open: OpenConnection,
  loaded: LoadedTarget,
  { current, serving }: { current: DeploymentRow; serving: Serving | null },
): Promise<AgainView> {
  const { id, number, sha, ref } = current;
  const mayRequest = mayIn(ctx.actor, 'deployment.request', loaded.environment.slug);
  const reader = { mayRequest, personId: null, hasApproved: false };
  const checks = await readChecksAgain(ctx, loaded, current);
  const now = await deploymentFacts(ctx.db, current, loaded, open.provider, reader);
  const facts = { ...now, checks: checks?.checks ?? null, unpassed: checks?.unpassed };
  const [next] = await ctx.db
    .select({ id: deployments.id, number: deployments.number })
    .from(deployments)
    .where(and(eq(deployments.targetId, loaded.target.id), inArray(deployments.status, [...ACTIVE_STATUSES])))
    .orderBy(desc(deployments.number))
    .limit(1);
  const allowed = eligibility(facts, { ...mayEverything, request: mayRequest }).redeploy;
  return {
    live: { id, number, sha, ref },
    next: next ?? null,
    approvals: readPolicyOf(loaded.environment.policy)?.approvals ?? 0,
    // What is on its way is shown instead of the button, and makes the host another than our books for good reason.
    allowed: allowed.allowed && !next ? await askedThere({ db: ctx.db, open, loaded, row: current, serving }) : allowed,
  };
}

/** A host that cannot be asked now is a reason as well. */
async function askedThere(asked: Omit<Parameters<typeof whyNotAgain>[0], 'whileLive'>): Promise<Allowed> {
  const refusal = await whyNotAgain({ ...asked, whileLive: true }).catch(asRefusal);
  return { allowed: refusal === null, refusal };
}

/** What the last look at a target's settings says, against the deployment that is live. */
export interface ChangedSettings {
  names: string[];
  readAt: string;
}

/**
 * By target: settings that changed after the build that is live was asked for, as they were last read. Asks no provider; of
 * a target that nobody has looked at yet nothing is known, and it is left out.
 */
export async function readChanged(ctx: ServiceContext): Promise<Map<string, ChangedSettings>> {
  const { rows } = await ctx.db.execute<{ target_id: string; names: string[]; read_ms: number }>(sql`
    select r.target_id, array_agg(distinct s.name order by s.name) as names,
      (extract(epoch from r.read_at) * 1000)::float8 as read_ms
    from configuration_readings r
    join targets t on t.id = r.target_id
    join deployments d on d.id = t.current_deployment_id
    ${FIRST_ASKED_FOR}
    cross join lateral jsonb_to_recordset(r.settings) as s(name text, "changedAt" timestamptz)
    where r.read_at is not null and s."changedAt" > coalesce(b.submitted_at, d.submitted_at, d.requested_at)
    group by r.target_id, r.read_at`);
  return new Map(
    rows.map(({ target_id, names, read_ms }) => [target_id, { names, readAt: new Date(read_ms).toISOString() }]),
  );
}
