import 'server-only';
import { and, desc, eq, isNull } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { components, deployments, environments, targets } from '@/lib/db/schema';

/** By which workflow the example team's extension is published. */
export interface ExtensionWorkflow {
  targetId: string;
  componentId: string;
  environmentId: string;
  /** The connection that starts it. */
  connectionId: string;
  repository: string;
  /** Its file's name. */
  workflow: string;
}

export const EXTENSION = 'extension';

/** Null where the example team's extension is gone, or nothing starts its workflow. */
export async function readExtensionWorkflow(db: DbOrTx): Promise<ExtensionWorkflow | null> {
  const rows = await db
    .select({ target: targets })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(and(eq(components.slug, EXTENSION), eq(environments.slug, 'production')));
  for (const { target } of rows) {
    const { id: targetId, componentId, environmentId, connectionId, config } = target;
    const { repository, workflow, extension } = config;
    // A gallery's target names the workflow as well.
    if (typeof repository !== 'string' || typeof workflow !== 'string' || extension !== undefined) continue;
    return { targetId, componentId, environmentId, connectionId, repository, workflow };
  }
  return null;
}

/** Its last run of the past: the same one at every start, since what is deployed later has a run at the provider. */
export async function readExtensionRun(
  db: DbOrTx,
  { targetId }: ExtensionWorkflow,
): Promise<{ deploymentId: string; sha: string } | null> {
  const [row] = await db
    .select({ deploymentId: deployments.id, sha: deployments.sha })
    .from(deployments)
    .where(and(eq(deployments.targetId, targetId), eq(deployments.status, 'succeeded'), isNull(deployments.remoteId)))
    .orderBy(desc(deployments.requestedAt))
    .limit(1);
  return row ?? null;
}
