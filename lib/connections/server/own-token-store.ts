import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { EnteredToken, ServiceContext, Tx } from '@/lib/auth/context';
import { personalCredentials, users } from '@/lib/db/schema';

import { ServiceError } from '@/lib/kernel/errors';
import { Secret } from '@/lib/kernel/secret';
import { type CredentialReport, ProviderError } from '@/lib/providers/port';
import type { ownTokenInput } from '../model/own-token';
import { requireReachable } from './own-token-list';
import { asPerson, ownBinding, requireAddress, requireSelf } from './own-token-open';
import { lockConnection } from './rows';
import { type ConnectionSettings, connectionSettings } from './settings';
import { seal } from './vault';

/**
 * Stores a person's own token, after the provider has said whose it is. What was there before is replaced. Throws
 * `own_token_refused` when the provider does not take it, `changed_meanwhile` when the connection does not lead any more to
 * the address that the person was shown: then nothing was sent either.
 */
export async function storeOwnToken(
  ctx: ServiceContext,
  input: z.output<typeof ownTokenInput>,
  settings: ConnectionSettings = connectionSettings(),
): Promise<{ login: string; last4: string }> {
  const person = requireSelf(ctx.actor);
  requireAddress(await requireReachable(ctx, input.connectionId), input.origin);
  const token = new Secret(input.token);
  const report = await askWhose(ctx, input.connectionId, { token, origin: input.origin });
  return await ctx.db.transaction(async (tx) => {
    const row = await lockConnection(tx, input.connectionId);
    requireAddress(row, input.origin);
    await requireActive(tx, person.id);
    const values = {
      sealedCredential: seal(settings.keys, token.reveal(), ownBinding(person.id, row)),
      last4: token.last4,
      login: report.account,
      problems: report.problems.slice(0, 10),
      accepted: true,
      checkedAt: sql`now()` as unknown as Date,
      expiresAt: report.expiresAt ? new Date(report.expiresAt) : null,
      createdAt: sql`now()` as unknown as Date,
    };
    await tx
      .insert(personalCredentials)
      .values({ userId: person.id, connectionId: row.id, ...values })
      .onConflictDoUpdate({ target: [personalCredentials.userId, personalCredentials.connectionId], set: values });
    await emitAudit(tx, ctx, {
      action: 'own-token.store',
      resource: { kind: 'connection', id: row.id },
      outcome: 'done',
      sentence: `${person.name} stored a token of their own for “${row.name}”; there it belongs to ${report.account}.`,
      data: { login: report.account, expiresAt: report.expiresAt, origin: row.origin },
    });
    return { login: report.account, last4: token.last4 };
  });
}

/** Whose it is, as the provider says now. */
export async function askWhose(
  ctx: ServiceContext,
  connectionId: string,
  entered?: EnteredToken,
): Promise<CredentialReport> {
  const { provider, context } = await asPerson(ctx, connectionId, entered);
  try {
    return await provider.verifyCredential(context);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'auth') throw error;
    throw new ServiceError(
      'invalid',
      'own_token_refused',
      `${provider.manifest.label} refuses this token: it is wrong, has expired or was revoked. Make a new one there and enter that.`,
      { token: 'Refused. Enter another.' },
    );
  }
}

/** Whoever was shut out while the provider was asked leaves nothing behind. */
async function requireActive(tx: Tx, userId: string): Promise<void> {
  const [user] = await tx.select({ disabledAt: users.disabledAt }).from(users).where(eq(users.id, userId)).for('share');
  if (!user || user.disabledAt)
    throw new ServiceError('forbidden', 'disabled', 'You are shut out of this console. Ask an administrator.');
}
