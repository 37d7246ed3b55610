import 'server-only';
import { sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { approvals, deployments, pins, sightings, targets } from '@/lib/db/schema';
import { freezesNow, openPins } from '@/lib/gates/server/holds';
import { ACTIVE_STATUSES } from '../model/status';
import type { WaitingView } from '../model/view';
import { mayIn, readScope } from './read-scope';

/** What the numbers beside the places say: counted where the reader may look, in one statement and the few freezes there are. */
export async function readWaiting(ctx: ServiceContext): Promise<WaitingView> {
  const { environments, ids } = await readScope(ctx);
  const [counted, frozen] = await Promise.all([
    countNow(
      ctx,
      ids,
      environments.filter(({ slug }) => mayIn(ctx.actor, 'deployment.approve', slug)).map(({ id }) => id),
      environments.filter(({ slug }) => mayIn(ctx.actor, 'deployment.resolve', slug)).map(({ id }) => id),
    ),
    freezesNow(ctx.db),
  ]);
  const reached = frozen.filter(({ freeze }) => !freeze.environmentId || ids.includes(freeze.environmentId));
  return {
    approvals: counted.approvals,
    questions: counted.questions,
    holds: counted.pins + counted.hosts + reached.length,
  };
}

async function countNow(ctx: ServiceContext, readable: string[], approvable: string[], resolvable: string[]) {
  const me = personId(ctx.actor);
  const among = (ids: string[]) => sql`any(${sql.param(ids)}::text[])`;
  const answered = sql`exists (select 1 from ${approvals} where ${approvals.deploymentId} = ${deployments.id}
    and ${approvals.userId} = ${me} and ${approvals.voidedAt} is null)`;
  const { rows } = await ctx.db.execute<{
    approvals: number;
    questions: number;
    pins: number;
    hosts: number;
  }>(sql`select
    (select count(*)::int from ${deployments} where ${deployments.status} = 'awaiting_approval'
      and ${deployments.environmentId} = ${among(approvable)}
      and ${deployments.requestedById} is distinct from ${me} and not ${answered}) as approvals,
    (select count(*)::int from ${deployments} where ${deployments.status} = ${among([...ACTIVE_STATUSES])}
      and ${deployments.attention} is not null and ${deployments.environmentId} = ${among(resolvable)}) as questions,
    (select count(*)::int from ${pins} left join ${targets} on ${targets.id} = ${pins.targetId}
      where ${openPins()} and coalesce(${targets.environmentId}, ${pins.environmentId}, 'any')
        = any(${sql.param([...readable, 'any'])}::text[])) as pins,
    (select count(*)::int from ${sightings} join ${targets} on ${targets.id} = ${sightings.targetId}
      where ${sightings.heldSince} is not null and ${targets.environmentId} = ${among(readable)}) as hosts`);
  return rows[0] ?? { approvals: 0, questions: 0, pins: 0, hosts: 0 };
}
