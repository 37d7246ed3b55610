import { eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { notifications, subscriptions } from '@/lib/db/schema';
import { readRetryAfterMs } from '@/lib/http/quota';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import type { Secret } from '@/lib/kernel/secret';
import { ProviderError } from '@/lib/providers/port';
import { slackMessage } from '../model/message';
import { nextTrySeconds } from '../model/retry';
import { messageOf } from './rows';
import { notificationSettings, openAddress, openSecret, type SubscriptionRow, signatureHeaders } from './seal';
import { requireStrangersAddress, statusBody } from './status-receiver';

/** Longer than a request can take: after it a process that claimed a message is taken to be gone. */
const LEASE_SECONDS = 60;
const BATCH = 40;
/** At once to one receiver, so that a slow one does not take all the places. */
const EACH = 4;
const KEEP_DAYS = 30;

type NotificationRow = typeof notifications.$inferSelect;

interface Answer {
  status: number | null;
  retryAfterMs: number | null;
  error: string | null;
}

/** Followers of the status page are strangers: those that hang must not hold back what the team waits for. */
export type Lane = 'team' | 'followers' | 'all';

/** Sends what is due. Any number of processes may do this at once: each message is claimed by one. Returns how many were sent. */
export async function deliverDue(
  ctx: ServiceContext,
  settings = notificationSettings(),
  lane: Lane = 'all',
): Promise<number> {
  const claimed = await claim(ctx, lane);
  await Promise.all(claimed.map((row) => deliverOne(ctx, row, settings)));
  return claimed.length;
}

/** A claim is committed before anything is sent: whoever dies after that leaves it to the next, under the same id. */
async function claim(ctx: ServiceContext, lane: Lane): Promise<NotificationRow[]> {
  const inLane = lane === 'all' ? sql`true` : sql`(s.kind = 'status') = ${lane === 'followers'}`;
  return await ctx.db
    .update(notifications)
    .set({
      tries: sql`${notifications.tries} + 1`,
      nextTryAt: sql`now() + make_interval(secs => ${LEASE_SECONDS})`,
    })
    .where(
      sql`${notifications.id} in (
        select n.id from notifications n
        where n.id in (
          select due.id from (
            select d.id, d.next_try_at, row_number() over (partition by d.subscription_id order by d.next_try_at, d.event_id) as place
            from notifications d join subscriptions s on s.id = d.subscription_id and s.disabled_at is null
            where d.state = 'pending' and d.next_try_at <= now() and ${inLane}
          ) due where due.place <= ${EACH} order by due.next_try_at limit ${BATCH}
        ) and n.state = 'pending' and n.next_try_at <= now()
        for update skip locked)`,
    )
    .returning();
}

async function deliverOne(
  ctx: ServiceContext,
  row: NotificationRow,
  settings: ReturnType<typeof notificationSettings>,
): Promise<void> {
  try {
    const answer = await send(ctx, row, settings);
    await writeDown(ctx, row, answer);
  } catch (error) {
    // Left as it is: when the lease ends it is tried again.
    log.warn('a notification could not be written down', { notificationId: row.id, ...describeError(error) });
  }
}

async function send(
  ctx: ServiceContext,
  row: NotificationRow,
  { keys, rules }: ReturnType<typeof notificationSettings>,
): Promise<Answer> {
  const [receiver] = await ctx.db.select().from(subscriptions).where(eq(subscriptions.id, row.subscriptionId));
  if (!receiver) return { status: null, retryAfterMs: null, error: 'The subscription is gone.' };
  try {
    const secret = openSecret(keys, receiver);
    const address = openAddress(keys, receiver);
    if (receiver.kind === 'status') requireStrangersAddress(address, rules);
    const body = bodyOf(receiver, row, secret);
    const signed = secret ? signatureHeaders(secret, row.id, Math.floor(ctx.clock.now() / 1_000), body) : {};
    const headers = { 'content-type': 'application/json', ...signed };
    const answer = await ctx.fetchOutside(address, { method: 'POST', headers, body });
    // What it says is of no use and may be anything.
    await answer.body?.cancel();
    const retryAfterMs = readRetryAfterMs(answer.headers, ctx.clock.now());
    return { status: answer.status, retryAfterMs, error: answer.ok ? null : `It answered ${answer.status}.` };
  } catch (error) {
    if (error instanceof ProviderError || error instanceof ServiceError) {
      return { status: null, retryAfterMs: null, error: error.message };
    }
    // A foreign error may repeat the address, which is a secret.
    log.warn('a notification could not be sent', {
      notificationId: row.id,
      error: error instanceof Error ? error.name : 'unknown',
    });
    return { status: null, retryAfterMs: null, error: 'It could not be sent. The server log says why.' };
  }
}

function bodyOf(receiver: SubscriptionRow, row: NotificationRow, secret: Secret | null): string {
  if (receiver.kind === 'status' && secret) return statusBody(receiver.id, row.body, secret);
  const message = messageOf(row);
  return JSON.stringify(receiver.kind === 'slack' ? slackMessage(message) : message);
}

/** Only while the claim still stands: a process that stood still must not undo what another has written. */
async function writeDown(ctx: ServiceContext, row: NotificationRow, answer: Answer): Promise<void> {
  const done = answer.error === null;
  const wait = done ? null : nextTrySeconds(row.tries, answer);
  await ctx.db
    .update(notifications)
    .set({
      state: done ? 'delivered' : wait === null ? 'dead' : 'pending',
      lastStatus: answer.status,
      lastError: answer.error,
      nextTryAt: wait === null ? null : sql`now() + make_interval(secs => ${wait})`,
      deliveredAt: done ? sql`now()` : null,
    })
    .where(
      sql`${notifications.id} = ${row.id} and ${notifications.state} = 'pending' and ${notifications.tries} = ${row.tries}`,
    );
}

/** Drops what is older than 30 days. Returns how many. */
export async function pruneNotifications(db: ServiceContext['db']): Promise<number> {
  const gone = await db.execute(
    sql`delete from notifications where state <> 'pending' and created_at < now() - make_interval(days => ${KEEP_DAYS})`,
  );
  return gone.rowCount ?? 0;
}
