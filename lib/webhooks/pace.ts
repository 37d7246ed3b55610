import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { perMinute, type RateAnswer, takeToken } from '@/lib/pipeline/rate-limit';

/** So many at once, and as many again in each ten seconds, of one connection at all instances together; then 429. */
export const DELIVERIES = 1_000;
const WINDOW_MS = 10_000;
/** One line a minute and connection says how many were turned away. */
const NOTED = perMinute(1);

/** A process takes so many at a time: a row that each delivery writes would be what all of them wait for. */
const BLOCK = 20;

interface Block {
  left: number;
  until: number;
}

const blocks = new Map<string, Block>();
const asking = new Map<string, Promise<RateAnswer>>();
const turnedAway = new Map<string, number>();

/** lib/env/server.ts refuses a value that cannot be meant when the server starts. */
function deliveries(env: Record<string, string | undefined> = process.env): number {
  const set = Number(env.AETHERSTACK_WEBHOOKS_PER_TEN_SECONDS || DELIVERIES);
  return Number.isInteger(set) && set > 0 ? set : DELIVERIES;
}

/** Small limits are counted one by one. */
async function takeBlock(db: ServiceContext['db'], id: string, most: number): Promise<RateAnswer> {
  const size = Math.min(BLOCK, Math.ceil(most / 50));
  const answer = await takeToken(db, `webhook:${id}`, { capacity: most, perMs: WINDOW_MS }, size);
  if (answer.allowed) blocks.set(`${id} ${most}`, { left: size, until: performance.now() + WINDOW_MS });
  return answer;
}

async function takeOne(db: ServiceContext['db'], id: string, most: number): Promise<RateAnswer> {
  const key = `${id} ${most}`;
  for (;;) {
    const block = blocks.get(key);
    if (block && block.left > 0 && performance.now() < block.until) {
      block.left -= 1;
      return { allowed: true, retryAfterMs: 0 };
    }
    const mine = asking.get(key) ?? takeBlock(db, id, most).finally(() => asking.delete(key));
    asking.set(key, mine);
    const answer = await mine;
    if (!answer.allowed) return answer;
  }
}

/**
 * Null when one more may come in; otherwise in how many seconds. Only signed deliveries count, so a stranger cannot use the
 * place up. What is turned away was not accepted: its sender keeps it for a redelivery, and the console looks by itself.
 */
export async function tooManyDeliveries(ctx: ServiceContext, connectionId: string): Promise<number | null> {
  const most = deliveries();
  const answer = await takeOne(ctx.db, connectionId, most);
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
      sentence: `Deliveries came faster than ${most.toLocaleString('en')} in 10 s; the rest is answered with 429. What they were about is found by looking, as without webhooks.`,
      data: { turnedAway: count },
    });
  }
  return Math.ceil(answer.retryAfterMs / 1_000);
}
