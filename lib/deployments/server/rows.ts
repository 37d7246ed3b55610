import { eq } from 'drizzle-orm';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { type attempts, components, connections, deployments, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

export type DeploymentRow = typeof deployments.$inferSelect;
export type AttemptRow = typeof attempts.$inferSelect;

/** Somebody else wrote first; the caller's transaction rolls back and the row is looked at again. */
export class StaleDeployment extends Error {}

export async function loadDeployment(db: DbOrTx, id: string): Promise<DeploymentRow | null> {
  const [row] = await db.select().from(deployments).where(eq(deployments.id, id));
  return row ?? null;
}

export async function requireDeployment(db: DbOrTx, id: string): Promise<DeploymentRow> {
  const row = await loadDeployment(db, id);
  if (!row)
    throw new ServiceError(
      'notFound',
      'deployment_not_found',
      'There is no such deployment. It may belong to another installation.',
    );
  return row;
}

export async function lockDeployment(tx: Tx, id: string): Promise<DeploymentRow | null> {
  const [row] = await tx.select().from(deployments).where(eq(deployments.id, id)).for('update');
  return row ?? null;
}

export interface LoadedTarget {
  target: typeof targets.$inferSelect;
  component: typeof components.$inferSelect;
  environment: typeof environments.$inferSelect;
  connection: typeof connections.$inferSelect;
}

export async function requireTarget(db: DbOrTx, targetId: string): Promise<LoadedTarget> {
  const [row] = await db
    .select({ target: targets, component: components, environment: environments, connection: connections })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(eq(targets.id, targetId));
  if (!row) throw targetUnknown();
  return row;
}

function targetUnknown(): ServiceError {
  return new ServiceError(
    'notFound',
    'target_not_found',
    'There is no such target. It may have been removed; go back to “What runs where”.',
  );
}

/** The target's row, until the end of the transaction: requests, claims and what makes it live come one after the other. */
export async function lockTarget(tx: Tx, id: string): Promise<typeof targets.$inferSelect> {
  const [row] = await tx.select().from(targets).where(eq(targets.id, id)).for('update');
  if (!row) throw targetUnknown();
  return row;
}

export async function environmentSlugOf(ctx: ServiceContext, deploymentId: string): Promise<string | null> {
  const [row] = await ctx.db
    .select({ slug: environments.slug })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(eq(deployments.id, deploymentId));
  return row?.slug ?? null;
}

/** Whoever may read the audit log of one environment reads what became of its deployments, too. */
export async function slugOf(db: DbOrTx, row: Pick<DeploymentRow, 'environmentId'>): Promise<string | null> {
  const found = await db.query.environments.findFirst({
    where: eq(environments.id, row.environmentId),
    columns: { slug: true },
  });
  return found?.slug ?? null;
}

/** Whether it would reach people: its environment is marked as production. */
export async function isForProduction(ctx: ServiceContext, input: { deploymentId: string }): Promise<boolean> {
  const [row] = await ctx.db
    .select({ isProduction: environments.isProduction })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(eq(deployments.id, input.deploymentId));
  return row?.isProduction ?? false;
}

/** Through a freeze with a reason is one press; it counts like the override that it is. */
export async function overridesFreeze(
  _ctx: ServiceContext,
  input: { freezeOverrideReason: string | null },
): Promise<boolean> {
  return input.freezeOverrideReason !== null;
}

export async function environmentSlugOfTarget(ctx: ServiceContext, targetId: string): Promise<string | null> {
  const [row] = await ctx.db
    .select({ slug: environments.slug })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(eq(targets.id, targetId));
  return row?.slug ?? null;
}

/** Which connection a deployment of this target goes through; null for an unknown target. */
export async function connectionOfTarget(ctx: ServiceContext, targetId: string): Promise<string | null> {
  const columns = { connectionId: true } as const;
  const row = await ctx.db.query.targets.findFirst({ where: eq(targets.id, targetId), columns });
  return row?.connectionId ?? null;
}

/** The same by a deployment that it repeats. */
export async function connectionOf(ctx: ServiceContext, deploymentId: string): Promise<string | null> {
  const columns = { connectionId: true } as const;
  const row = await ctx.db.query.deployments.findFirst({ where: eq(deployments.id, deploymentId), columns });
  return row?.connectionId ?? null;
}
