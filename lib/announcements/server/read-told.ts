import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { announcements, targets } from '@/lib/db/schema';
import type { AnnouncedState } from '@/lib/providers/port';
import { isSkipped, UNREAD_NOTE } from '../model/tell';
import type { ToldView } from '../model/view';

type Row = typeof announcements.$inferSelect;

const WORDS: Record<AnnouncedState, string> = {
  queued: 'queued',
  in_progress: 'in progress',
  success: 'live',
  failure: 'failed',
  error: 'errored',
  inactive: 'not active any more',
};

/** What stands at the commit although a check is wanted. */
function inPlace({ tell, markName, markAs }: Pick<Row, 'markName' | 'markAs'> & { tell: string | undefined }): string {
  const isStatus = tell === 'record_and_check' && markName !== null && markAs === 'status';
  return isStatus ? ' At the commit by a status, because only an App may write a check.' : '';
}

/** Null where nothing is told: the provider cannot show it, or nobody wants it. */
export async function readTold(db: DbOrTx, deploymentId: string, to: string | null): Promise<ToldView | null> {
  if (to === null) return null;
  const [found] = await db
    .select({ row: announcements, tell: targets.tell })
    .from(announcements)
    .innerJoin(targets, eq(targets.id, announcements.targetId))
    .where(eq(announcements.deploymentId, deploymentId));
  const { row, tell } = found ?? {};
  if (!row || row.code === 'off' || row.code === 'unsupported') return null;
  const said = row.said ?? row.marked;
  const at = row.saidAt?.toISOString() ?? null;
  const words = said ? `${to} was told: ${WORDS[said]}.${inPlace({ ...row, tell })}` : null;
  if (row.code === null && row.markCode === null)
    return words ? { to, tone: 'good', sentence: words, url: row.remoteUrl, at } : null;
  const quiet = [row.code, row.markCode].every((code) => code === null || isSkipped(code) || code === UNREAD_NOTE);
  const before = words ?? (quiet ? '' : `${to} was not told.`);
  const again = row.state === 'open' && row.nextTryAt !== null;
  const after = again ? 'It is tried again; the deployment does not wait for it.' : '';
  const atCommit = row.markSentence ? `At the commit: ${row.markSentence}` : '';
  const sentence = [before, row.sentence ?? '', atCommit, after].filter(Boolean).join(' ');
  return { to, tone: quiet ? 'neutral' : 'warn', sentence, url: row.remoteUrl, at };
}
