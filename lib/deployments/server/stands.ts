import { and, eq, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '@/lib/auth/context';
import { attempts, deployments } from '@/lib/db/schema';
import { DEADLINE_MS } from '../model/machine';
import type { DeploymentStatus } from '../model/status';
import type { DeploymentRow } from './rows';

/** Nothing else reaches the target meanwhile, so a status whose end nobody can tell lasts a day at most. */
const MOST_HOURS = 24;

/** The column that gives a status so many seconds from now, where it has fewer left. */
export function stands(seconds: number): { deadlineAt: Date } {
  const most = sql`${deployments.statusSince} + make_interval(hours => ${MOST_HOURS})`;
  const later = sql`least(now() + make_interval(secs => ${seconds}), ${most})`;
  return { deadlineAt: sql`greatest(${deployments.deadlineAt}, ${later})` as unknown as Date };
}

/** A run that the provider has, and that ends by the provider’s word. */
const RUNNING = ['building', 'deploying', 'cancelling'] as const satisfies DeploymentStatus[];

export function isRunning(status: DeploymentStatus): status is (typeof RUNNING)[number] {
  return RUNNING.some((each) => each === status);
}

/** It runs, or was asked to stop, for longer than that usually takes. The database’s clock decides. */
export async function isOverlong(db: DbOrTx, { id, status }: Pick<DeploymentRow, 'id' | 'status'>): Promise<boolean> {
  if (!isRunning(status)) return false;
  const usual = sql`${deployments.statusSince} + make_interval(secs => ${DEADLINE_MS[status] / 1_000}) <= now()`;
  return (await db.$count(deployments, and(eq(deployments.id, id), usual))) > 0;
}

/** Whoever sent it is long gone, and its time ends: its run may still appear, and is looked for (late-runs.ts). */
export async function endSending(tx: Tx, deploymentId: string): Promise<void> {
  const sending = and(eq(attempts.deploymentId, deploymentId), eq(attempts.state, 'sending'));
  await tx.update(attempts).set({ state: 'unknown' }).where(sending);
}
