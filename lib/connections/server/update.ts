import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { isUniqueViolation } from '@/lib/db/errors';
import { connections, quotas } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { requireOwnPlaces } from '@/lib/targets/server/own-place';
import type { setCredentialInput, updateConnectionInput } from '../model/schemas';
import { credentialColumns, nameTaken, requireKind } from './create';
import { normaliseOrigin } from './origin';
import { removeOwnTokensAt } from './own-token-remove';
import { record } from './record';
import { lockConnection, providerOf } from './rows';
import { connectionSettings } from './settings';

export const changedMeanwhile = () =>
  new ServiceError(
    'precondition',
    'changed_meanwhile',
    'Somebody changed this connection meanwhile. Reload to see how it is now, then try again.',
  );

/** What a credential that must be entered again leaves behind: nothing. */
const WIPED = {
  sealedCredential: null,
  credentialLast4: '',
  credentialAt: null,
  credentialSince: null,
  tokenOrigin: null,
  sealedWebhookSecret: null,
  sealedPreviousWebhookSecret: null,
  sealedAuthorities: null,
  authorities: null,
  state: 'unchecked',
  report: null,
  checkedAt: null,
} as const;

/**
 * Renames or re-addresses. Another address wipes every secret and the authorities: they were meant for the old one. Throws
 * `conflict` also where a target would become one place with another connection's there.
 */
export async function updateConnection(
  ctx: ServiceContext,
  input: z.output<typeof updateConnectionInput>,
  settings = connectionSettings(),
): Promise<{ version: number; credentialWiped: boolean }> {
  requirePermission(ctx.actor, 'connection.manage', null);
  const origin = normaliseOrigin(input.origin, settings.allowLoopbackHttp, settings.privateOrigins);
  try {
    return await ctx.db.transaction(async (tx) => {
      const before = await lockConnection(tx, input.id);
      if (before.version !== input.version) throw changedMeanwhile();
      const moved = before.origin !== origin;
      await tx
        .update(connections)
        .set({ name: input.name, origin, version: before.version + 1, ...(moved ? WIPED : {}) })
        .where(eq(connections.id, input.id));
      if (moved) await requireOwnPlaces(tx, ctx, { ...before, origin });
      if (moved) await tx.delete(quotas).where(eq(quotas.connectionId, input.id));
      const ownTokensRemoved = moved ? await removeOwnTokensAt(tx, input.id) : 0;
      await record(tx, ctx, input.id, {
        verb: 'update',
        sentence: moved
          ? `Moved “${input.name}” from ${before.origin} to ${origin}; its secrets were removed.`
          : `Renamed “${before.name}” to “${input.name}”.`,
        data: {
          before: { name: before.name, origin: before.origin },
          after: { name: input.name, origin },
          ownTokensRemoved,
        },
      });
      return { version: before.version + 1, credentialWiped: moved };
    });
  } catch (error) {
    throw isUniqueViolation(error, 'connections_name_key') ? nameTaken(input.name) : error;
  }
}

/** Write-only: replaces the credential; what was there cannot be read back by anybody. */
export async function setCredential(
  ctx: ServiceContext,
  input: z.output<typeof setCredentialInput>,
  settings = connectionSettings(),
): Promise<{ last4: string }> {
  requirePermission(ctx.actor, 'connection.manage', null);
  return await ctx.db.transaction(async (tx) => {
    const row = await lockConnection(tx, input.id);
    requireKind(providerOf(row.providerId), input.credential.kind);
    const columns = credentialColumns(settings, row, input.credential);
    await tx
      .update(connections)
      .set({
        ...columns,
        credentialSince: sql`coalesce(${connections.credentialSince}, now())`,
        ...{ state: 'unchecked', report: null, checkedAt: null, version: sql`${connections.version} + 1` },
      })
      .where(eq(connections.id, row.id));
    // The old account's silence does not bind the new one.
    await tx.delete(quotas).where(eq(quotas.connectionId, row.id));
    await record(tx, ctx, row.id, {
      verb: 'set-credential',
      sentence: `Entered a new credential for “${row.name}”.`,
      data: { credentialKind: input.credential.kind },
    });
    return { last4: columns.credentialLast4 };
  });
}
