import { asc, isNotNull } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { sightings } from '@/lib/db/schema';
import type { HostHold } from '../model/view';
import { type Backlog, type Estate, heldBackAt, readStanding, scopeOf } from './held-back';

/** Hosts that let no new build go live by themselves, as the last looks found them: nobody is asked here. */
export async function readHostHolds(db: DbOrTx, estate: Estate, known: Omit<Backlog, 'queued'>): Promise<HostHold[]> {
  const rows = await db
    .select()
    .from(sightings)
    .where(isNotNull(sightings.heldSince))
    .orderBy(asc(sightings.heldSince), asc(sightings.targetId));
  const held = rows.filter(({ targetId }) => estate.targets.has(targetId));
  const queued = await readStanding(
    db,
    held.map(({ targetId }) => targetId),
  );
  return held.map(({ targetId, heldSince, heldSentence, lookedAt, source, remoteUrl }) => ({
    targetId,
    scope: scopeOf(estate, { environmentId: null, componentId: null, targetId }),
    sentence: heldSentence ?? '',
    since: (heldSince ?? new Date(0)).toISOString(),
    seenAt: (lookedAt ?? heldSince ?? new Date(0)).toISOString(),
    url: source === 'provider' ? remoteUrl : null,
    heldBack: heldBackAt(estate, targetId, { ...known, queued }),
  }));
}
