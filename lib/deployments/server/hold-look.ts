import { and, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import { PROVEN_AT_ONCE } from '@/lib/extensions/model/limits';
import { takeSeat } from '@/lib/realtime/seats';
import type { DeploymentRow } from './rows';

/** So long nobody else looks after the last word of whoever does, and how often that one says a word. */
const HOLD_SECONDS = 45;
const SAY_MS = 10_000;
/** What is due later than this is held or has to wait: no pause between two looks is longer. Seconds. */
const HELD_FROM_SECONDS = 33;

/**
 * A look that fetches a whole package may take minutes, and a row is woken many times meanwhile: one process looks, the
 * others go on with something else. False = somebody else looks, or this process fetches as many packages as it has
 * places for, so that other deployments are not held up.
 */
export async function whileLooking(
  ctx: ServiceContext,
  row: DeploymentRow,
  look: () => Promise<boolean>,
): Promise<boolean> {
  const leave = takeSeat('packages:proven', PROVEN_AT_ONCE);
  if (!leave) {
    await later(ctx, row);
    return false;
  }
  try {
    const held = await hold(ctx, row, null);
    return held !== null && (await whileHeld(ctx, row, held, look));
  } finally {
    leave();
  }
}

async function whileHeld(ctx: ServiceContext, row: DeploymentRow, first: Date, look: () => Promise<boolean>) {
  let held: Date | null = first;
  let saying: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    saying = saying.then(async () => {
      // Whoever wrote another time for the next look meanwhile is heeded.
      if (held) held = await hold(ctx, row, held).catch(() => held);
    });
  }, SAY_MS);
  try {
    return await look();
  } finally {
    clearInterval(timer);
    await saying;
    if (held) await letGo(ctx, row, held).catch(() => undefined);
  }
}

/** Nobody has held it, nor told it to wait for longer. */
const free = or(
  isNull(deployments.nextCheckAt),
  lte(deployments.nextCheckAt, sql`now() + make_interval(secs => ${HELD_FROM_SECONDS})`),
);

/** In a few seconds, unless somebody looks at it: whoever has no place for it takes it from nobody. */
async function later({ db }: ServiceContext, row: DeploymentRow): Promise<void> {
  const { id, status, version } = deployments;
  const same = and(eq(id, row.id), eq(status, row.status), eq(version, row.version));
  await db.update(deployments).set({ nextCheckAt: sql`now() + make_interval(secs => 3)` }).where(and(same, free));
}

/** Until when it is held now; null = it is not ours. `before`: as it was held by us; null = not yet. */
async function hold({ db }: ServiceContext, row: DeploymentRow, before: Date | null): Promise<Date | null> {
  const { nextCheckAt } = deployments;
  const [held] = await db
    .update(deployments)
    // In whole milliseconds, as a Date has them: it is known again by it.
    .set({ nextCheckAt: sql`date_trunc('milliseconds', now()) + make_interval(secs => ${HOLD_SECONDS})` })
    .where(and(eq(deployments.id, row.id), eq(deployments.status, row.status), before ? eq(nextCheckAt, before) : free))
    .returning({ nextCheckAt });
  return held?.nextCheckAt ?? null;
}

async function letGo({ db }: ServiceContext, row: DeploymentRow, held: Date): Promise<void> {
  await db
    .update(deployments)
    .set({ nextCheckAt: sql`now()` })
    .where(and(eq(deployments.id, row.id), eq(deployments.nextCheckAt, held)));
}
