import { and, eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import { type Claimed, LEASE_SECONDS, leaseEnds, sendingEnds } from './claim';
import type { AttemptRow } from './rows';

/** Three of them fit into a lease. Milliseconds. */
const RENEW_MS = 8_000;

export interface Lease {
  /** As `Claimed.sendBy`, and later with each renewal. */
  sendBy: number;
  /** Aborts when others may act on the attempt: no request outlives its lease. */
  signal: AbortSignal;
}

/**
 * For work that takes longer than a lease: a package is looked for, fetched from its store and sent. The lease is renewed
 * while the attempt is this one's to send; when it is not, or cannot be, the work is aborted.
 */
export async function whileLeased<T>(
  ctx: ServiceContext,
  { attempt, sendBy }: Pick<Claimed, 'attempt' | 'sendBy'>,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const lease: Lease = { sendBy, signal: lost.signal };
  const give = () => lost.abort(new Error('Others may act on this attempt now.'));
  const timer = setInterval(() => {
    if (performance.now() + RENEW_MS > leaseEnds(lease.sendBy)) return give();
    const next = sendingEnds();
    // A renewal that fails is followed by others, until the lease is about to end.
    renew(ctx, attempt).then(
      (mine) => {
        if (mine) lease.sendBy = Math.max(lease.sendBy, next);
        else give();
      },
      () => undefined,
    );
  }, RENEW_MS);
  try {
    return await work(lease);
  } finally {
    clearInterval(timer);
  }
}

async function renew({ db }: ServiceContext, { id }: AttemptRow): Promise<boolean> {
  const renewed = await db
    .update(attempts)
    .set({ leaseUntil: sql`now() + make_interval(secs => ${LEASE_SECONDS})` })
    .where(and(eq(attempts.id, id), eq(attempts.state, 'sending')))
    .returning({ id: attempts.id });
  return renewed.length > 0;
}
