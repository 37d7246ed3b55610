import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

/** What was shown as live is so still. Asked under the lock of the target it stays so until the commit. */
export async function requireLiveStill(db: DbOrTx, targetId: string, deploymentId: string): Promise<void> {
  const columns = { currentDeploymentId: true } as const;
  const target = await db.query.targets.findFirst({ where: eq(targets.id, targetId), columns });
  if (target?.currentDeploymentId !== deploymentId) throw movedOn();
}

export function movedOn(): ServiceError {
  const sentence = 'Something else went live there meanwhile, so nothing was started. Look at what is live now.';
  return new ServiceError('conflict', 'moved_on', sentence);
}
