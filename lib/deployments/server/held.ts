import { sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import type { HeldBy } from '@/lib/gates/model/held-by';
import type { Observation } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { DEADLINE_MS } from '../model/machine';
import { waitingSentence } from '../model/waiting';
import type { DeploymentRow } from './rows';
import { isRunning, stands } from './stands';

/** Longer than any provider holds a run for people (GitHub 30 days). */
const HELD_DAYS = 31;
/** While it says that the run is held, nothing here gives it up; when it says nothing more, so much later at the soonest. */
const SILENT_DAYS = 2;

/** Columns that say since when, and before which gates of the provider, the run stands. */
export function heldFacts(
  row: DeploymentRow,
  { held }: Observation,
): { heldSince: Date | null; heldBy: HeldBy[] | null } {
  if (!held) return { heldSince: null, heldBy: null };
  const heldBy = held.gates.map(({ mayAnswer: _, ...gate }) => gate);
  const since = held.since ? new Date(held.since) : (row.heldSince ?? (sql`now()` as unknown as Date));
  return { heldSince: since, heldBy };
}

/**
 * The clock of a status stands while the provider itself says that the run has not begun (a runner, an earlier run), or
 * that it waits for people; it begins anew when they have answered. While it says that the run goes on, nothing here ends
 * it for a day: the next one would be sent beside it.
 */
export function patience(row: DeploymentRow, seen: Observation, atGallery: boolean): { deadlineAt?: Date } {
  const { status } = row;
  if (!isRunning(status)) return {};
  const goesOn = seen.phase === 'unrecognised' ? {} : stands(DEADLINE_MS[status] / 1000);
  // What lies at a gallery cannot be called off: its end counts, however long the gallery takes.
  if (status === 'cancelling' && !atGallery) return goesOn;
  const inSeconds = (seconds: number) => ({
    deadlineAt: sql`now() + make_interval(secs => ${seconds})` as unknown as Date,
  });
  if (seen.held) {
    const since = seen.held.since ?? row.heldSince?.toISOString() ?? null;
    const provider = sql`coalesce(${since}::timestamptz, now()) + make_interval(days => ${HELD_DAYS})`;
    const deadlineAt = sql`greatest(${provider}, now() + make_interval(days => ${SILENT_DAYS}))` as unknown as Date;
    return { deadlineAt };
  }
  const hasNotBegun = seen.phase === 'waiting' || seen.phase === 'queued';
  return hasNotBegun || row.heldSince !== null ? inSeconds(DEADLINE_MS[status] / 1000) : goesOn;
}

/** The timeline says when the run came to stand before people and when it went on. */
export async function tellHeld(tx: Tx, ctx: ServiceContext, row: DeploymentRow, seen: Observation): Promise<void> {
  const before = row.heldBy?.map(({ id }) => id).join() ?? null;
  const after = seen.held?.gates.map(({ id }) => id).join() ?? null;
  if (before === after) return;
  const sentence = seen.held
    ? waitingSentence(seen.waitingFor ?? 'people at the provider')
    : 'The provider let the run go on.';
  await publish(tx, {
    topic: 'deployment',
    kind: seen.held ? 'held' : 'let_go',
    deploymentId: row.id,
    targetId: row.targetId,
    actorName: ctx.actor.name,
    data: { sentence },
  });
}
