import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { announcements } from '@/lib/db/schema';
import type { AnnouncedState } from '@/lib/providers/port';
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
  if (row.code === null) return words ? { to, tone: 'good', sentence: words, url: row.remoteUrl, at } : null;
  const skipped = row.code === 'own_record' || row.code === 'triggers';
  const before = words ?? (skipped ? '' : `${to} was not told.`);
  const after = row.state === 'open' && !skipped ? ' It is tried again; the deployment does not wait for it.' : '';
  const sentence = `${before} ${row.sentence ?? ''}${after}`.trim();
  return { to, tone: skipped ? 'neutral' : 'warn', sentence, url: row.remoteUrl, at };
}
