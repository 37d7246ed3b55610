import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { goesBack } from '@/lib/deployments/server/hold';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { capability, type DeploymentNote, ProviderError, type RecordRef } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { wordsOf } from '../model/note';
import { outcomeOf, type Trouble } from '../model/outcome';
import { ClaimLost } from './claims';
import { asking, claimNotes, discoverNotes, type NoteRow, releaseNote } from './note-claims';
import { load } from './tell';
import { linkOf, troubleOf } from './way';

const AT_ONCE = 4;

/**
 * Writes down, where deployed things are measured, what has gone live. From our own tables alone, so that it may be killed
 * anywhere; no deployment waits for it. Any number of processes may do this at once. Returns how many were looked at.
 */
export async function notesDue(ctx: ServiceContext): Promise<number> {
  await discoverNotes(ctx);
  const claimed = await claimNotes(ctx, AT_ONCE);
  await Promise.all(claimed.map((row) => noteOne(ctx, row)));
  return claimed.length;
}

async function noteOne(ctx: ServiceContext, row: NoteRow): Promise<void> {
  // What this pass itself has asked for may be there, whatever it met after that.
  const so = { shown: row.askedAt !== null };
  try {
    const record = await write(ctx, row, () => {
      so.shown = true;
    });
    const found = { state: 'done', remoteId: record.id, remoteUrl: record.url, code: null, sentence: null } as const;
    await releaseNote(ctx, row, { ...found, writtenAt: sql`now()` }, null);
  } catch (error) {
    if (error instanceof ClaimLost) return;
    await keepTrouble(ctx, row, error, so.shown).catch((lost) => {
      if (!(lost instanceof ClaimLost)) throw lost;
    });
  }
  await showChange(ctx, row);
}

/** It is always looked for first: an answer may have been lost, and a restored database knows nothing of it either. */
async function write(ctx: ServiceContext, row: NoteRow, onAsking: () => void): Promise<RecordRef> {
  const note = await noteOf(ctx, row);
  const { provider, context } = await ctx.openConnection(row.connectionId, 'announce');
  const notes = capability(provider, 'notes');
  const there = await notes.find(context, note);
  if (there) return there;
  await asking(ctx, row);
  onAsking();
  return notes.create(context, note);
}

async function noteOf(ctx: ServiceContext, { deploymentId, scope }: NoteRow): Promise<DeploymentNote> {
  const about = await load(ctx, deploymentId);
  if (!about) throw new ServiceError('notFound', 'deployment_not_found', 'The deployment is not there any more.');
  const { deployment, component, environment } = about;
  const { sha, number, requestedAt, submittedAt, providerDoneAt, finishedAt } = deployment;
  const words = wordsOf({ number, sha, component, environment, goesBack: await goesBack(ctx.db, deployment) });
  return {
    ...{ ...words, marker: deploymentId, sha, scope, environment: environment.slug, link: linkOf(deploymentId) },
    startedAt: (submittedAt ?? requestedAt).getTime(),
    liveAt: (providerDoneAt ?? finishedAt ?? requestedAt).getTime(),
  };
}

async function keepTrouble(ctx: ServiceContext, row: NoteRow, error: unknown, asked: boolean): Promise<void> {
  const { trouble, code, sentence } = wordsFor(row, error);
  // What was refused was not made, so nobody need look for it.
  const shown = asked && !(trouble.kind === 'refused' && row.askedAt === null);
  const { state, seconds, failed } = outcomeOf([{ shown, trouble }], { tries: row.tries, last: true });
  const ended = state === 'left' || state === 'done' ? 'dead' : state;
  const patch = { state: ended, code, sentence: sentence.slice(0, 500), tries: failed ? row.tries : row.tries - 1 };
  await releaseNote(ctx, row, { ...patch, ...(shown ? {} : { askedAt: null }) }, seconds);
}

function wordsFor(row: NoteRow, error: unknown): { trouble: Trouble; code: string; sentence: string } {
  if (error instanceof ProviderError) return troubleOf(error);
  if (error instanceof ServiceError)
    return { trouble: { kind: 'refused' }, code: error.code, sentence: error.sentence };
  const { deploymentId, connectionId } = row;
  log.error('a deployment could not be written down', { deploymentId, connectionId, ...describeError(error) });
  const sentence = 'This console stumbled over it; its log says where. Report it.';
  return { trouble: { kind: 'passing', ambiguous: false }, code: 'console_bug', sentence };
}

/** Whoever has the deployment's page open sees it; the timeline does not grow. */
async function showChange(ctx: ServiceContext, { deploymentId }: NoteRow): Promise<void> {
  const about = await load(ctx, deploymentId);
  if (!about) return;
  const topic = { topic: 'deployment', kind: 'progress', deploymentId, targetId: about.target.id } as const;
  await publish(ctx.db, { ...topic, actorName: ctx.actor.name });
}
