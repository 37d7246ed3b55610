import { and, eq, isNull } from 'drizzle-orm';
import type { Db, Tx } from '@/lib/auth/context';
import { settings, subscriptions } from '@/lib/db/schema';
import { redactText } from '@/lib/kernel/redact';
import { matchesPattern } from '@/lib/members/model/policy';
import { EVENTS, type EventName, eventName } from '../model/events';
import { type Message, oneLine } from '../model/message';
import { type FeedRow, feedHead, readFeed } from './feed-rows';
import { publicUrl } from './public-url';
import { enter, ours } from './rows';
import type { SubscriptionRow } from './seal';

const CURSOR_KEY = 'notifications.cursor';
const BATCH = 200;

interface Cursor {
  xid: string;
  id: number;
}

/**
 * Enters what happened since the last time into the ledger, in commit order. The cursor moves in the same transaction, so
 * nothing is lost when the process dies and nothing is entered twice. One instance at a time; the others do nothing.
 * Returns how many events were read.
 */
export async function fanOut(db: Db): Promise<number> {
  return await db.transaction(async (tx) => {
    const cursor = await takeCursor(tx);
    if (!cursor) return 0;
    const rows = await readFeed(tx, cursor, BATCH);
    const last = rows.at(-1);
    if (!last) return 0;
    const receivers = await tx
      .select()
      .from(subscriptions)
      .where(and(isNull(subscriptions.disabledAt), ours));
    for (const row of rows) await enterFor(tx, receivers, row);
    await tx
      .update(settings)
      .set({ value: { xid: last.xid, id: last.id } satisfies Cursor })
      .where(eq(settings.key, CURSOR_KEY));
    return rows.length;
  });
}

/** Null while another instance is at it. The first time it stands at "now": what is past is told to nobody. */
async function takeCursor(tx: Tx): Promise<Cursor | null> {
  const head = await feedHead(tx);
  const start: Cursor = { xid: head, id: 0 };
  await tx.insert(settings).values({ key: CURSOR_KEY, value: start }).onConflictDoNothing();
  const [row] = await tx
    .select()
    .from(settings)
    .where(eq(settings.key, CURSOR_KEY))
    .for('update', { skipLocked: true });
  if (!row) return null;
  // Written by this function only.
  const cursor = row.value as Cursor;
  if (BigInt(cursor.xid) <= BigInt(head)) return cursor;
  // A database that was restored elsewhere counts its transactions anew.
  await tx.update(settings).set({ value: start }).where(eq(settings.key, CURSOR_KEY));
  return start;
}

async function enterFor(tx: Tx, receivers: readonly SubscriptionRow[], row: FeedRow): Promise<void> {
  const name = eventName(row);
  if (!name) return;
  const message = messageFrom(row, name);
  for (const receiver of receivers) {
    if (wants(receiver, name, row.environmentSlug)) await enter(tx, receiver.id, message, row.id);
  }
}

/** What belongs to no environment is told to those who asked for all of them. */
function wants(receiver: SubscriptionRow, name: EventName, environment: string | null): boolean {
  if (!receiver.events.includes('*') && !receiver.events.includes(name)) return false;
  if (environment === null) return receiver.environmentPattern === '*';
  return matchesPattern(receiver.environmentPattern, environment);
}

function messageFrom(row: FeedRow, name: EventName): Message {
  const pair = (slug: string | null, label: string | null) =>
    slug === null ? null : { slug, name: oneLine(label ?? slug, 80) };
  return {
    type: name,
    timestamp: new Date(row.at).toISOString(),
    data: {
      sentence: oneLine(redactText(saysOf(row, name)), 500),
      actor: oneLine(row.actorName, 80),
      url: publicUrl(pathOf(row)),
      component: pair(row.componentSlug, row.componentName),
      environment: pair(row.environmentSlug, row.environmentName),
      label: oneLine(row.label ?? '', 80),
      deployment: deploymentOf(row),
      connection:
        row.connectionId === null ? null : { id: row.connectionId, name: oneLine(row.connectionName ?? '', 80) },
    },
  };
}

/** A deployment's own sentence says enough; of a lock or a freeze only its reason is known. */
function saysOf({ topic, sentence }: FeedRow, name: EventName): string {
  if (!sentence) return `${EVENTS[name]}.`;
  return topic === 'pin' || topic === 'freeze' ? `${EVENTS[name]}. ${sentence}` : sentence;
}

function deploymentOf(row: FeedRow): Message['data']['deployment'] {
  if (row.deploymentId === null) return null;
  return {
    id: row.deploymentId,
    number: row.number ?? 0,
    kind: row.deploymentKind ?? 'deploy',
    // As it was then: the row may have moved on.
    status: row.toStatus ?? row.status ?? '',
    ref: oneLine(row.ref ?? '', 200),
    sha: row.sha ?? '',
    version: oneLine(row.version ?? '', 80),
    message: oneLine(row.message ?? '', 200),
  };
}

function pathOf(row: FeedRow): string {
  if (row.deploymentId) return `/deployments/${row.deploymentId}`;
  if (row.connectionId) return `/connections/${row.connectionId}`;
  if (row.topic === 'member') return '/members';
  if (row.topic === 'audit') return '/audit';
  if (row.topic === 'pin' || row.topic === 'freeze') return '/holds';
  return row.componentSlug ? `/components/${row.componentSlug}` : '/now';
}
