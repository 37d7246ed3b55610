import { eq, isNull, sql } from 'drizzle-orm';
import { engineActor } from '@/lib/auth/actor';
import type { Db, Tx } from '@/lib/auth/context';
import { freezes, settings } from '@/lib/db/schema';
import { windowAt } from '@/lib/gates/model/windows';
import { publish } from '@/lib/realtime/publish';

const KEY = 'freezes.begun';

/** Freeze → beginning of its present window, epoch milliseconds. */
type Begun = Record<string, number>;

/**
 * A freeze begins by the clock, so nobody's change says so: this writes the event, once for each window, whichever process
 * comes first. The database's clock decides. Returns how many began.
 */
export async function announceFreezes(db: Db): Promise<number> {
  return await db.transaction(async (tx) => {
    const first = await tx
      .insert(settings)
      .values({ key: KEY, value: {} satisfies Begun })
      .onConflictDoNothing()
      .returning();
    const [row] = await tx.select().from(settings).where(eq(settings.key, KEY)).for('update', { skipLocked: true });
    if (!row) return 0;
    // Written by this function only.
    const known = row.value as Begun;
    const begun: Begun = {};
    let told = 0;
    for (const { freeze, from } of await presentWindows(tx)) {
      begun[freeze.id] = from;
      // What began before anybody could listen is no news.
      if (first.length > 0 || known[freeze.id] === from) continue;
      const sentence = `The freeze “${freeze.name}” begins. ${freeze.reason}`;
      const data = { freezeId: freeze.id, sentence };
      await publish(tx, { topic: 'freeze', kind: 'begins', actorName: engineActor.name, data });
      told++;
    }
    if (JSON.stringify(begun) !== JSON.stringify(known)) {
      await tx.update(settings).set({ value: begun }).where(eq(settings.key, KEY));
    }
    return told;
  });
}

async function presentWindows(tx: Tx) {
  const rows = await tx
    .select({ freeze: freezes, now: sql<number>`(extract(epoch from now()) * 1000)::float8` })
    .from(freezes)
    .where(isNull(freezes.endedAt))
    .orderBy(freezes.id);
  return rows.flatMap(({ freeze, now }) => {
    const window = windowAt(freeze, now);
    return window ? [{ freeze, from: window.from }] : [];
  });
}
