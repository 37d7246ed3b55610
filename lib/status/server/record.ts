import { sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { redactText } from '@/lib/kernel/redact';
import { enterForFollowers } from '@/lib/notifications/server';
import { publish } from '@/lib/realtime/publish';
import type { StatusEvent, StatusMessage } from '../model/message';
import { statusPage } from './links';
import { readPublicNews } from './read-public';

interface Change {
  /** The audit log's word, and the feed's. */
  action: string;
  resource: { kind: 'incident' | 'maintenance'; id: string };
  sentence: string;
  data?: Record<string, unknown>;
}

/** The audit line and the live event of one change, in the transaction that makes it. */
export async function record(tx: Tx, ctx: ServiceContext, change: Change): Promise<void> {
  const { action, resource } = change;
  await publish(tx, { topic: 'status', kind: action, actorName: ctx.actor.name, data: { id: resource.id } });
  await emitAudit(tx, ctx, { ...change, outcome: 'done' });
}

/** Tells everybody who follows the page, in public words only: what is sent is what the page shows. */
export async function tellFollowers(
  tx: Tx,
  type: StatusEvent,
  about: { incidentId: string } | { maintenanceId: string },
  sentence: string,
): Promise<void> {
  const { incidents, maintenances } = await readPublicNews(tx, about);
  const [incident = null] = incidents;
  const [maintenance = null] = maintenances;
  const { rows } = await tx.execute<{ at: Date }>(sql`select now() as at`);
  const timestamp = new Date(rows[0]?.at ?? 0).toISOString();
  // What became known as a secret since it was written is one here, too.
  const data = { sentence: redactText(sentence), url: statusPage(), incident, maintenance };
  const message: StatusMessage = { type, timestamp, data };
  await enterForFollowers(tx, message);
}
