import { sql } from 'drizzle-orm';
import type { AnnouncedState, MarkForm } from '@/lib/providers/port';
import { isNotThere, isShownAtCommit, type MarkStep, markStep } from '../model/mark';
import type { Trouble } from '../model/outcome';
import { contextName, markSkipFor } from '../model/tell';
import { type AnnouncementRow, stillMine, write } from './claims';
import { consoleId } from './console-id';
import { hasNewerMark, olderTold, sayNewerAgain, sayOlderAgain } from './newest-mark';
import { type Ask, placeOf, saidOf, type Told, troubleOf, type Way, whyShut } from './way';

type Subject = Parameters<typeof sayOlderAgain>[1];

const wayOf = (row: AnnouncementRow, trouble: Trouble | null = null): Way => ({
  ...{ row, trouble },
  shown: isShownAtCommit(row),
});

/**
 * Says at the commit how things stand, as a status or a check, unless a newer deployment has the say there. Throws `ClaimLost`,
 * and our own mistakes.
 */
export async function sayAtCommit(told: Told, ask: Ask & { as: MarkForm }, wanted: AnnouncedState): Promise<Way> {
  const { row, about } = told;
  // One name and one form for as long as it is told, whatever the target is called and wants by then.
  const begun = row.markName === null ? null : { name: row.markName, as: row.markAs };
  const subject = { ...about, ...(begun ?? { name: contextName(placeOf(about)), as: ask.as }) };
  const step = await stepOf(told, subject, wanted);
  if (step.kind === 'shut') return wayOf(row, whyShut(row.markCode));
  if (step.kind === 'rest') return wayOf(row);
  if (step.kind === 'yield') return wayOf(await keep(told, { marked: 'inactive', ...NO_TROUBLE }));
  const word = step.kind === 'say' ? step.word : 'inactive';
  if (step.kind === 'give_back' && (await giveBack(told, subject))) return wayOf({ ...row, marked: word });
  return say(told, ask, { subject, word, wanted });
}

const NO_TROUBLE = { markCode: null, markSentence: null };

/** Whether there is an older one is found out by giving it the say. */
async function stepOf({ ctx, row, about }: Told, subject: Subject, wanted: AnnouncedState): Promise<MarkStep> {
  const facts = { status: about.deployment.status, wanted };
  const alone = markStep(row, facts, { newer: false, older: true });
  if (alone.kind !== 'say' && alone.kind !== 'give_back') return alone;
  return markStep(row, facts, { newer: await hasNewerMark(ctx, subject), older: true });
}

async function say(
  told: Told,
  ask: Ask,
  { subject, word, wanted }: { subject: Subject; word: AnnouncedState; wanted: AnnouncedState },
): Promise<Way> {
  const { ctx, row, about } = told;
  const { config, sha } = about.deployment;
  let asked = false;
  try {
    const skip = isShownAtCommit(row)
      ? null
      : markSkipFor(await ask.methods.markObstacles(ask.context, config, subject.as), ask.to, subject.as);
    if (skip) return wayOf(await keep(told, { markCode: skip.code, markSentence: skip.sentence }), whyShut(skip.code));
    await stillMine(ctx, row, { markName: subject.name, markAs: subject.as });
    asked = true;
    const said = saidOf(about, word, wanted);
    if (subject.as === 'check') {
      const ours = { console: await consoleId(ctx.db), olderMarkers: await olderTold(ctx, subject) };
      const check = { sha, name: subject.name, marker: about.deployment.id, ...ours };
      await ask.methods.check(ask.context, config, check, said);
    } else await ask.methods.mark(ask.context, config, sha, subject.name, said);
  } catch (error) {
    const { trouble, code, sentence } = troubleOf(error);
    const words = { markCode: code, markSentence: sentence };
    if (!asked) return wayOf(await keep(told, words), trouble);
    if (isNotThere(row, trouble)) return wayOf(await setFree(told, subject, words), trouble);
    return wayOf({ ...(await keep(told, words)), markName: subject.name }, trouble);
  }
  const marked = { marked: word, saidAt: sql`now()`, ...NO_TROUBLE };
  await write(ctx.db, row, marked);
  await sayNewerAgain(ctx, subject);
  return wayOf({ ...row, ...marked, markName: subject.name, saidAt: row.saidAt });
}

/** False: there is no older one. */
function giveBack({ ctx, row }: Told, subject: Subject): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const isTaken = await sayOlderAgain(tx, subject, { named: true });
    if (isTaken) await write(tx, row, { marked: 'inactive', ...NO_TROUBLE });
    return isTaken;
  });
}

/** Whoever was silent meanwhile, because ours might have been there, says what there is to say. */
function setFree({ ctx, row }: Told, subject: Subject, words: Pick<AnnouncementRow, 'markCode' | 'markSentence'>) {
  return ctx.db.transaction(async (tx) => {
    await write(tx, row, { ...words, markName: null });
    await sayOlderAgain(tx, subject, { named: false });
    return { ...row, ...words };
  });
}

type Kept = Partial<Pick<AnnouncementRow, 'marked' | 'markCode' | 'markSentence'>>;

async function keep({ ctx, row }: Told, patch: Kept): Promise<AnnouncementRow> {
  await write(ctx.db, row, patch);
  return { ...row, ...patch };
}
