import { and, eq, isNotNull, ne, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { connections } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { record } from './record';

/** No to the credential itself. No to one repository may mean that it is not there. */
const REFUSED = new Set(['credential_refused', 'sign_in_denied']);

export function isRefusedCredential(error: ProviderError): boolean {
  return error.kind === 'auth' && REFUSED.has(error.code);
}

/**
 * Keeps that a credential was refused while it was used, as a check would have: the doctor then tells it to everybody, not
 * to one reader alone. Once; a credential of a minute ago is not blamed for an answer that the one before it was given.
 */
export async function noteRefused(ctx: ServiceContext, connectionId: string, error: unknown): Promise<void> {
  if (!(error instanceof ProviderError) || !isRefusedCredential(error)) return;
  const said = JSON.stringify({ ok: false, scopes: [], problems: [error.message], expiresAt: null });
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(connections)
      .set({
        state: 'failing',
        checkedAt: sql`now()`,
        report: sql`jsonb_build_object('account', coalesce(${connections.report}->>'account', ''), 'before', ${connections.report}) || ${said}::jsonb`,
      })
      .where(
        and(
          eq(connections.id, connectionId),
          ne(connections.state, 'failing'),
          isNotNull(connections.sealedCredential),
          sql`coalesce(${connections.credentialAt}, ${connections.createdAt}) < now() - interval '1 minute'`,
        ),
      )
      .returning({ name: connections.name });
    if (!row) return;
    await record(tx, ctx, connectionId, {
      verb: 'refused',
      outcome: 'failed',
      code: 'credential_problem',
      sentence: `“${row.name}” does not work any more, seen while it was used: ${error.message}`,
      data: { problems: [error.message] },
    });
  });
}

/** So long a token that was made before goes on working, whatever has become of its credential. */
const PROVES_AFTER = '1 hour';

/**
 * Takes back what `noteRefused` kept, once something was read with the credential again: a passing refusal is no lasting fault.
 * What a check found is a check's to change.
 */
export async function noteWorks(ctx: ServiceContext, connectionId: string): Promise<void> {
  const before = sql`nullif(${connections.report}->'before', 'null'::jsonb)`;
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(connections)
      .set({ report: before, state: sql`case when ${before} is null then 'unchecked' else 'ok' end` })
      .where(
        and(
          eq(connections.id, connectionId),
          eq(connections.state, 'failing'),
          sql`${connections.report} ? 'before' and ${connections.checkedAt} < now() - ${PROVES_AFTER}::interval`,
        ),
      )
      .returning({ name: connections.name });
    if (!row) return;
    const sentence = `“${row.name}” works again, seen while it was used.`;
    await record(tx, ctx, connectionId, { verb: 'works', sentence });
  });
}
