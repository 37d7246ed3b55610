import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { personalCredentials, users } from '@/lib/db/schema';

import { ServiceError } from '@/lib/kernel/errors';
import { Secret } from '@/lib/kernel/secret';
import { type CredentialReport, ProviderError } from '@/lib/providers/port';
import type { ownTokenInput } from '../model/own-token';
import { requireReachable } from './own-token-list';
import { asPerson, ownBinding, requireSelf } from './own-token-open';
import { lockConnection } from './rows';
import { type ConnectionSettings, connectionSettings } from './settings';
import { seal } from './vault';

/**
 * Stores a person's own token, after the provider has said whose it is. What was there before is replaced. Throws
 * `own_token_refused` when the provider does not take it.
 */
export async function storeOwnToken(
  ctx: ServiceContext,
  input: z.output<typeof ownTokenInput>,
  settings: ConnectionSettings = connectionSettings(),
): Promise<{ login: string; last4: string }> {
  const person = requireSelf(ctx.actor);
  const asked = await requireReachable(ctx, input.connectionId);
  const token = new Secret(input.token);
  const report = await askWhose(ctx, input.connectionId, token);
  return await ctx.db.transaction(async (tx) => {
    const row = await lockConnection(tx, input.connectionId);
    if (row.origin !== asked.origin) throw movedMeanwhile();
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
export async function askWhose(ctx: ServiceContext, connectionId: string, token?: Secret): Promise<CredentialReport> {
  const { provider, context } = await asPerson(ctx, connectionId, token);
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

const movedMeanwhile = () =>
  new ServiceError(
    'precondition',
    'changed_meanwhile',
    'Somebody gave this connection another address meanwhile, so nothing was stored. Look at where it leads now, then enter the token again.',
  );

/** Whoever was shut out while the provider was asked leaves nothing behind. */
async function requireActive(tx: Tx, userId: string): Promise<void> {
  const [user] = await tx.select({ disabledAt: users.disabledAt }).from(users).where(eq(users.id, userId)).for('share');
  if (!user || user.disabledAt)
    throw new ServiceError('forbidden', 'disabled', 'You are shut out of this console. Ask an administrator.');
}
