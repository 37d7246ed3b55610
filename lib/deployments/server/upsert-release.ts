import { and, eq } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { releases } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import { versionOf } from '../model/version';
import type { NewDeployment } from './request';

/** The release of this commit, written where it is new. */
export async function upsertRelease(
  tx: Tx,
  wanted: Pick<NewDeployment, 'loaded' | 'revision' | 'head'>,
): Promise<string> {
  const { revision, head } = wanted;
  const values = {
    id: newId('rel'),
    componentId: wanted.loaded.component.id,
    version: versionOf(revision),
    sha: revision.sha,
    ref: revision.ref,
    message: head.message.slice(0, 2000),
    author: head.author,
    committedAt: momentOf(head.authoredAt),
  };
  await tx.insert(releases).values(values).onConflictDoNothing();
  const [row] = await tx
    .select({ id: releases.id, committedAt: releases.committedAt })
    .from(releases)
    .where(and(eq(releases.componentId, values.componentId), eq(releases.sha, values.sha)));
  if (!row) throw new Error('The release was not written.');
  const { committedAt } = values;
  // Of before that was kept, or read when the provider did not say.
  if (!row.committedAt && committedAt) await tx.update(releases).set({ committedAt }).where(eq(releases.id, row.id));
  return row.id;
}

/** A commit says any time that its author likes: what no calendar here holds is not known, and keeps nobody from deploying. */
function momentOf(text: string | undefined): Date | null {
  const at = new Date(text ?? '');
  const year = at.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? at : null;
}
