import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { announcements } from '@/lib/db/schema';
import type { AnnouncedState } from '@/lib/providers/port';
import { isLasting, isSkipped, UNREAD_NOTE } from '../model/tell';
import type { ToldView } from '../model/view';

const WORDS: Record<AnnouncedState, string> = {
  queued: 'queued',
  in_progress: 'in progress',
  success: 'live',
  failure: 'failed',
  error: 'errored',
  inactive: 'not active any more',
};

/** Null where nothing is told: the provider cannot show it, or nobody wants it. */
export async function readTold(db: DbOrTx, deploymentId: string, to: string | null): Promise<ToldView | null> {
  if (to === null) return null;
  const [row] = await db.select().from(announcements).where(eq(announcements.deploymentId, deploymentId));
  if (!row || row.code === 'off' || row.code === 'unsupported') return null;
  const said = row.said ?? row.marked;
  const at = row.saidAt?.toISOString() ?? null;
  const words = said ? `${to} was told: ${WORDS[said]}.` : null;
  if (row.code === null && row.markCode === null)
    return words ? { to, tone: 'good', sentence: words, url: row.remoteUrl, at } : null;
  const quiet = [row.code, row.markCode].every((code) => code === null || isSkipped(code) || code === UNREAD_NOTE);
  const before = words ?? (quiet ? '' : `${to} was not told.`);
  const again = row.state === 'open' && row.code !== null && !isLasting(row.code);
  const after = again ? 'It is tried again; the deployment does not wait for it.' : '';
  const atCommit = row.markSentence ? `At the commit: ${row.markSentence}` : '';
  const sentence = [before, row.sentence ?? '', atCommit, after].filter(Boolean).join(' ');
  return { to, tone: quiet ? 'neutral' : 'warn', sentence, url: row.remoteUrl, at };
}
