import { and, eq, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { extensionPackages } from '@/lib/db/schema';
import type { Accepted, Brought } from './accept';

/**
 * A package that was uploaded by hand gets the run and the commit that made it once the run brings the very same bytes. What
 * has a commit keeps it, and what was made again here keeps what it was made from.
 */
export async function nameRun(ctx: ServiceContext, known: Accepted, brought: Brought): Promise<void> {
  const { componentId = null, ...source } = brought;
  const { kind, sha, deploymentId } = source;
  if (kind !== 'run' || sha === undefined) return;
  const { id, source: kept, componentId: keptComponent } = extensionPackages;
  const lacksIt = sql`${kept} ->> 'sha' is null and ${kept} ->> 'kind' in ('upload', 'run')`;
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(extensionPackages)
      .set({
        source: { ...source, by: ctx.actor.name },
        componentId: sql`coalesce(${keptComponent}, ${componentId})`,
      })
      .where(and(eq(id, known.packageId), lacksIt))
      .returning({ id });
    if (!row) return;
    const called = `${known.publisher}.${known.name} ${known.version}`;
    await emitAudit(tx, ctx, {
      action: 'extension.collect',
      resource: { kind: 'package', id: known.packageId },
      outcome: 'done',
      sentence: `Wrote down which run and commit made the package ${called}, which was here already.`,
      data: { deploymentId, sha },
    });
  });
}
