import 'server-only';
import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { DeploymentStatus } from '../model/status';
import type { DeploymentSummary } from '../model/view';
import type { EstateCell } from './read-cells';
import { selectSummaries, toSummary } from './row-views';

/** What says how a target fares; a cancelled or superseded deployment says nothing about it. */
const OUTCOMES: readonly DeploymentStatus[] = ['succeeded', 'failed', 'errored', 'timed_out'];

/** The newest outcome of each target. Only where something else is newer does it ask the database. */
export async function readOutcomes(ctx: ServiceContext, cells: readonly EstateCell[]): Promise<DeploymentSummary[]> {
  const known = cells.map((cell) => cell.latest ?? cell.current);
  const hidden = cells.filter((_cell, index) => {
    const shown = known[index];
    return shown && !OUTCOMES.includes(shown.status);
  });
  const found =
    hidden.length > 0
      ? await readHidden(
          ctx,
          hidden.map((cell) => cell.targetId),
        )
      : [];
  return [...known.filter((each) => each !== null).filter((each) => OUTCOMES.includes(each.status)), ...found];
}

async function readHidden(ctx: ServiceContext, targetIds: string[]): Promise<DeploymentSummary[]> {
  const rows = await selectSummaries(ctx.db).where(
    sql`${deployments.id} in (
      select newest.id from unnest(${sql.param(targetIds)}::text[]) as wanted(target_id)
      cross join lateral (
        select d.id from ${deployments} d
        where d.target_id = wanted.target_id and d.status in (${sql.join(
          OUTCOMES.map((status) => sql`${status}`),
          sql`, `,
        )})
        order by d.number desc limit 1
      ) newest
    )`,
  );
  return rows.map(toSummary);
}
