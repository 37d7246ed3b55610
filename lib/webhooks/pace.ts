import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { perMinute, takeToken } from '@/lib/pipeline/rate-limit';

/** What one connection may deliver in ten seconds, all instances together; then 429. */
export const DELIVERIES = 1_000;
const WINDOW_MS = 10_000;
/** One line a minute and connection says how many were turned away. */
const NOTED = perMinute(1);

const turnedAway = new Map<string, number>();

/** lib/env/server.ts refuses a value that cannot be meant when the server starts. */
function deliveries(env: Record<string, string | undefined> = process.env): number {
  const set = Number(env.AETHERSTACK_WEBHOOKS_PER_TEN_SECONDS || DELIVERIES);
  return Number.isInteger(set) && set > 0 ? set : DELIVERIES;
}

/**
 * Null when one more may come in; otherwise in how many seconds. Only signed deliveries count, so a stranger cannot use the
 * place up. What is turned away was not accepted: its sender keeps it for a redelivery, and the console looks by itself.
 */
export async function tooManyDeliveries(ctx: ServiceContext, connectionId: string): Promise<number | null> {
  const most = deliveries();
  const answer = await takeToken(ctx.db, `webhook:${connectionId}`, { capacity: most, perMs: WINDOW_MS });
  if (answer.allowed) return null;
  const count = (turnedAway.get(connectionId) ?? 0) + 1;
  turnedAway.set(connectionId, count);
  if ((await takeToken(ctx.db, `webhook:flood:${connectionId}`, NOTED)).allowed) {
    turnedAway.delete(connectionId);
    await emitAudit(ctx.db, ctx, {
      action: 'webhook.receive',
      resource: { kind: 'connection', id: connectionId },
      outcome: 'refused',
      code: 'too_many_deliveries',
      sentence: `More than ${most.toLocaleString('en')} deliveries came within 10 s; the rest is answered with 429. What they were about is found by looking, as without webhooks.`,
      data: { turnedAway: count },
    });
  }
  return Math.ceil(answer.retryAfterMs / 1_000);
}
