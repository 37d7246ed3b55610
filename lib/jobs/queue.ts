import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss } from 'pg-boss';
import type { JobQueue, Turn } from '@/lib/auth/context';
import { HALF_OPEN } from '@/lib/db/client';

export const QUEUES = { deployment: 'deployment', inbox: 'inbox' } as const;

/** `short`: at most one waiting job per key, so a storm of wake-ups is one look at the row. Running ones may overlap: handlers
 * are idempotent, and a killed worker's job must not hold the row back until it expires. */
const QUEUE_OPTIONS = {
  policy: 'short',
  notify: true,
  retryLimit: 5,
  retryDelay: 2,
  retryBackoff: true,
  expireInSeconds: 60,
  deleteAfterSeconds: 3600,
} as const;

export async function openQueue(url: string, options: { onError: (error: Error) => void }): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    schema: 'pgboss',
    useListenNotify: true,
    max: 6,
    application_name: 'aetherstack-jobs',
    ...HALF_OPEN,
  });
  boss.on('error', options.onError);
  await boss.start();
  for (const name of Object.values(QUEUES)) await boss.createQueue(name, QUEUE_OPTIONS);
  return boss;
}

const PRIORITY: Record<Turn, number> = { first: 1, usual: 0, last: -1 };

/** The queue as verbs see it: a wake-up joins the caller's transaction. */
export function jobQueue(boss: PgBoss): JobQueue {
  return {
    wakeDeployment: async (tx, deploymentId, turn = 'usual') => {
      const options = { singletonKey: deploymentId, priority: PRIORITY[turn], db: fromDrizzle(tx, sql) };
      await boss.send(QUEUES.deployment, { deploymentId }, options);
    },
    wakeInbox: async (tx, inboxIds) => {
      const options = { singletonKey: inboxIds[0] ?? '', db: fromDrizzle(tx, sql) };
      await boss.send(QUEUES.inbox, { inboxIds }, options);
    },
  };
}
