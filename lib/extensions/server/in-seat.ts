import { randomUUID } from 'node:crypto';
import { and, eq, lte, sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { packageSeats } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { takeSeat } from '@/lib/realtime/seats';
import { PACKAGES_AT_ONCE, UPLOADS_AT_ONCE, WHOLE_AT_ONCE } from '../model/limits';

/** So long a place stays taken after its holder's last word, and so often the holder says one. */
const LEASE_S = 60;
const RENEW_MS = 20_000;

/** `stream`: pieces of it, one after the other. `whole`: all of it, more than once. */
type Holds = 'stream' | 'whole';
const HERE: Record<Holds, number> = { stream: PACKAGES_AT_ONCE, whole: WHOLE_AT_ONCE };

interface Seat {
  person: string;
  seat: number;
  holder: string;
}

/**
 * Does the work in one of the person's places, which all instances share, and in one of this process: the first is fairness,
 * the second is memory. A holder that ends in the middle gives its place back within a minute. Throws `ServiceError`
 * `too_many_uploads` and `packages_crowded`; nothing of the package is read then.
 */
export async function inSeat<T>(ctx: ServiceContext, holds: Holds, work: () => Promise<T>): Promise<T> {
  const leave = takeSeat(`packages:${holds}`, HERE[holds]);
  if (!leave) throw tooMany('packages_crowded', CROWDED);
  try {
    const seat = await take(ctx, personId(ctx.actor) ?? ctx.actor.name);
    if (!seat) throw tooMany('too_many_uploads', TOO_MANY);
    // A word that gets lost is followed by others; a lease that ends early lets one more in, and harms nobody.
    const renewing = setInterval(() => void renew(ctx, seat).catch(() => undefined), RENEW_MS);
    renewing.unref();
    try {
      return await work();
    } finally {
      clearInterval(renewing);
      await giveBack(ctx, seat).catch(() => undefined);
    }
  } finally {
    leave();
  }
}

const CROWDED = 'This instance looks at as many packages as it has memory for. Try again in a minute.';
const TOO_MANY = `You have ${UPLOADS_AT_ONCE} uploads under way. Wait until one of them is through.`;

function tooMany(code: string, sentence: string): ServiceError {
  const refusal = new ServiceError('tooMany', code, sentence);
  refusal.retryAfter = LEASE_S;
  refusal.uncounted = true;
  return refusal;
}

const later = () => sql`now() + make_interval(secs => ${LEASE_S})`;

/** Each place by a statement of its own: whoever comes second to one waits for the first and goes on to the next. */
async function take({ db }: ServiceContext, person: string): Promise<Seat | null> {
  const holder = randomUUID();
  for (let seat = 1; seat <= UPLOADS_AT_ONCE; seat++) {
    const taken = await db
      .insert(packageSeats)
      .values({ person, seat, holder, endsAt: later() })
      .onConflictDoUpdate({
        target: [packageSeats.person, packageSeats.seat],
        set: { holder, endsAt: later() },
        setWhere: lte(packageSeats.endsAt, sql`now()`),
      })
      .returning({ seat: packageSeats.seat });
    if (taken.length > 0) return { person, seat, holder };
  }
  return null;
}

/** A place that somebody else has by now is not this one any more. */
const mine = ({ person, seat, holder }: Seat) =>
  and(eq(packageSeats.person, person), eq(packageSeats.seat, seat), eq(packageSeats.holder, holder));

const renew = ({ db }: ServiceContext, seat: Seat) =>
  db.update(packageSeats).set({ endsAt: later() }).where(mine(seat));
const giveBack = ({ db }: ServiceContext, seat: Seat) => db.delete(packageSeats).where(mine(seat));
