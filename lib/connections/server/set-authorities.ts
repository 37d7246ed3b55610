import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { connections } from '@/lib/db/schema';
import { authoritiesInWords } from '../model/authority';
import type { setAuthoritiesInput } from '../model/schemas';
import { authorityColumns, readAuthorities, requireOwnServer } from './authorities';
import { record } from './record';
import { lockConnection, providerOf } from './rows';
import { connectionSettings } from './settings';
import { changedMeanwhile } from './update';

/** Who vouches for the server from the next request on; empty: the usual authorities again. The credential stays. */
export async function setAuthorities(
  ctx: ServiceContext,
  input: z.output<typeof setAuthoritiesInput>,
  settings = connectionSettings(),
): Promise<{ version: number }> {
  requirePermission(ctx.actor, 'connection.manage', null);
  const read = input.authorities === null ? null : readAuthorities(input.authorities, ctx.clock.now());
  return await ctx.db.transaction(async (tx) => {
    const row = await lockConnection(tx, input.id);
    if (row.version !== input.version) throw changedMeanwhile();
    if (read) requireOwnServer(providerOf(row.providerId));
    const version = row.version + 1;
    const columns = authorityColumns(settings.keys, row, read);
    await tx
      .update(connections)
      .set({ ...columns, version })
      .where(eq(connections.id, row.id));
    await record(tx, ctx, row.id, {
      verb: 'set-authorities',
      sentence: read
        ? `“${row.name}” takes certificates of ${authoritiesInWords(read.facts)} and of nobody else at ${row.origin}.`
        : `“${row.name}” takes certificates of the usual authorities again at ${row.origin}.`,
      data: { before: row.authorities ?? [], after: read?.facts ?? [] },
    });
    return { version };
  });
}
