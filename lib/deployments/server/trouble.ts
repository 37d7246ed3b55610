import { and, eq, inArray, sql } from 'drizzle-orm';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { goesBack } from './hold';
import type { DeploymentRow } from './rows';
import { startedBy } from './starter';

const MAX_WAIT_SECONDS = 30;
/** Of a crowd that waits for one provider so many are looked at in a second: hundreds would take the places of others'. */
const LOOKS_PER_SECOND = 8;
const CROWD_WAIT_SECONDS = 60;
/** What only a person can mend is set aside after so many tries, and looked at again this much later or when it is mended. */
export const MAX_TRIES = 3;
export const LATER_SECONDS = 300;

/** How the trouble of a row that the code cannot cope with begins; it counts by itself, see set-aside.ts. */
export const STUMBLED = 'This console stumbled over it';
/** Written with the first answer after trouble. */
export const NO_TROUBLE = { troubleCount: 0, troubleSentence: null };

/** Waiting alone does not mend it: a credential, a setting, a thing that is gone, an answer that is not understood. */
function needsPerson({ kind }: ProviderError): boolean {
  return kind !== 'unavailable' && kind !== 'rateLimited';
}

/**
 * Provider trouble spaces the checks out (3, 6, 12, 24, 30 s at most, each a little earlier by chance, so that many do not
 * come back in the same second; a minute at most for one of hundreds in trouble with one connection, `crowd`, and from the first
 * time on where nothing is sent anyway). A Retry-After is always waited for in full.
 */
export function troublePatch(
  row: DeploymentRow,
  error: ProviderError,
  crowd = 1,
): { patch: { troubleCount: number; troubleSentence: string }; waitSeconds: number } {
  const itsTurn = Math.min(CROWD_WAIT_SECONDS, crowd / LOOKS_PER_SECOND);
  const longest = Math.max(MAX_WAIT_SECONDS, itsTurn);
  const soonest = error.code === 'not_answering' ? itsTurn : 0;
  const next = Math.max(soonest, Math.min(longest, 3 * 2 ** Math.min(row.troubleCount, 5)));
  const backoff = next * (0.6 + 0.4 * Math.random());
  const waitSeconds = Math.max(backoff, Math.ceil((error.retryAfterMs ?? 0) / 1000));
  return { patch: { troubleCount: row.troubleCount + 1, troubleSentence: error.message }, waitSeconds };
}

/**
 * Among how many it waits for a connection in trouble: in the queue, or claimed with nothing taken. What goes back waits for
 * no crowd.
 */
export async function crowdOf(db: DbOrTx, row: DeploymentRow): Promise<number> {
  if (await goesBack(db, row)) return 1;
  const waits = and(inArray(deployments.status, ['queued', 'submitting']), sql`${deployments.troubleCount} > 0`);
  return db.$count(deployments, and(waits, eq(deployments.connectionId, row.connectionId)));
}

/** Why its request would not leave now, without asking anybody; null when it would, or that cannot be told. */
export async function silenceOf(ctx: ServiceContext, row: DeploymentRow): Promise<ProviderError | null> {
  // A gallery is asked before whoever's workflow publishes to it.
  const through = new Set([row.connectionId, startedBy(row).connectionId]);
  try {
    for (const id of through) (await ctx.openConnection(id)).requireAnswering?.();
    return null;
  } catch (error) {
    return error instanceof ProviderError ? error : null;
  }
}

/** A credential that is missing or cannot be opened is trouble like any other: said to people, and waited out. Throws a bug on. */
export function asProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof ServiceError) return new ProviderError('auth', error.code, error.sentence);
  throw error;
}

/** The same for what stands in the queue: what only a person can mend is set aside after three tries. */
export function troubleInQueue(row: DeploymentRow, error: ProviderError, crowd = 1): ReturnType<typeof troublePatch> {
  const { patch, waitSeconds } = troublePatch(row, error, crowd);
  const aside = row.status === 'queued' && needsPerson(error) && patch.troubleCount >= MAX_TRIES;
  return { patch, waitSeconds: aside ? Math.max(LATER_SECONDS, waitSeconds) : waitSeconds };
}
