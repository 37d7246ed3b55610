import { sql } from 'drizzle-orm';
import type { AnnouncedState, RecordRef, WantedRecord } from '@/lib/providers/port';
import type { Trouble } from '../model/outcome';
import { environmentName, isShut, mayFollow, skipFor, UNREAD_NOTE, unreadNote } from '../model/tell';
import { type AnnouncementRow, stillMine, write } from './claims';
import { type About, type Ask, placeOf, saidOf, type Told, troubleOf, type Way, whyShut } from './way';

/** One that was asked for may be there: its answer was lost, or nobody lived to hear it. */
const isShown = ({ remoteId, askedAt }: AnnouncementRow) => remoteId !== null || askedAt !== null;
const wayOf = (row: AnnouncementRow, trouble: Trouble | null = null): Way => ({ row, shown: isShown(row), trouble });

/** Makes the record where there is none, and says at it how things stand. Throws `ClaimLost`, and mistakes of our own. */
export async function sayAtRecord(told: Told, ask: Ask, wanted: AnnouncedState): Promise<Way> {
  const { ctx, row } = told;
  if (isShut({ shown: isShown(row), code: row.code })) return wayOf(row, whyShut(row.code));
  // What was called off before anybody was told stays untold.
  if (!mayFollow(row.said, wanted) || (!isShown(row) && wanted === 'inactive')) return wayOf(row);
  // What it has become so far: what was made before the trouble is there to be made true as well.
  const now = { ...row };
  try {
    const record = await recordFor({ ...told, row: now }, ask, wanted);
    if (record === null) return wayOf(now, now.code === null ? null : whyShut(now.code));
    await stillMine(ctx, row);
    await ask.methods.say(ask.context, told.about.deployment.config, record, saidOf(told.about, wanted));
    const kept = now.code === UNREAD_NOTE ? {} : { code: null, sentence: null };
    await write(ctx.db, row, { said: wanted, saidAt: sql`now()`, ...kept });
    return wayOf({ ...now, ...kept, said: wanted });
  } catch (error) {
    const { trouble, ...words } = troubleOf(error);
    await write(ctx.db, row, words);
    return wayOf({ ...now, ...words }, trouble);
  }
}

/**
 * The record that is there, or a new one; null where none is made, with the reason in the row. It is always looked for first:
 * a restored database knows nothing of it either. Keeps in `row` what it writes.
 */
async function recordFor({ ctx, row, about }: Told, ask: Ask, state: AnnouncedState): Promise<RecordRef | null> {
  if (row.remoteId !== null) return { id: row.remoteId, url: row.remoteUrl ?? '' };
  const keep = async (patch: Partial<AnnouncementRow>) => {
    await write(ctx.db, row, patch);
    Object.assign(row, patch);
  };
  const wanted = wantedOf(about);
  const there = await ask.methods.find(ask.context, about.deployment.config, wanted);
  if (there === null) {
    // The provider has had its time to list it: what was asked for was not made.
    if (state === 'inactive') return keep({ askedAt: null, code: null, sentence: null }).then(() => null);
    const skip = await skipOf(ask, about, keep);
    if (skip) return keep({ ...skip, askedAt: null }).then(() => null);
    await stillMine(ctx, row, { record: true });
    row.askedAt = new Date();
  }
  const record = there ?? (await create(ask, about, wanted, () => keep({ askedAt: null })));
  await keep({ remoteId: record.id, remoteUrl: record.url });
  return record;
}

async function skipOf(ask: Ask, about: About, keep: (patch: Partial<AnnouncementRow>) => Promise<void>) {
  const { config, sha, ref: name, refKind } = about.deployment;
  const ref = `refs/${refKind === 'branch' ? 'heads' : 'tags'}/${name}`;
  const obstacles = await ask.methods.obstacles(ask.context, config, { sha, ref });
  const skip = skipFor(obstacles, ask.to);
  const note = skip ? null : unreadNote(obstacles);
  if (note) await keep(note);
  return skip;
}

/** What was refused was not made, so nobody need look for it. */
async function create(ask: Ask, about: About, wanted: WantedRecord, refused: () => Promise<void>): Promise<RecordRef> {
  try {
    return await ask.methods.create(ask.context, about.deployment.config, wanted);
  } catch (error) {
    if (troubleOf(error).trouble.kind === 'refused') await refused();
    throw error;
  }
}

export function wantedOf(about: About): WantedRecord {
  const { deployment, environment, component } = about;
  return {
    marker: deployment.id,
    sha: deployment.sha,
    environment: environmentName(placeOf(about)),
    isProduction: environment.isProduction,
    title: `#${deployment.number}`,
    description: `#${deployment.number}: ${component.name} to ${environment.name}`,
  };
}
