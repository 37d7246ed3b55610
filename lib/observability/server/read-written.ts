import 'server-only';
import { asc, eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { connections, deploymentNotes } from '@/lib/db/schema';
import { catalog } from '@/lib/providers/catalog.generated';
import type { Written } from '../model/verdict-view';

/** Where a deployment was written down, and where not, with why. */
export async function readWritten(db: DbOrTx, deploymentId: string): Promise<Written[]> {
  const rows = await db
    .select({ note: deploymentNotes, name: connections.name, providerId: connections.providerId })
    .from(deploymentNotes)
    .innerJoin(connections, eq(connections.id, deploymentNotes.connectionId))
    .where(eq(deploymentNotes.deploymentId, deploymentId))
    .orderBy(asc(connections.name));
  return rows.map(({ note, name, providerId }) => {
    const traits = Object.hasOwn(catalog, providerId) ? catalog[providerId]?.capabilities.notes : undefined;
    const to = traits ? `${traits.to} (${name})` : name;
    if (note.state === 'done')
      return { ok: true, sentence: `${to} has ${traits?.writes ?? 'a note'} of it.`, url: note.remoteUrl || null };
    if (note.state !== 'open')
      return { ok: false, sentence: `${to} was not told. ${note.sentence ?? ''}`.trim(), url: null };
    const why = note.sentence ? `${note.sentence} It is tried again` : 'It is its turn within seconds';
    const sentence = `${to} was not told yet. ${why}; the deployment does not wait for it.`;
    return { ok: note.sentence === null, sentence, url: null };
  });
}
